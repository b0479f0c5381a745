"""A check run that was begun is concluded, whatever became of its job: the last resort, run now and then.

A job concludes its own check run where the forge lets it. After an outage that outlasts all its tries, or a crash that
took the job, nobody is left to do so, and a required check would wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import structlog

from preship.bot.jobs.check import give_up
from preship.bot.jobs.contexts import ReviewContext, WorkerContext
from preship.bot.jobs.failures import Cause
from preship.bot.jobs.moved import has_moved
from preship.bot.review.forge import ForgeError, RateLimited, Refused
from preship.bot.review.pull_request import Conclusion, Repository
from preship.bot.store.database import Busy
from preship.bot.store.deliveries import Delivery
from preship.bot.store.queue import lock_name
from preship.bot.store.unfinished import Orphan

log = structlog.get_logger()

TASK = "reconciliation"

LOST = "The job that served it is gone, after a crash perhaps. Ask again for a review of this commit."

_AT_ONCE = 100
_FAILURES_BORNE = 3
"""After so many in a row the forge is away, and the others are left for the next time."""

Observe = Callable[[str, str], None]
"""Counts a failure: the event of the delivery, and the cause."""


def reconcile(worker_context: WorkerContext, every_seconds: float, observe: Observe) -> int:
    """Conclude what nobody else will, and give how many check runs that were.

    Raises `Busy` where it was done, or is being done, by any process; `Later` when the process stops; `StoreError`.
    """
    with worker_context.store.scheduled_tasks.due(TASK, every_seconds):
        _give_up_lost_deliveries(worker_context, observe)
        concluded, failures = 0, 0
        for orphan in worker_context.store.unfinished.orphans(_AT_ONCE):
            try:
                concluded += _conclude(worker_context, orphan)
                failures = 0
            except Busy:
                continue
            except ForgeError as error:
                worker_context.store.unfinished.postpone(orphan.review.id)
                log.warning("a check run waits to be concluded", review=orphan.review.id, error=str(error))
                failures += not isinstance(error, RateLimited)
                if failures >= _FAILURES_BORNE:
                    break
        return concluded


def _give_up_lost_deliveries(worker_context: WorkerContext, observe: Observe) -> None:
    for lost in worker_context.store.unfinished.give_up_lost(LOST, Cause.LOST):
        log.error("a job failed for good", delivery=lost.guid, cause=Cause.LOST.value, reason=LOST)
        observe(lost.event, Cause.LOST)


def _conclude(worker_context: WorkerContext, orphan: Orphan) -> bool:
    """Conclude one, as the only process that works on its pull request; False if somebody else took it up again."""
    review = orphan.review
    with worker_context.store.database.sole_holder(lock_name(review.key.repository_id, review.key.number)) as lock:
        if not worker_context.store.unfinished.is_orphan(review.id):
            return False
        reason = orphan.reason or LOST
        if orphan.installation is None:
            # Nobody can say through which installation its repository is reached: there is nobody to ask.
            worker_context.store.reviews.failed(review, Conclusion.NEUTRAL, reason)
            return False
        delivery = _as_delivery(orphan, orphan.installation)
        owner, _, name = delivery.repository.partition("/")
        forge = worker_context.forge_of(Repository(review.key.repository_id, owner, name, delivery.installation))
        # What cannot be reached at all is given up below.
        with suppress(Refused):
            if has_moved(worker_context, forge):
                return False  # the next time asks by its name
        give_up(ReviewContext(worker_context, delivery, forge, lock), review, reason)
        log.warning("a check run that nobody ended is concluded", repository=delivery.repository, review=review.id)
        return True


def _as_delivery(orphan: Orphan, installation: int) -> Delivery:
    """What asked for the review, as far as it matters here."""
    key = orphan.review.key
    return Delivery(
        guid="",
        event=TASK,
        action="",
        repository_id=key.repository_id,
        repository=orphan.full_name,
        installation=installation,
        number=key.number,
        head_sha=key.head_sha,
        actor="",
        trigger=key.trigger.partition("/")[0],
    )
