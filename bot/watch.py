"""Whether all is well, and what is wrong where it is not: from what all processes note in the database."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from preship.bot.github.access import Exchange
from preship.bot.jobs.failures import Cause
from preship.bot.review.hook import Hook
from preship.bot.store.database import StoreUnavailable
from preship.bot.store.health import JOBS_LOOKED_AT, Health, Vitals
from preship.bot.store.store import Store
from preship.bot.web.metrics import Measured
from preship.bot.web.pages import Problem

TASK = "contact"

_NOTED_SECONDS = 15.0
"""So often an answer of the forge's is noted, where the one before was noted as well."""

_FAILURES_BORNE = 2
"""Calls without an answer that are no outage yet."""


class Watch:
    """What one process has noted of the forge, so that it does not write each answer down."""

    def __init__(self) -> None:
        self._noted: dict[int, float] = {}
        self._is_failing = True

    def note(self, health: Health, exchange: Exchange) -> None:
        """Note how an exchange ended, where that is news."""
        now = time.monotonic()
        with suppress(StoreUnavailable):
            if exchange.outcome in ("unavailable", "error"):
                self._is_failing = True
                health.unanswered()
            elif self._is_failing or now - self._noted.get(exchange.installation, 0) > _NOTED_SECONDS:
                self._is_failing = False
                self._noted[exchange.installation] = now
                health.answered()
                if exchange.quota is not None:
                    health.allowed(exchange.installation, *exchange.quota)


def reach_out(store: Store, hook: Hook, after_seconds: float) -> None:
    """See whether the forge answers, where nobody has asked it anything for so long.

    Raises `Busy` where another process does so; `ForgeError` and `StoreError`.
    """
    with store.scheduled_tasks.due(TASK, 0):
        age = store.health.contact_age_seconds()
        if age is None or age >= after_seconds:
            hook.reach()


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the disk that a process keeps its data on: mirrors, and the embedded database."""

    folder: Path
    scarce_bytes: int
    """With less than this, somebody has to do something."""

    def free_bytes(self) -> int | None:
        """How much is left; None where the folder cannot be asked about."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError:
            return None

    def problems(self) -> tuple[Problem, ...]:
        """That it is scarce, where it is."""
        free = self.free_bytes()
        if free is None or free >= self.scarce_bytes:
            return ()
        return (Problem("disk", f"{free // _MEGABYTE} MB are left on the disk of PRESHIP_DATA: make room there"),)

    def holds_no_more(self) -> bool:
        """Whether a database that lives here may fail to store the next row."""
        free = self.free_bytes()
        return free is not None and free < _SEGMENT_BYTES


_MEGABYTE = 1024 * 1024

_SEGMENT_BYTES = 16 * _MEGABYTE
"""What Postgres writes ahead comes in files of this size, and it stops where there is no room for the next.

https://www.postgresql.org/docs/current/wal-configuration.html
"""


def problems_of(vitals: Vitals) -> tuple[Problem, ...]:
    """Everything that is wrong, the gravest first."""
    found = []
    if vitals.workers == 0:
        found.append(Problem("workers", "no worker lives: deliveries wait until one is started"))
    if vitals.forge_failures > _FAILURES_BORNE:
        found.append(Problem("forge", f"GitHub did not answer the last {vitals.forge_failures} times"))
    if vitals.git_failures > _FAILURES_BORNE:
        found.append(Problem("git", f"git at GitHub did not answer the last {vitals.git_failures} times"))
    if len(vitals.last_jobs) == JOBS_LOOKED_AT and set(vitals.last_jobs) <= _NOT_OF_THE_CODE:
        found.append(Problem("jobs", f"the last {JOBS_LOOKED_AT} jobs failed; the log and the deliveries say why"))
    return tuple(found)


_NOT_OF_THE_CODE = {cause.value for cause in Cause} - {Cause.CANNOT_REVIEW.value}
"""Why jobs fail that would not fail for another change."""


def measured(store: Store, stalled_seconds: float, room: Room) -> Measured:
    """The figures of the service. Raises `StoreUnavailable`."""
    vitals, quotas = store.health.vitals(stalled_seconds), store.health.quotas()
    return Measured(
        queue=store.queue(),
        problems=[problem.kind for problem in (*room.problems(), *problems_of(vitals))],
        disk_free_bytes=room.free_bytes(),
        findings_today=store.health.findings_today(),
        remaining={str(row.installation): row.remaining for row in quotas if row.remaining is not None},
        created={str(row.installation): row.created for row in quotas},
        oldest_job_seconds=vitals.oldest_job_seconds,
        workers=vitals.workers,
    )
