"""Records of guests, which the other actions of a file find by a cookie of theirs, and one by whatever is sent to it.

A guest has no account that could own a cart. The cookie that names it is all that tells whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.habits import ENOUGH
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.identity import is_credential
from preship.analyzers.flow.origins import Input, roots
from preship.analyzers.flow.values import origins_of


@dataclass(frozen=True, slots=True)
class NamedByAnybody:
    """A change of a guest's record that an argument alone names."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that name the record, sorted by name."""

    elsewhere: tuple[Effect, ...]
    """The changes of such records that find them by the caller's cookie; one for each other action, two at least."""


def named_by_anybody(effects: Sequence[Effect], others: Iterable[Sequence[Effect]]) -> NamedByAnybody | None:
    """The first such change, where each other action of the file that changes such records asks for the cookie."""
    for effect in effects:
        inputs = frozenset(o for o in origins_of(effect.key) if isinstance(o, Input))
        if effect.kind in world.CHOOSE_OR_INSERT and inputs and not asks_for_a_cookie(effect):
            elsewhere = found_by_a_cookie(effect.target, others)
            named_by = tuple(sorted(inputs, key=str))
            return NamedByAnybody(effect, named_by, elsewhere) if len(elsewhere) >= ENOUGH else None
    return None


def found_by_a_cookie(target: str, others: Iterable[Sequence[Effect]]) -> tuple[Effect, ...]:
    """How other actions find records of a kind that they change; nothing where one takes an argument's word alone."""
    found: list[Effect] = []
    for effects in others:
        same = [e for e in effects if e.kind in world.CHOOSE_OR_INSERT and e.target == target]
        if any(is_named_by_an_argument(e) and not asks_for_a_cookie(e) for e in same):
            return ()
        found += [e for e in same if asks_for_a_cookie(e)][:1]
    return tuple(found)


def is_named_by_an_argument(effect: Effect) -> bool:
    """Whether an argument chooses what an effect changes."""
    return any(isinstance(o, Input) for o in origins_of(effect.key))


def asks_for_a_cookie(effect: Effect) -> bool:
    """Whether a record is found by what only the one has who was given it, if only where no argument names another."""
    return any(is_credential(o) for o in roots(origins_of(effect.key)))
