"""Which actions need no session by what they do: beginning and ending one, above all."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.actions import world
from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import Strength


def public_by_design(effects: Sequence[Effect]) -> str | None:
    """Why an action with these effects needs no session; None where it does."""
    if any(e.kind is EffectKind.IDENTIFY and not is_known(e) for e in effects):
        return "it begins a session or proves a credential"
    if any(e.kind is EffectKind.LEAVE for e in effects) and not any(world.touches_the_world(e) for e in effects):
        return "it ends the session"
    return None


def is_known(effect: Effect) -> bool:
    """Whether the caller was known before: asking for the password once more excuses no missing session."""
    return world.strength_of_authentication(effect) is Strength.PROVEN
