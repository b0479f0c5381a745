"""What actions note besides what they are there for: a log, a history, a notification."""

from __future__ import annotations

from preship.analyzers.conventions.tables import LOG_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind


def is_note(effect: Effect) -> bool:
    """Whether an effect only notes that something was done."""
    return effect.kind is EffectKind.INSERT and LOG_TABLE.matches(effect.target)
