"""Which actions need no session by what they do: beginning and ending one, above all."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.flow.effects import Effect, EffectKind


def public_by_design(effects: Sequence[Effect]) -> str | None:
    """Why an action with these effects needs no session; None where it does."""
    if any(e.kind is EffectKind.IDENTIFY for e in effects):
        return "it begins or ends a session"
    return None
