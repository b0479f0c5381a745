"""What happens before the caller is known, as excuses look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Remote, Stored
from preship.analyzers.flow.values import Value, origins_of


@dataclass(frozen=True, slots=True)
class Action:
    """What an action does, around one of its effects."""

    effects: Sequence[Effect]
    result: Value
    before: Sequence[Effect]
    """What it did before the change that is judged."""

    handed_back: frozenset[str]
    """See `handed_back`."""


@dataclass(frozen=True, slots=True)
class BeforeLogin:
    """An effect on the world that is reached before the caller is known for sure."""

    effect: Effect
    action: Action


def action_of(effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> Action:
    """What an action does, ready to be asked about."""
    return Action(effects, result, before, handed_back(effects))


def handed_back(effects: Sequence[Effect]) -> frozenset[str]:
    """The models of fresh records whose name is given to the caller as a cookie: theirs from then on.

    And the services that made such a record when they were asked for one: a guest's cart at a shop.
    """
    given = [o for e in effects if e.kind is EffectKind.COOKIE for o in origins_of(e.data)]
    return frozenset(o.model if isinstance(o, Stored) else o.host for o in given if isinstance(o, Stored | Remote))
