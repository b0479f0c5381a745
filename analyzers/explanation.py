"""Why an action is judged as it is: its effects in order, with the facts that held and where each came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated, Belongs, Claimed, Entitled, Fact, Owns, Role, Strength, Valid
from preship.analyzers.flow.origins import Caught, Input, Origin, Remote, Request, Secret, Session, Stored, Unfollowed
from preship.analyzers.flow.values import Array, Constant, Library, Object, Promise, Shape, Undefined, Unknown, Value
from preship.analyzers.rule import ActionFacts, Audience, Excused, Judged, Meant, Reserved, all_roles
from preship.analyzers.source.tree import Span

DEEPEST = 3
"""Objects inside objects that are spelled out."""


UNINTERESTING = frozenset(
    {
        EffectKind.LOG,
        EffectKind.PROOF,
        EffectKind.OWN,
        EffectKind.STOP,
        EffectKind.CLAIM,
        EffectKind.ASK,
        EffectKind.PARSE,
        EffectKind.SCREEN,
        EffectKind.FILTER,
    }
)


def explanation(facts: ActionFacts) -> Iterator[str]:
    """The lines that explain an action: `+` and `-` tell the facts that came and went since the line before."""
    name = f"route handler {facts.name_in_code}" if facts.address else facts.name or "inline action"
    yield f"{facts.path}:{facts.line}  {name}({', '.join(map(str, facts.parameters))})"
    if facts.public:
        yield f"  public: {facts.public}"
    elif facts.anonymous_effect() is not None:
        yield from (f"  almost  public: {each.why}; what is missing: {each.missing}" for each in facts.almost_public())
    if not facts.address:
        yield f"  meant for {meant_for(facts.audience())}"
    if (pages := facts.reserved()) is not None:
        yield f"  kept for a role: {kept(pages)}"
    known: frozenset[str] = frozenset()
    for effect in facts.effects:
        if effect.kind in UNINTERESTING:
            continue
        now = frozenset(facts_in_words(effect.facts))
        yield from explained(effect)
        yield from excuses_in_words(facts.excused(effect))
        yield from excuses_in_words(facts.excused_from_a_role(effect))
        yield from ids_in_words(facts.judged_ids(effect))
        if effect.kind is not EffectKind.UNSEEN:
            yield from (f"      + {word}" for word in sorted(now - known))
            yield from (f"      - {word}" for word in sorted(known - now))
            known = now


def meant_for(audience: Audience) -> str:
    """For whom an action is there, and what tells."""
    page = f"`{audience.page.route}` ({audience.page.path})" if audience.page is not None else ""
    if audience.meant is Meant.MEMBERS and audience.gate is not None:
        others = f", as the {audience.pages} pages do that use it" if audience.pages > 1 else ""
        return f"members: {page} asks for {audience.gate.asks} at {place(audience.gate.at)}{others}"
    if audience.meant is Meant.ANYBODY:
        return f"anybody: {page} uses it and is open"
    if audience.meant is Meant.UNKNOWN and page:
        return f"nobody knows: {page} is open, and so is every page"
    return {
        Meant.SERVER_CODE: "code of the server: routes and jobs use it, no page does",
        Meant.NOBODY: "nobody: nothing uses it",
    }.get(audience.meant, "nobody knows: what keeps visitors from the pages that use it could not be seen")


def kept(pages: Reserved) -> str:
    """What all pages ask for that use an action, and where."""
    words = " or ".join(pages.demand.words) or "one without a name"
    who = f"anybody but {words}" if pages.demand.is_refusal else words
    others = f", as the {pages.pages} pages do that use it" if pages.pages > 1 else ""
    return f"{who}, at {place(pages.demand.at)}{others}"


SPEAKERS = {
    Client.CALLER: ", with the caller's own credentials",
    Client.SIGNED_IN: ", with the caller's own credentials, which anybody with an account has",
    Client.UNSEEN: ", with the caller's own credentials, and who judges them is not in the repository",
}


def explained(effect: Effect) -> Iterator[str]:
    """One effect: where, what, with what, and what held."""
    where = place(effect.span)
    if effect.kind is EffectKind.RETURN:
        yield f"  {where}  returns {described(effect.data)}"
        return
    if effect.kind is EffectKind.THROW:
        yield f"  {where}  throws {described(effect.data)}"
        return
    what = f" ({effect.what})" if effect.what != effect.target else ""
    caller = SPEAKERS.get(effect.client, "")
    yield f"  {where}  {effect.kind} {effect.target}{what}{caller}"
    if effect.trail[1:]:
        yield f"      by way of {' > '.join(place(span) for span in effect.trail[1:])}"
    for word, value in (("key", effect.key), ("with", effect.data)):
        if value is not None:
            yield f"      {word:<8}{described(value)}"


def excuses_in_words(excused: Iterable[Excused]) -> Iterator[str]:
    """The excuse that applies, or those near, each with what is missing."""
    for each in excused:
        if each.missing is None:
            yield f"      excuse  {each.id}: {each.why}"
        else:
            yield f"      almost  {each.id}: {each.why}; what is missing: {each.missing}"


def ids_in_words(judged: Iterable[Judged]) -> Iterator[str]:
    """Each id that names a row of another table, and what is thought of it."""
    for each in judged:
        names = f" names {each.key.table.name}" if each.key.table is not None else ""
        verdict = each.excuse.why if each.excuse is not None else "nothing says that it is the caller's"
        yield f"      id      {each.key.column} of {in_words(each.origin)}{names}: {verdict}"
        yield from excuses_in_words(each.weighed())


def facts_in_words(facts: Collection[Fact]) -> Iterator[str]:
    """The facts on a path; the weaker ones that follow from stronger ones are left out."""
    for fact in facts:
        word = fact_in_words(fact, facts)
        if word:
            yield word


def fact_in_words(fact: Fact, all_facts: Collection[Fact]) -> str | None:
    """A fact as a phrase; None for what only ties values together, or follows from a stronger fact."""
    if isinstance(fact, Authenticated | Owns):
        if any(follows_from(fact, other) for other in all_facts):
            return None
        sure = "" if fact.strength is Strength.PROVEN else f" ({fact.strength.name.lower()})"
        subject = fact.source if isinstance(fact, Authenticated) else in_words(fact.subject)
        verb = "authenticated by" if isinstance(fact, Authenticated) else "the caller owns"
        return f"{verb} {subject}{sure}, {place(fact.by)}"
    if isinstance(fact, Belongs):
        return f"{in_words(fact.subject)} lies within {in_words(fact.to)}, {place(fact.by)}"
    if isinstance(fact, Role):
        return f"the role or permission {all_roles(fact.any_of)}, {place(fact.by)}"
    if isinstance(fact, Entitled):
        return f"some right, or something of the caller's, on each path, {place(fact.by)}"
    if isinstance(fact, Claimed):
        return f"claimed, not verified: {fact.source}, {place(fact.by)}"
    if isinstance(fact, Valid):
        return f"checked: {in_words(fact.subject)}, {place(fact.by)}"
    return None


def follows_from(fact: Authenticated | Owns, other: Fact) -> bool:
    """Whether a fact is only the weaker form of another."""
    if isinstance(fact, Authenticated):
        return isinstance(other, Authenticated) and other.strength > fact.strength
    return isinstance(other, Owns) and other.subject == fact.subject and other.strength > fact.strength


def place(span: Span) -> str:
    """`path:line`."""
    return f"{span.path}:{span.line}"


def described(value: Value | None, depth: int = 0) -> str:
    """A value in words: `{ id: input id, authorId: the session's user.id }`."""
    if value is None:
        return "nothing"
    found = list(dict.fromkeys(shape_in_words(a.shape, depth) for a in value.alternatives))
    return " or ".join(found) or "never"


def shape_in_words(shape: Shape, depth: int) -> str:
    """One alternative of a value."""
    if isinstance(shape, Constant):
        return "undefined" if isinstance(shape.value, Undefined) else repr(shape.value)
    if isinstance(shape, Unknown):
        return unknown_in_words(shape)
    if isinstance(shape, Object):
        if depth >= DEEPEST:
            return "{…}"
        fields = [f"{name}: {described(inner, depth + 1)}" for name, inner in shape.fields]
        rest = [f"...{described(shape.rest, depth + 1)}"] if shape.rest is not None else []
        return "{ " + ", ".join(fields + rest) + " }" if fields or rest else "{}"
    if isinstance(shape, Array):
        return f"[{described(shape.element, depth + 1)}]" if depth < DEEPEST else "[…]"
    if isinstance(shape, Promise):
        return f"a promise of {described(shape.value, depth)}"
    if isinstance(shape, Library):
        inner = [described(part, depth + 1) for part in shape.state if isinstance(part, Value)]
        return ".".join((shape.root, *shape.path)) + (f"({', '.join(inner)})" if inner and depth < DEEPEST else "")
    return f"a {type(shape).__name__.lower()}"


def unknown_in_words(shape: Unknown) -> str:
    """What is known of an unknown value: where it comes from."""
    origins = " and ".join(sorted(in_words(o) for o in shape.origins)) or "some value"
    return f"{origins}, parsed" if shape.is_checked and shape.origins else origins


def in_words(origin: Origin) -> str:
    """An origin in words."""
    if isinstance(origin, Input):
        return f"input {'.'.join((origin.parameter, *origin.path))}"
    if isinstance(origin, Session):
        sure = "the session's" if origin.is_verified else "the unverified session's"
        return f"{sure} {'.'.join(origin.path) or 'identity'}"
    if isinstance(origin, Stored):
        key = " and ".join(sorted(in_words(o) for o in origin.key)) or "nothing of the caller's"
        field = f"{'.'.join(origin.path)} of " if origin.path else ""
        return f"{field}{'the' if origin.is_exact else 'a'} {origin.model} found by {key}"
    if isinstance(origin, Request):
        return f"the {origin.kind} {origin.name}"
    if isinstance(origin, Secret):
        return f"the secret {origin.name}"
    if isinstance(origin, Remote):
        return f"the answer of {origin.host}"
    if isinstance(origin, Unfollowed):
        return f"could not see: {origin.why}"
    return "the caught error" if isinstance(origin, Caught) else f"the captured {origin.name}"
