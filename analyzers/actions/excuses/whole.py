"""An action as a whole, as excuses look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition
from preship.analyzers.conventions.keys import REFERENCE_COLUMN
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of


@dataclass(frozen=True)
class Whole:
    """What an action does, from its first effect to its last."""

    effects: Sequence[Effect]

    @cached_property
    def touching(self) -> Sequence[Effect]:
        """What reads or changes more than the caller's own."""
        return [e for e in self.effects if world.touches_the_world(e) and not world.is_keyed_by_a_credential(e)]

    @cached_property
    def anonymous(self) -> Sequence[Effect]:
        """What of it is reached before the caller is known."""
        return [e for e in self.touching if not world.is_known(e)]


SOMETHING: Condition[Whole] = Condition(
    "it touches something before the caller is known", lambda case: bool(case.anonymous)
)
"""Without which there is nothing to excuse."""


HARMLESS = frozenset({EffectKind.READ, EffectKind.SEND})


def is_foreign_write(effect: Effect) -> bool:
    """Whether an effect changes a record that the caller names by its id."""
    keys = (value for name, value in world.fields_of(effect.key) if name == "id" or REFERENCE_COLUMN.matches(name))
    direct = (o for value in keys for o in origins_of(value))
    return effect.kind in world.CHOOSE_RECORDS and any(isinstance(o, Input) for o in direct)
