"""Deliveries that never reached us: GitHub repeats none by itself, but an app may ask for them, for three days.

https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import structlog

from preship.bot.review.forge import Refused
from preship.bot.review.hook import Attempt, Hook
from preship.bot.store.store import Store

log = structlog.get_logger()

TASK = "missed deliveries"

_REDELIVERED_FOR = timedelta(days=3)

# An attempt may be listed some time after it was made.
_OVERLAP = timedelta(minutes=10)

# What we answer to a delivery that we shall never be able to take; any other refusal may come from a proxy, a database
# that was away, or a secret that was wrong.
_HOPELESS = frozenset({400, 413})


def fetch_missed(store: Store, hook: Hook, every_seconds: float) -> int:
    """Ask for every delivery that failed since this was last done, and give how many.

    Raises `Busy` where it was done, or is being done, by any process; `ForgeError` and `StoreError`.
    """
    with store.scheduled_tasks.due(TASK, every_seconds) as age:
        since = datetime.now(UTC) - _REDELIVERED_FOR
        if age is not None:
            since = max(since, datetime.now(UTC) - timedelta(seconds=age) - _OVERLAP)
        missed = missed_attempts(hook.attempts_since(since))
        known = store.deliveries.known([attempt.guid for attempt in missed])
        return sum(_sent_again(hook, attempt) for attempt in missed if attempt.guid not in known)


def missed_attempts(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The last attempt of each delivery of which none was taken, the oldest first."""
    last: dict[str, Attempt] = {}
    settled: set[str] = set()
    for attempt in sorted(attempts, key=lambda one: (one.at, one.id)):
        last[attempt.guid] = attempt
        if 200 <= attempt.status < 300 or attempt.status in _HOPELESS:
            settled.add(attempt.guid)
    return [attempt for guid, attempt in last.items() if guid not in settled]


def _sent_again(hook: Hook, attempt: Attempt) -> bool:
    try:
        hook.send_again(attempt.id)
    except Refused as refusal:
        # Too old by now, or gone: the others may still come.
        log.warning("a missed delivery does not come again", delivery=attempt.guid, reason=refusal.reason)
        return False
    return True
