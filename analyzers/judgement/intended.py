"""For whom an action is there, in the terms of a review."""

from __future__ import annotations

from preship.analyzers.actions.audience import Audience, Reserved
from preship.analyzers.results import Intended
from preship.analyzers.rule import Step


def intended(audience: Audience, reserved: Reserved | None) -> Intended:
    """What the pages tell that use an action."""
    gate = audience.gate
    roles = reserved.demand.words if reserved is not None and not reserved.demand.is_refusal else ()
    return Intended(
        audience.meant,
        " or ".join(roles) or None,
        audience.page.route if audience.page is not None else None,
        Step(gate.at.path, gate.at.line, gate.asks) if gate is not None else None,
    )
