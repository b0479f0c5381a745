"""Whether all is well, and what is wrong where it is not: from what all processes note in the database."""

from __future__ import annotations

import time
from contextlib import suppress

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


def problems_of(vitals: Vitals) -> tuple[Problem, ...]:
    """Everything that is wrong, the gravest first."""
    found = []
    if vitals.workers == 0:
        found.append(Problem("workers", "no worker lives: deliveries wait until one is started"))
    if vitals.forge_failures > _FAILURES_BORNE:
        found.append(Problem("forge", f"GitHub did not answer the last {vitals.forge_failures} times"))
    if len(vitals.last_jobs) == JOBS_LOOKED_AT and set(vitals.last_jobs) <= _NOT_OF_THE_CODE:
        found.append(Problem("jobs", f"the last {JOBS_LOOKED_AT} jobs failed; the log and the deliveries say why"))
    return tuple(found)


_NOT_OF_THE_CODE = {cause.value for cause in Cause} - {Cause.CANNOT_REVIEW.value}
"""Why jobs fail that would not fail for another change."""


def measured(store: Store, stalled_seconds: float) -> Measured:
    """The figures of the service. Raises `StoreUnavailable`."""
    vitals, quotas = store.health.vitals(stalled_seconds), store.health.quotas()
    return Measured(
        queue=store.queue(),
        problems=[problem.kind for problem in problems_of(vitals)],
        findings_today=store.health.findings_today(),
        remaining={str(row.installation): row.remaining for row in quotas if row.remaining is not None},
        created={str(row.installation): row.created for row in quotas},
        oldest_job_seconds=vitals.oldest_job_seconds,
        workers=vitals.workers,
    )
