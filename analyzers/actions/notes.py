"""What actions note besides what they are there for: a log, a history, a notification."""

from __future__ import annotations

import re

from preship.analyzers.flow.effects import Effect, EffectKind

ALONG = re.compile(
    r"(.*_)?(logs?|audits?|audit_?(logs?|events?|trails?)|activit(y|ies)|histor(y|ies)|notifications?|events?|metrics?"
    r"|analytics|views?|sessions?)|.*(Logs?|Audits?|Activit(y|ies)|Histor(y|ies)|Notifications?)",
)
"""Tables in which actions note what they do besides, by the convention of most schemas."""


def is_note(effect: Effect) -> bool:
    """Whether an effect only notes that something was done."""
    return effect.kind is EffectKind.INSERT and ALONG.fullmatch(effect.target) is not None
