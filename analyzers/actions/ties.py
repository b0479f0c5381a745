"""What ties an id that the caller sends to them: a look-up among their own, a comparison, a membership."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.written_keys import (
    is_about,
)
from preship.analyzers.conventions.keys import OWN_KEY_COLUMN
from preship.analyzers.flow.collections import Filled
from preship.analyzers.flow.effects import Effect, EffectKind, Trait
from preship.analyzers.flow.facts import Among, Case, Facts, IfGiven, Known, Owns, Role, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Origin, Stored
from preship.analyzers.flow.values import origins_of


def is_tied(origin: Input, held: Facts, effects: Sequence[Effect]) -> bool:
    """Whether something says that what an input names is the caller's, or a word that the program knows."""
    tied: set[Origin] = set(owned_under(held))
    for fact in held:
        if isinstance(fact, Owns | Among) or (isinstance(fact, Known) and fact.is_whole):
            tied.add(fact.subject)
        elif isinstance(fact, Role):
            tied |= fact.within
        elif isinstance(fact, IfGiven):
            tied.add(fact.subject)
    if origin in tied or any(isinstance(o, Stored) and origin in o.key for o in tied):
        return True
    return any(is_looked_up_as_theirs(origin, e, held) for e in effects)


def is_found_as_theirs(origin: Input, effect: Effect) -> bool:
    """Whether an effect itself finds what it changes by this input and among the caller's own."""
    own = (value for name, value in world.fields_of(effect.key) if OWN_KEY_COLUMN.matches(name))
    return names_the_caller(effect.key) and any(origin in origins_of(value) for value in own)


def is_looked_up_as_theirs(origin: Input, effect: Effect, held: Facts) -> bool:
    """Whether an action looks for the row among the caller's own, and goes on only where it is there.

    Where the answer only fills a text, whoever sends another one's id goes on without it.
    """
    return is_looked_for_among_theirs(origin, effect, held) and is_required(effect, held)


def is_looked_for_among_theirs(origin: Input, effect: Effect, held: Facts) -> bool:
    """Whether what an input names is looked for among the caller's own: in their name, or within what is theirs."""
    if effect.kind is not EffectKind.READ or origin not in origins_of(effect.key):
        return False
    owned = owned_under(effect.facts) | owned_under(held)
    return names_the_caller(effect.key) or any(is_owned(o, owned) for o in origins_of(effect.key) - {origin})


def is_said_by_a_row_of_theirs(origin: Input, record: Stored, effects: Sequence[Effect], held: Facts) -> bool:
    """Whether an id is what a row says that was looked for by an input, and among the caller's own alone.

    Where there is no such row, there is no id: nothing need be asked of it.
    """
    reads = [e for e in effects if e.kind is EffectKind.READ and e.target == record.model]
    found_by = [e for e in reads if origin in origins_of(e.key)]
    return bool(found_by) and all(is_looked_for_among_theirs(origin, e, held) for e in found_by)


def is_asked_on_the_way(origin: Input, effects: Sequence[Effect]) -> bool:
    """Whether a loop, or a branch for those who send it, looks for a row among the caller's and stops without it."""
    reads = [e for e in effects if e.kind is EffectKind.READ and origin in origins_of(e.key)]
    stops = {e.facts for e in effects if e.kind is EffectKind.STOP} if reads else ()
    return any(is_looked_up_as_theirs(origin, e, facts) for e in reads for facts in stops)


def is_owned(origin: Origin, owned: frozenset[Origin]) -> bool:
    """Whether something is the caller's, or a record that was found by what is."""
    return origin in owned or (isinstance(origin, Stored) and bool({record_of(origin), *origin.key} & owned))


def is_required(effect: Effect, held: Facts) -> bool:
    """Whether an action goes on only where what it looked up was there."""
    there = [fact.choice for fact in held if isinstance(fact, Case) and fact.index == 0]
    choices = (choice.list if isinstance(choice, Filled) else choice for choice in there)
    return Trait.NEEDS_A_ROW in effect.traits or any(isinstance(c, tuple) and effect.span in c for c in choices)


def is_tied_by(others: Iterable[tuple[Effect, ...]], names: frozenset[str]) -> bool:
    """Whether another action asks whose a row of one of these names is, or looks for it among the caller's."""
    return any(is_about(e, names) and names_an_owned_row(e) for effects in others for e in effects)


def names_an_owned_row(effect: Effect) -> bool:
    """Whether an effect finds a row that an argument names among the caller's own."""
    sent = {o for o in origins_of(effect.key) if isinstance(o, Input)}
    return bool(sent) and (names_the_caller(effect.key) or sent <= owned_under(effect.facts))
