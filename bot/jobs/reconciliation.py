"""A check run that was begun is concluded, whatever became of its job: the last resort, run now and then.

A job concludes its own check run where the forge lets it. After an outage that outlasts all its tries, or a crash that
took the job, nobody is left to do so, and a required check would wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.jobs.check import give_up
from bot.jobs.desk import Desk, Office
from bot.jobs.failures import Cause
from bot.review.forge import ForgeError, RateLimited
from bot.review.pull_request import Conclusion, Repository
from bot.store.database import Busy
from bot.store.deliveries import Delivery
from bot.store.queue import lock_name
from bot.store.unfinished import Orphan

log = structlog.get_logger()

TASK = "reconciliation"

LOST = "The job that served it is gone, after a crash perhaps. Ask again for a review of this commit."

_AT_ONCE = 100
_FAILURES_BORNE = 3
"""After so many in a row the forge is away, and the others are left for the next time."""

Observe = Callable[[str, str], None]
"""Counts a failure: the event of the delivery, and the cause."""


def reconcile(office: Office, every_seconds: float, observe: Observe) -> int:
    """Conclude what nobody else will, and give how many check runs that were.

    Raises `Busy` where it was done, or is being done, by any process; `Later` when the process stops; `StoreError`.
    """
    with office.store.errands.due(TASK, every_seconds):
        _give_up_lost_deliveries(office, observe)
        concluded, failures = 0, 0
        for orphan in office.store.unfinished.orphans(_AT_ONCE):
            try:
                concluded += _conclude(office, orphan)
                failures = 0
            except Busy:
                continue
            except ForgeError as error:
                office.store.unfinished.postpone(orphan.review.id)
                log.warning("a check run waits to be concluded", review=orphan.review.id, error=str(error))
                failures += not isinstance(error, RateLimited)
                if failures >= _FAILURES_BORNE:
                    break
        return concluded


def _give_up_lost_deliveries(office: Office, observe: Observe) -> None:
    for lost in office.store.unfinished.give_up_lost(LOST, Cause.LOST):
        log.error("a job failed for good", delivery=lost.guid, cause=Cause.LOST.value, reason=LOST)
        observe(lost.event, Cause.LOST)


def _conclude(office: Office, orphan: Orphan) -> bool:
    """Conclude one, as the only process that works on its pull request; False if somebody else took it up again."""
    review = orphan.review
    with office.store.database.sole_holder(lock_name(review.key.repository_id, review.key.number)) as lock:
        if not office.store.unfinished.is_orphan(review.id):
            return False
        reason = orphan.reason or LOST
        if orphan.installation is None:
            # Nobody can say through which installation its repository is reached: there is nobody to ask.
            office.store.reviews.failed(review, Conclusion.NEUTRAL, reason)
            return False
        delivery = _as_delivery(orphan, orphan.installation)
        owner, _, name = delivery.repository.partition("/")
        forge = office.forge_of(Repository(review.key.repository_id, owner, name, delivery.installation))
        give_up(Desk(office, delivery, forge, lock), review, reason)
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
