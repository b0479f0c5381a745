"""The worker: takes jobs off the queue, gives them to a function, and rescues those of workers that died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from preship.bot.store.queue import QUEUE, TASK, retry_stalled, worker_app

log = structlog.get_logger()

# It logs each job twice, with a traceback where a job merely asks to run later; we log each once, ourselves.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

# Neither a job that asked for later nor the next one for a pull request is announced: they are only found by looking.
_POLL_SECONDS = 0.5


class Later(Exception):
    """The job ends now and runs again at a given time; it holds no worker meanwhile."""

    def __init__(self, at: datetime, reason: str) -> None:
        super().__init__(f"to run again at {at.isoformat()}: {reason}")
        self.at = at
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker keeps time."""

    concurrency: int
    """Jobs at a time."""

    heartbeat_seconds: float
    """Between two signs of life."""

    stalled_seconds: float
    """Without a sign of life for so long, a worker's jobs are given to others."""


class _WhenItSays(BaseRetryStrategy):
    """A job that raises `Later` runs again then; any other exception ends it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run again, if at all."""
        return RetryDecision(retry_at=exception.at) if isinstance(exception, Later) else None


_AGAIN_SECONDS = 1.0


async def run_worker(url: str, serve: Callable[[str], None], pace: Pace, stop: asyncio.Event) -> None:
    """Serve jobs by calling `serve(guid)` in threads until `stop` is set or the database goes away.

    Jobs that run when `stop` is set are waited for; `serve` should notice by other means and raise `Later`.
    """
    app = worker_app(url)
    served: set[str] = set()

    @app.task(name=TASK, queue=QUEUE, retry=_WhenItSays())
    def review(guid: str) -> None:
        served.add(guid)
        try:
            serve(guid)
        finally:
            served.discard(guid)

    async with app.open_async():
        tasks = [asyncio.create_task(_work(app, pace)), asyncio.create_task(_rescue(app, pace))]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended((*tasks, stopping), lambda: bool(served))
        for task in tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error


async def ended(
    tasks: Collection[asyncio.Task[Any]],
    is_busy: Callable[[], bool] = lambda: False,
    again_seconds: float = _AGAIN_SECONDS,
) -> None:
    """Cancel tasks until they have ended; who is busy is left to end by itself.

    Until Python 3.12 `asyncio.wait_for` loses a cancellation that meets the end of its wait, and with it whoever waits
    for a connection of the pool, as all do that have just begun: https://github.com/python/cpython/issues/86296.
    """
    for task in tasks:
        task.cancel()
    while running := [task for task in tasks if not task.done()]:
        await asyncio.wait(running, timeout=again_seconds)
        for task in running if not is_busy() else ():
            task.cancel()


async def _work(app: App, pace: Pace) -> None:
    await app.run_worker_async(
        queues=[QUEUE],
        concurrency=pace.concurrency,
        update_heartbeat_interval=pace.heartbeat_seconds,
        stalled_worker_timeout=pace.stalled_seconds,
        fetch_job_polling_interval=_POLL_SECONDS,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


async def _rescue(app: App, pace: Pace) -> None:
    """Look for jobs of dead workers, at once and then in the pace of heartbeats."""
    while True:
        if count := await retry_stalled(app, pace.stalled_seconds):
            log.warning("jobs of a dead worker are queued again", jobs=count)
        await asyncio.sleep(pace.heartbeat_seconds)
