"""`/operation`: how the service is now, and how much each installation may still ask of GitHub."""

# No postponed annotations: those of routes name what only their function knows.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from preship.bot.web.gate import Gate
from preship.bot.web.pages import Probe
from preship.bot.web.visitor import Visitor
from preship.bot.web.words import lasting


def operation_router(
    gate: Gate, probe: Probe, visitor: Callable[[Request], Visitor], stalled_seconds: float
) -> APIRouter:
    """The page; people see the limits of the installations that they have repositories in, administrators all."""
    router = APIRouter()

    @router.get("/operation")
    def operation(who: Annotated[Visitor, Depends(visitor)]) -> Response:
        health, status = gate.backend.store().health, probe.status()
        own = sorted({each.installation for each in who.repositories.values()})
        return who.page(
            "operation.html",
            "operation",
            problems=status.problems,
            vitals=health.vitals(stalled_seconds),
            queue=status.queue,
            quotas=health.quotas(None if who.session.is_administrator else own),
            lasting=lasting,
        )

    return router
