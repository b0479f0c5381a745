"""`/`, `/healthz`, `/intakez`, `/readyz` and `/metrics`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from preship.bot.store.database import StoreError
from preship.bot.store.sessions import Session
from preship.bot.web.gate import Gate, root
from preship.bot.web.metrics import Metrics
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
class Problem:
    """Something that is wrong with the service."""

    kind: str
    """One word, as the figures name it."""

    says: str
    """A clause without a full stop."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the service is."""

    problems: Sequence[Problem]
    """Everything that is wrong, the gravest first."""

    queue: Mapping[str, int]
    """Jobs by status."""

    deliveries: Sequence[Row]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class Probe(Protocol):
    """What the pages ask of the service. Everything may block."""

    def status(self) -> Status:
        """How the service is now."""
        ...

    def takes_deliveries(self) -> str:
        """Why a delivery that comes now could not be stored; empty where it could."""
        ...

    @property
    def metrics(self) -> Metrics:
        """What Prometheus reads."""
        ...


def pages_router(probe: Probe, gate: Gate, metrics_token: SecretStr | None) -> APIRouter:
    """The pages of a service."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> Response:
        """Whether the process lives."""
        return plain(200, "ok\n")

    @router.get("/intakez")
    def intakez() -> Response:
        """Whether deliveries are taken, for whoever balances load: with workers away, they still are."""
        problem = probe.takes_deliveries()
        return plain(503, f"{problem}\n") if problem else plain(200, "ready\n")

    @router.get("/readyz")
    def readyz() -> Response:
        """Whether all is well, for whoever wakes people up."""
        if gate.backend.app() is None:
            return plain(503, "set-up mode: no GitHub App is registered\n")
        problems = probe.status().problems
        return plain(503, "".join(f"{each.says}\n" for each in problems)) if problems else plain(200, "ready\n")

    @router.get("/metrics")
    def metrics(request: Request) -> Response:
        if metrics_token is None:
            return plain(403, "set PRESHIP_METRICS_TOKEN, or PRESHIP_METRICS_PORT for a port of its own\n")
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), metrics_token.get_secret_value().encode()):
            return plain(401, "figures are shown for PRESHIP_METRICS_TOKEN as a bearer token\n")
        return Response(probe.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

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
    is_known = all(each.kind != "database" for each in status.problems)
    queue = dict.fromkeys(_JOBS, 0) | dict(status.queue) if is_known else {}
    rows = [replace(row, at=row.at.astimezone(UTC)) for row in status.deliveries]
    return page(
        "status.html",
        root=way,
        session=session,
        status=replace(status, deliveries=rows, queue=queue),
        jobs=[(_JOBS.get(name, name), count) for name, count in queue.items()],
        tones=TONES,
        causes=CAUSES,
    )
