"""Reads for which no right is asked, where all other actions of the file ask for one before they read likewise.

Whether reading needs a right at all, code does not say. Neighbours do that take what to read from an argument as well:
one alone may be an exception, and where one of them asks for nothing, there is no habit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import ownership, world
from preship.analyzers.actions.habits import CHANGES, ENOUGH
from preship.analyzers.actions.output import leaves
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Entitled, Facts, Owns, has_right, owned_under
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Value, origins_of


@dataclass(frozen=True, slots=True)
class Unasked:
    """A read of what an argument names, for any known caller."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that choose what is read, sorted by name."""

    elsewhere: tuple[Effect, ...]
    """What other actions of the file read with a right; one for each action, two at least."""


def unasked_read(effects: Sequence[Effect], result: Value, others: Iterable[Sequence[Effect]]) -> Unasked | None:
    """The first such read of an action that only reads, where the other actions of its file have the habit."""
    if any(e.kind in CHANGES for e in effects) or not any(leaves(result, NO_FACTS)):
        return None
    for effect in effects:
        inputs = chosen_by(effect)
        if inputs and world.is_known(effect) and not is_asked_for(effect, inputs, effects):
            elsewhere = usual_reads(others)
            named_by = tuple(sorted(inputs, key=str))
            return Unasked(effect, named_by, elsewhere) if len(elsewhere) >= ENOUGH else None
    return None


def chosen_by(effect: Effect) -> frozenset[Input]:
    """The inputs that choose what an effect reads, and have not been shown to be the caller's."""
    if effect.kind is not EffectKind.READ or not world.touches_the_world(effect):
        return frozenset()
    return frozenset(o for o in world.unowned(effect) & origins_of(effect.key) if isinstance(o, Input))


def is_asked_for(effect: Effect, inputs: frozenset[Input], effects: Sequence[Effect]) -> bool:
    """Whether a right was shown where something is read, or is before it is handed out."""
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    return shows_a_right(effect.facts) or has_right(at_the_end) or bool(ownership.asked_later(effect, inputs, effects))


def shows_a_right(facts: Facts) -> bool:
    """Whether the caller has some role, or something that an argument names, where these facts hold."""
    return has_right(facts) or any(
        isinstance(f, Entitled) or (isinstance(f, Owns) and isinstance(f.subject, Input)) for f in facts
    )


def usual_reads(others: Iterable[Sequence[Effect]]) -> tuple[Effect, ...]:
    """What other actions read with a right; nothing where one of them asks for none, whatever its argument names."""
    found: list[Effect] = []
    for effects in others:
        named = [e for e in effects if names_something(e)]
        if named and not any(shows_a_right(e.facts) for e in effects):
            return ()
        found += [e for e in named if e.kind is EffectKind.READ and is_of_what_is_theirs(e)][:1]
    return tuple(found)


def is_of_what_is_theirs(effect: Effect) -> bool:
    """Whether what an argument names was shown to be the caller's: a role that holds everywhere tells of no record."""
    return bool(origins_of(effect.key) & owned_under(effect.facts))


def names_something(effect: Effect) -> bool:
    """Whether an argument chooses what an effect reads or changes."""
    return world.touches_the_world(effect) and any(isinstance(o, Input) for o in origins_of(effect.key))
