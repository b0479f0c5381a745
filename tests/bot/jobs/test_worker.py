"""The queue's own promises: every job is served, in order for one pull request, through retries and killed workers."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime

from preship.bot.jobs.worker import Later, Pace, ended, run_worker
from preship.bot.store.store import Store
from tests.bot.jobs.conftest import PUSHED
from tests.databases import age_heartbeats
from tests.patience import PATIENCE_SECONDS

PACE = Pace(concurrency=4, heartbeat_seconds=0.2, stalled_seconds=PATIENCE_SECONDS)


def work_until(url: str, serve, is_enough) -> None:
    """Run a worker until `is_enough()`, asked after each job."""

    async def run() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()

        def serve_and_look(guid: str) -> None:
            try:
                serve(guid)
            finally:
                if is_enough():
                    loop.call_soon_threadsafe(stop.set)

        await asyncio.wait_for(run_worker(url, serve_and_look, PACE, stop), PATIENCE_SECONDS)

    asyncio.run(run())


def left(store: Store) -> list[str]:
    return [row["status"] for row in store.database.rows("SELECT status FROM procrastinate_jobs")]


def test_every_accepted_delivery_is_served(store, database_url):
    served: list[str] = []
    wanted = [f"d-{number}" for number in range(20)]
    for number, guid in enumerate(wanted):
        store.deliveries.accept(replace(PUSHED, guid=guid, number=number + 1))
    work_until(database_url, served.append, lambda: len(served) == len(wanted))
    assert sorted(served) == sorted(wanted)
    assert left(store) == []


def test_one_pull_request_is_worked_on_by_one_job_at_a_time(store, database_url):
    running, most, served = 0, 0, []
    guard = threading.Lock()
    for number in range(6):
        store.deliveries.accept(replace(PUSHED, guid=f"d-{number}", trigger=f"comment:{number}"))

    def serve(guid: str) -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with guard:
            running -= 1
            served.append(guid)

    work_until(database_url, serve, lambda: len(served) == 6)
    assert most == 1
    assert served == [f"d-{number}" for number in range(6)]


def test_a_job_that_asks_for_later_runs_again_then(store, database_url):
    store.deliveries.accept(PUSHED)
    served: list[str] = []

    def serve(guid: str) -> None:
        served.append(guid)
        if len(served) < 3:
            raise Later(datetime.now(UTC), "not yet")

    work_until(database_url, serve, lambda: len(served) == 3)
    assert left(store) == []


def test_a_job_that_fails_is_kept_and_not_repeated(store, database_url):
    store.deliveries.accept(PUSHED)
    served: list[str] = []

    def serve(guid: str) -> None:
        served.append(guid)
        raise KeyError("ours")

    work_until(database_url, serve, lambda: bool(served))
    assert (served, left(store)) == (["d-1"], ["failed"])


BUSY_WORKER = """
import asyncio, sys, threading
from preship.bot.jobs.worker import Pace, run_worker

def serve(guid):
    print("busy", flush=True)
    threading.Event().wait()

asyncio.run(run_worker(sys.argv[1], serve, Pace(1, 0.2, 0.6), asyncio.Event()))
"""


def test_the_job_of_a_killed_worker_is_served_by_another(store, database_url):
    store.deliveries.accept(PUSHED)
    worker = subprocess.Popen([sys.executable, "-c", BUSY_WORKER, database_url], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"busy\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    age_heartbeats(database_url)
    served: list[str] = []
    work_until(database_url, served.append, lambda: bool(served))
    assert (served, left(store)) == (["d-1"], [])


def test_a_worker_that_is_stopped_while_it_begins_ends(store: Store, database_url: str) -> None:
    """Each time a little later: a cancellation may meet anything that it waits for."""

    async def begun_and_stopped() -> None:
        for number in range(25):
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(number * 0.004, stop.set)
            await asyncio.wait_for(run_worker(database_url, print, PACE, stop), PATIENCE_SECONDS)

    asyncio.run(begun_and_stopped())


def test_a_task_that_loses_its_cancellation_is_told_again() -> None:
    lost = []

    async def loses_one() -> None:
        while True:
            try:
                await asyncio.sleep(PATIENCE_SECONDS)
            except asyncio.CancelledError:
                lost.append(1)
                if len(lost) > 1:
                    raise

    async def told() -> None:
        task = asyncio.create_task(loses_one())
        await asyncio.sleep(0)
        await asyncio.wait_for(ended([task], again_seconds=0.01), PATIENCE_SECONDS)

    asyncio.run(told())
    assert len(lost) == 2
