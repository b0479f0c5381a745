"""What a caller can write into the texts that servers act on: statements, commands, paths, addresses, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from preship.analyzers.actions.returned import opens_something
from preship.analyzers.conventions.fields import REDIRECT_FIELD
from preship.analyzers.flow.collections import Filled
from preship.analyzers.flow.effects import CHOSEN, Client, Effect, EffectKind, Sink, Trait
from preship.analyzers.flow.facts import Case, Known, has_a_right_everywhere, owned_under
from preship.analyzers.flow.origins import Input, Origin, Request, Secret
from preship.analyzers.flow.texts import OURS, climbs_by, opening_of, opening_of_shape, written_by
from preship.analyzers.flow.values import Alternative, Object, Unknown, Value, origins_of, under


@dataclass(frozen=True, slots=True)
class Written:
    """A text of an effect into which the caller can write."""

    effect: Effect
    named_by: tuple[Input | Request, ...]
    """What carries the caller's words, sorted by name."""

    is_parsed: bool
    """Whether a schema admitted them, of which no more is known than that they are text."""


def statements(effects: Iterable[Effect]) -> Iterator[Written]:
    """SQL into whose text the caller writes."""
    effects = tuple(effects)
    for effect in effects:
        for found in written(effect, effect.data) if effect.kind is EffectKind.SQL else ():
            yield from without_ids(found, effects)


def filters(effects: Iterable[Effect]) -> Iterator[Written]:
    """Filters that a store reads from a text into which the caller writes; the first for each of their words."""
    effects, seen = tuple(effects), set[tuple[Input | Request, ...]]()
    for effect in effects:
        for each in written(effect, effect.data) if effect.kind is EffectKind.FILTER else ():
            for found in without_ids(each, effects):
                if found.named_by not in seen:
                    yield found
                seen.add(found.named_by)


def without_ids(found: Written, effects: Iterable[Effect]) -> Iterator[Written]:
    """A text into which the caller writes, without what was the id of a record by then: the store has made that."""
    ids = {id_of for e in found_before(found.effect, effects) for id_of in ids_in(e)}
    named_by = tuple(origin for origin in found.named_by if origin not in ids)
    if named_by:
        yield replace(found, named_by=named_by)


def found_before(effect: Effect, effects: Iterable[Effect]) -> Iterator[Effect]:
    """The look-ups that have found something where an effect is reached."""
    cases = (fact.choice for fact in effect.facts if isinstance(fact, Case) and fact.index == 0)
    there = {choice.list if isinstance(choice, Filled) else choice for choice in cases}
    return (e for e in effects if there & {(e.span, e.target), (e.span, e.what)})


OWN_ID = frozenset({"id", "_id"})
"""What stores call the id of a record that they make themselves."""


def ids_in(read: Effect) -> Iterator[Origin]:
    """What the caller sends that is the whole id by which a look-up asks for a record."""
    for a in read.key.alternatives if read.key is not None and read.kind is EffectKind.READ else ():
        for name, value in a.shape.fields if isinstance(a.shape, Object) else ():
            found = origins_of(value)
            if len(found) == 1 and name in OWN_ID:
                yield from found


def finds_more(effect: Effect) -> bool:
    """Whether other conditions find what their caller may not read anyway: with rights of the server's, for no role."""
    return effect.client is Client.SERVER and not has_a_right_everywhere(effect.facts)


def commands(effects: Iterable[Effect]) -> Iterator[Written]:
    """Commands into whose line the caller writes."""
    for effect in effects:
        if effect.sink is Sink.COMMAND:
            yield from written(effect, effect.key)


def code(effects: Iterable[Effect]) -> Iterator[Written]:
    """Evaluated code into which the caller writes, and files that are loaded once their text is written in."""
    files: list[Effect] = []
    for effect in effects:
        if effect.kind is EffectKind.FILE:
            files.append(effect)
        elif effect.kind is EffectKind.LOAD:
            for file in (each for each in files if may_be_one_file(each.key, effect.key)):
                yield from (replace(found, effect=effect) for found in written(file, file.data))
        if effect.sink is Sink.CODE:
            yield from written(effect, effect.key)


def may_be_one_file(first: Value | None, second: Value | None) -> bool:
    """Whether two paths are one, or both begin where only the run tells."""
    if first is None or second is None:
        return False
    return first == second or (opening_of(first).startswith(OURS) and opening_of(second).startswith(OURS))


