"""`/`, `/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from preship.bot.store.database import StoreError
from preship.bot.store.sessions import Session
from preship.bot.web.gate import Gate, root
from preship.bot.web.rendering import page, plain
from preship.bot.web.words import CAUSES, TONES

_JOBS = {"todo": "waiting", "doing": "running"}
"""The queue's words for jobs that always have a tile, and ours."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the status page. No repository is named: whoever reaches the webhook can read the page."""

    at: datetime
    what: str
    state: str
    name: str
    """The delivery's GUID, under which GitHub lists it to the app's owner."""

    cause: str = ""
    """The kind of thing that made it fail."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the service is."""

    is_ready: bool
    """Whether a delivery that comes now would be stored and served."""

    problem: str
    """Why not; empty when it is ready."""

    queue: Mapping[str, int]
    """Jobs by status."""

    deliveries: Sequence[Row]


class Probe(Protocol):
    """What the pages ask of the service. May block: it is called in a thread."""

    def status(self) -> Status:
        """How the service is now."""
        ...

    def figures(self) -> bytes:
        """What Prometheus reads."""
        ...


def pages_router(probe: Probe, gate: Gate) -> APIRouter:
    """The pages of a service."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> Response:
        return plain(200, "ok\n")

    @router.get("/readyz")
    async def readyz() -> Response:
        if gate.backend.app() is None:
            return plain(503, "set-up mode: no GitHub App is registered\n")
        status = await run_in_threadpool(probe.status)
        return plain(200, "ready\n") if status.is_ready else plain(503, f"{status.problem}\n")

    @router.get("/metrics")
    async def metrics() -> Response:
        figures = await run_in_threadpool(probe.figures)
        return Response(figures, media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/")
    def index(request: Request) -> Response:
        session = None
        with suppress(StoreError):
            session = gate.session(request)
        if gate.backend.app() is None:
            return page("setup_locked.html", root=root(request), session=session)
        return _status_page(probe.status(), root(request), session)

    return router


def _status_page(status: Status, way: str, session: Session | None) -> Response:
    """How the service is. Times are UTC, whatever zone the database is set to."""
    queue = dict.fromkeys(_JOBS, 0) | dict(status.queue)
    rows = [replace(row, at=row.at.astimezone(UTC)) for row in status.deliveries]
    return page(
        "status.html",
        root=way,
        session=session,
        status=replace(status, deliveries=rows),
        jobs=[(_JOBS.get(name, name), count) for name, count in queue.items()],
        tones=TONES,
        causes=CAUSES,
    )
