"""Which wrapper makes an action, where one does: what one wrapper makes is for the same callers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.source.tree import Await, Call, Expression, Member, Name, Span


def wrapper_of(action: ServerAction) -> str | None:
    """The name with which the expression begins that makes an action: `authed` of `authed.input(schema).action(…)`."""
    return _root(action.value) if isinstance(action.value, Call) else None


def asks_who_calls(effects: Iterable[Effect], place_of: Callable[[Effect], Span]) -> bool:
    """Whether the caller becomes known outside of the action's own code: in the wrapper."""
    proof = next((effect for effect in effects if effect.kind is EffectKind.PROOF), None)
    if proof is None:
        return False
    place = place_of(proof)
    return place.start == place.end


def _root(value: Expression) -> str | None:
    if isinstance(value, Name):
        return value.name
    if isinstance(value, Call):
        return _root(value.callee)
    if isinstance(value, Member):
        return _root(value.object)
    return _root(value.value) if isinstance(value, Await) else None