def paths(effects: Iterable[Effect]) -> Iterator[Written]:
    """Paths of files into which the caller writes."""
    for effect in effects:
        if effect.sink is Sink.PATH:
            yield from written(effect, climbing(effect.key))


def climbing(path: Value | None) -> Value | None:
    """The alternatives of a path into which the caller may write `..`."""
    return Value(tuple(a for a in path.alternatives if climbs_by(Value((a,))))) if path is not None else None


def addresses(effects: Iterable[Effect]) -> Iterator[Written]:
    """Requests and connections whose host the caller chooses, and nothing has held against private networks."""
    screened: set[Origin] = set()
    for effect in effects:
        if effect.kind is EffectKind.SCREEN:
            screened |= origins_of(effect.key)
        is_request = Trait.SENDS_ANYWHERE in effect.traits
        if is_request or effect.kind is EffectKind.DIAL:
            for found in written(effect, leading_anywhere(effect.key)):
                if not all(any(tells_of(s, o) for s in screened) for o in found.named_by):
                    yield found


def segments(effects: Iterable[Effect]) -> Iterator[Written]:
    """Requests in whose path the caller writes, to a host of ours that is shown a key, or that only servers reach."""
    for effect in effects:
        is_request = Trait.SENDS_ANYWHERE in effect.traits
        if is_request and effect.client is Client.SERVER and (shows_a_key(effect) or goes_inside(effect)):
            for found in written(effect, within_the_path(effect.key)):
                # Who was shown to own what an input names has not made it up.
                if not owned_under(effect.facts).issuperset(found.named_by):
                    yield found


def redirects(effects: Iterable[Effect]) -> Iterator[Written]:
    """Redirects whose host the caller chooses, and answers that tell the browser to go there."""
    for effect in effects:
        if effect.kind is EffectKind.REDIRECT:
            yield from written(effect, leading_anywhere(effect.key))
        elif effect.kind is EffectKind.RETURN:
            for target in targets_in(effect.data):
                yield from written(effect, leading_anywhere(target))


DEEPEST_ANSWER = 3
"""Objects inside each other in which a target is looked for: `{ data: { redirectTo } }` of result types."""


def targets_in(answer: Value | None, depth: int = DEEPEST_ANSWER) -> Iterator[Value]:
    """The addresses in an answer to which its receiver goes."""
    for a in answer.alternatives if answer is not None else ():
        for name, value in a.shape.fields if isinstance(a.shape, Object) else ():
            if REDIRECT_FIELD.matches(name):
                yield under(value, a.under)
            elif depth > 1:
                yield from targets_in(under(value, a.under), depth - 1)


def tables(effects: Iterable[Effect]) -> Iterator[Effect]:
    """Effects on whichever table the caller names."""
    for effect in effects:
        if effect.target == CHOSEN and not any(isinstance(f, Known) for f in effect.facts):
            yield effect


def written(effect: Effect, value: Value | None) -> Iterator[Written]:
    """The caller's words in a text of an effect; nothing where none of it is theirs, or what is was compared."""
    alternatives = value.alternatives if value is not None else ()
    theirs = [(a, found) for a in alternatives if (found := open_origins(a, effect))]
    if theirs:
        named_by = sorted({o for _, found in theirs for o in found}, key=str)
        yield Written(effect, tuple(named_by), all(is_parsed(a) for a, _ in theirs))


def is_parsed(a: Alternative) -> bool:
    """Whether a schema admitted an alternative."""
    return isinstance(a.shape, Unknown) and a.shape.is_checked


def open_origins(a: Alternative, effect: Effect) -> list[Input | Request]:
    """What carries words of the caller's into an alternative, and was not compared with what the code knows.

    Somebody else can make a caller send arguments and a query; nobody forges the headers and cookies of others.
    """
    known = [f.subject for f in effect.facts | a.under if isinstance(f, Known)]
    return [
        o
        for o in written_by(Value((a,)))
        if (isinstance(o, Input) or (isinstance(o, Request) and o.kind == "search"))
        and not any(tells_of(k, o) for k in known)
    ]


BESIDE_THE_HOST = frozenset({"protocol", "port", "pathname", "search", "hash", "username", "password", "length"})
"""Parts of an address, and what a text has besides, that say nothing of where it leads."""


def tells_of(known: object, origin: Input | Request) -> bool:
    """Whether a check of one was one of the other: `new URL(target).host` tells of `target`."""
    if not isinstance(origin, Input) or not isinstance(known, Input):
        return origin == known
    shared = min(len(origin.path), len(known.path))
    if BESIDE_THE_HOST.intersection(known.path[shared:]):
        return False
    return origin.parameter == known.parameter and origin.path[:shared] == known.path[:shared]


