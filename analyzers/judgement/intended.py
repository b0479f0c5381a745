"""For whom an action is there, in the terms of a review."""

from __future__ import annotations

from analyzers.actions.audience import Audience
from analyzers.nouns import Intended
from analyzers.rule import Step


def intended(audience: Audience) -> Intended:
    """What the pages tell that use an action."""
    gate = audience.gate
    return Intended(
        audience.meant,
        audience.role,
        audience.page.route if audience.page is not None else None,
        Step(gate.at.path, gate.at.line, gate.asks) if gate is not None else None,
    )
