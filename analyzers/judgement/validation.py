"""Item C: what the caller sends is checked at run time before anything takes it."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.actions.validation import covers, is_part_of, takes_input
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Valid
from preship.analyzers.flow.origins import Input, Unfollowed
from preship.analyzers.flow.values import Unknown, Value, origins_of, parts_of
from preship.analyzers.judgement.answers import not_asked, unread, unseen, yes
from preship.analyzers.results import Answer, ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item, named

ITEM = Item.INPUT

DEEPEST = 6
"""Objects inside objects that are looked through."""


def answer(facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: does anything of the caller's reach the world, and what has checked it?"""
    taken = taken_inputs(facts)
    if not taken:
        nothing = "nothing that its caller sends reaches the world" if facts.parameters else "takes no arguments"
        return unread(ITEM, facts) or not_asked(ITEM, nothing)
    lost = next(lost_inputs(facts), None)
    if lost is not None:
        return unseen(ITEM, f"{named([lost[0]])} goes through {lost[1].why}, which could not be read")
    return open_to_filters(facts) or bound(facts) or parsed(facts, taken) or tested(facts, taken) or made_plain(taken)


def open_to_filters(facts: ActionFacts) -> ChecklistEntry | None:
    """The answer where an unchecked input does harm, of which the comment on the same line says the worse half."""
    found = next((each for each in facts.unvalidated() if each.harm is not None), None)
    if found is None:
        return None
    at = found.effect.span
    return ChecklistEntry(ITEM, Answer.NO, f"{named(found.inputs[:3])} as sent", at.path, at.line)


def bound(facts: ActionFacts) -> ChecklistEntry | None:
    """The answer where something goes on as it was sent, and only as a value: no check of it would change anything."""
    found = next((each for each in facts.unvalidated() if each.harm is None), None)
    if found is None:
        return None
    what = f"{named(found.inputs[:3])} as sent: {found.effect.what} takes any value of it for no more than a value"
    return not_asked(ITEM, what, found.effect.span)


def made_plain(taken: frozenset[Input]) -> ChecklistEntry:
    """The answer where whatever is sent becomes a text, a number or a yes before it is used."""
    return yes(ITEM, f"only texts and numbers made of {named(sorted(taken, key=str)[:3])} are used")


def taken_inputs(facts: ActionFacts) -> frozenset[Input]:
    """The inputs of which something reaches the world."""
    return frozenset(o for value in taking(facts) for o in origins_of(value) if isinstance(o, Input))


def taking(facts: ActionFacts) -> Iterator[Value]:
    """What the effects on the world are given."""
    for effect in facts.effects:
        if takes_input(effect):
            yield from (value for value in (effect.key, effect.data) if value is not None)


def lost_inputs(facts: ActionFacts) -> Iterator[tuple[Input, Unfollowed]]:
    """The inputs that reach the world by way of code that could not be read, and that code."""
    for shape in (shape for value in taking(facts) for shape in unchecked(value)):
        inputs = sorted((o for o in shape.origins if isinstance(o, Input)), key=str)
        ways = [o for o in shape.origins if isinstance(o, Unfollowed)]
        if inputs and ways:
            yield inputs[0], min(ways, key=str)


def unchecked(value: Value, depth: int = DEEPEST) -> Iterator[Unknown]:
    """The parts of a value that no schema has parsed."""
    for a in value.alternatives if depth else ():
        if isinstance(a.shape, Unknown):
            if not a.shape.is_checked:
                yield a.shape
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from unchecked(part, depth - 1)


def parsed(facts: ActionFacts, taken: frozenset[Input]) -> ChecklistEntry | None:
    """The schema that parsed what reaches the world."""
    for effect in facts.effects:
        if effect.kind is EffectKind.PARSE:
            given = {o for o in origins_of(effect.data) if isinstance(o, Input)}
            if any(is_part_of(o, whole) for whole in given for o in taken):
                return yes(ITEM, f"{schema_of(effect, facts)} parses {named(sorted(given, key=str)[:3])}", effect.span)
    return None


def schema_of(effect: Effect, facts: ActionFacts) -> str:
    """What a sentence calls the schema that parses."""
    quoted = facts.quoted(effect.span) if not effect.what else None
    return f"`{quoted}`" if quoted else effect.what or "a schema"


def tested(facts: ActionFacts, taken: frozenset[Input]) -> ChecklistEntry | None:
    """The test that what reaches the world has passed."""
    for effect in facts.effects:
        if takes_input(effect):
            for fact in sorted((f for f in effect.facts if isinstance(f, Valid)), key=lambda f: (f.by, str(f.subject))):
                if isinstance(fact.subject, Input) and any(covers(fact, o) for o in taken):
                    return yes(ITEM, f"{named([fact.subject])} is tested", fact.by)
    return None