def leading_anywhere(address: Value | None) -> Value | None:
    """The alternatives of an address that do not say from their first letter on to which host they lead."""
    if address is None:
        return None
    return Value(tuple(a for a in address.alternatives if not names_its_host(opening_of_shape(a.shape))))


def within_the_path(address: Value | None) -> Value | None:
    """What the caller has put behind the host of an address and before its query, where that begins with it."""
    if address is None:
        return None
    return Value(
        tuple(
            Alternative(replace(a.shape, origins=a.shape.text.continued_by, text=None), a.under)
            for a in address.alternatives
            if isinstance(a.shape, Unknown) and a.shape.text is not None and ends_in_a_path(a.shape.text.opening)
        )
    )


def ends_in_a_path(opening: str) -> bool:
    """Whether an address that begins so goes on in its path."""
    leads_to_us = opening.startswith(OURS) or bool(WITH_HOST.match(opening))
    return leads_to_us and not re.search(r"[?#]", opening)


def goes_inside(effect: Effect) -> bool:
    """Whether a request goes to a host of one's own network, by what its address begins with."""
    openings = [opening_of_shape(a.shape) for a in effect.key.alternatives] if effect.key is not None else []
    return bool(openings) and all(INSIDE.match(opening) for opening in openings)


def asks_as_anybody(effect: Effect) -> bool:
    """Whether a request goes to a public host with nothing that only the server has: anybody can send it by themselves.

    What the other side lets anybody do is for its own code to say, and that is not there to read.
    """
    is_request = Trait.SENDS_ANYWHERE in effect.traits
    if not is_request or effect.client is not Client.SERVER or shows_a_key(effect):
        return False
    return effect.key is not None and not any(map(leads_inside, effect.key.alternatives))


def asks_who_judges(effect: Effect, others: Iterable[Iterable[Effect]]) -> bool:
    """Whether a request lends nothing of the server's to a host that other actions call with the caller's credentials.

    A back end that is told who is calling asks for it where it has to, wherever it stands.
    """
    if effect.kind is not EffectKind.FETCH or effect.client is not Client.SERVER or shows_a_key(effect):
        return False
    host = host_of(effect)
    return host is not None and any(
        other.kind is EffectKind.FETCH and other.client is Client.CALLER and host_of(other) == host
        for effects in others
        for other in effects
    )


def goes_to_one_host(effect: Effect) -> bool:
    """Whether the code says to which host a request goes, as a name or by a setting of its own."""
    found = effect.key.alternatives if effect.key is not None else ()
    return bool(found) and all(names_its_host(opening_of_shape(a.shape)) for a in found)


def host_of(effect: Effect) -> str | None:
    """The host that a request names, always the same one."""
    found = {WITH_HOST.match(opening_of_shape(a.shape)) for a in effect.key.alternatives} if effect.key else set()
    hosts = {match[0].lower() if match is not None else None for match in found}
    return hosts.pop() if len(hosts) == 1 else None


def leads_inside(address: Alternative) -> bool:
    """Whether an address may lead where only the server gets: to a host of the caller's choice, to its own network."""
    opening = opening_of_shape(address.shape)
    is_chosen = isinstance(address.shape, Unknown) and any(isinstance(o, Input) for o in address.shape.origins)
    return bool(INSIDE.match(opening)) or (is_chosen and not names_its_host(opening))


INSIDE = re.compile(r"(?:https?:)?//(localhost|127\.|10\.|192\.168\.|\[::1\]|[\w-]+([:/?#]|$))", re.IGNORECASE)
"""What addresses of one's own machine or network begin with: a host without a dot, or in the ranges set aside for it.

https://www.rfc-editor.org/rfc/rfc1918#section-3
"""


def shows_a_key(effect: Effect) -> bool:
    """Whether something goes along with a request that only the server has."""
    shown = origins_of(effect.key) | origins_of(effect.data)
    return any(isinstance(o, Secret) and opens_something(o) for o in shown)


WITH_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]+[/?#]", re.IGNORECASE)
"""What an address begins with that names its host whole."""


def names_its_host(opening: str) -> bool:
    """Whether what an address begins with says where it leads: text of ours, a path, a host with an end."""
    if opening.startswith((OURS, ".", "?", "#")) or (opening.startswith("/") and not opening.startswith("//")):
        return True
    return bool(WITH_HOST.match(opening))
