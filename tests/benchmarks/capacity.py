"""What a machine bears: `python -m tests.benchmarks.capacity [--deliveries N] [--reviews N] [--workers 1 2 4]`.

Prints how many deliveries a web process accepts in a second; how many changes so many workers review in a minute, what
of the processors one review takes, and what memory a worker; and what the database takes on the disk.

GitHub is the fake of the tests, on the same machine and its processors, and sets no pace: the processor seconds of a
review are the workers' alone, with the git that they run. A change is that of `tests/apps/invoices`, eight actions with
four comments, in an application of some 300 actions.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from preship.bot.store.deliveries import Delivery, State
from preship.bot.store.store import Store, open_store
from tests.benchmarks import pages
from tests.databases import fresh_database, running_server
from tests.e2e.app import files
from tests.e2e.service import Service, environment, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig import webhooks
from tests.rig.github import SECRET, Rig, RigRepository
from tests.rig.world import INSTALLATION

REPOSITORIES = 6
FEATURES = 100
"""Folders of the application that have actions of their own, three each."""

SENDERS = 8
SAMPLE_SECONDS = 0.5

UNLIMITED = {
    "PRESHIP_WRITES_PER_MINUTE": "1000000",
    "PRESHIP_WRITES_PER_HOUR": "1000000",
    "PRESHIP_HEARTBEAT_SECONDS": "5",
    "PRESHIP_STALLED_SECONDS": "20",
}
"""No pace of GitHub's, and signs of life as seldom as they are."""


def application() -> Mapping[str, str]:
    """One with many features."""
    main = files("main")
    feature = {"actions.ts": main["src/app/announcements/actions.ts"], "page.tsx": main["src/app/page.tsx"]}
    more = {f"src/app/feature{n}/{name}": text for n in range(FEATURES) for name, text in feature.items()}
    return {**main, **more}


def opened(rig: Rig, count: int) -> list[tuple[RigRepository, int]]:
    """So many pull requests, in a few repositories."""
    main, feature = application(), files("feature")
    repositories = [rig.repository(main, f"acme/shop-{number}") for number in range(REPOSITORIES)]
    found = []
    for number in range(count):
        repository, branch = repositories[number % REPOSITORIES], f"change-{number}"
        repository.push(branch, {**feature, "CHANGES.md": f"{number}\n"})
        found.append((repository, repository.open_pull_request(branch)))
    return found


def accepted(rig: Rig, url: str, folder: Path, count: int) -> str:
    """How many deliveries are stored in a second, by one process that does nothing else."""
    [(repository, number)] = opened(rig, 1)
    event: Mapping[str, Any] = repository.pull_request_event(number, "opened")
    with Service(rig, url, folder, probe="/healthz", PRESHIP_WORKER="off") as service:
        eventually(lambda: "the database is open" in service.log(), "the database", service.is_running)
        bodies = [_body(event, each) for each in range(count)]
        with httpx.Client(timeout=PATIENCE_SECONDS) as client, ThreadPoolExecutor(SENDERS) as senders:
            began = time.perf_counter()
            taken = list(senders.map(lambda body: _sent(client, service.webhook, body), bodies))
            seconds = time.perf_counter() - began
        memory = psutil.Process(service.pid).memory_full_info().pss / 1e6
    median, slow = statistics.median(taken) * 1000, statistics.quantiles(taken, n=100)[-1] * 1000
    return (
        f"{count / seconds:.0f} deliveries a second ({len(bodies[0]) / 1000:.0f} KB each, {SENDERS} at a time):"
        f" median {median:.0f} ms, 99th of a hundred {slow:.0f} ms; {memory:.0f} MB"
    )


def _body(event: Mapping[str, Any], number: int) -> bytes:
    pull_request = {**event["pull_request"], "number": number + 1}
    return json.dumps({**event, "number": number + 1, "pull_request": pull_request}).encode()


def _sent(client: httpx.Client, address: str, body: bytes) -> float:
    began = time.perf_counter()
    headers = dict(webhooks.headers("pull_request", body, SECRET, str(uuid.uuid4())))
    answer = client.post(address, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return time.perf_counter() - began


@dataclass
class Watched:
    """Workers, and what they take."""

    processes: Sequence[psutil.Popen]
    idle: list[float] = field(default_factory=list)
    """Megabytes of each before the first review."""

    most: dict[int, float] = field(default_factory=dict)
    """The most megabytes of each, by its number."""

    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look now and then until it is over."""
        while not self.over.wait(SAMPLE_SECONDS):
            for process in self.processes:
                self.most[process.pid] = max(self.most.get(process.pid, 0.0), megabytes(process))

    def processor_seconds(self) -> float:
        """Of all, with every process that they started."""
        return sum(_seconds(each) for process in self.processes for each in _tree(process))


def _tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0.0


def megabytes(process: psutil.Process) -> float:
    """What a worker takes with its children; what they share is counted once."""
    found = 0
    for each in _tree(process):
        try:
            found += each.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return found / 1e6


@contextmanager
def working(rig: Rig, url: str, folder: Path, count: int, store: Store) -> Iterator[Watched]:
    """So many workers, which have said that they live."""
    command = [str(Path(sys.executable).parent / "preship"), "worker"]
    variables = {**environment(rig, url, folder), **UNLIMITED}
    with ExitStack() as running:
        log = running.enter_context((folder / "workers.log").open("wb"))
        processes = []
        for _ in range(count):
            process = psutil.Popen(command, env=variables, stdout=log, stderr=log, cwd=folder)
            running.callback(process.wait)
            running.callback(process.terminate)
            processes.append(process)
        eventually(lambda: store.health.vitals(20).workers == count, f"{count} workers")
        watched = Watched(processes, [megabytes(process) for process in processes])
        thread = threading.Thread(target=watched.watch)
        thread.start()
        yield watched
        watched.over.set()
        thread.join()


def reviewed(rig: Rig, url: str, folder: Path, workers: int, count: int) -> str:
    """One row: so many changes, reviewed by so many workers."""
    store, changes = open_store(url), opened(rig, count)
    folder.mkdir(parents=True)
    with working(rig, url, folder, workers, store) as watched:
        began = time.perf_counter()
        for repository, number in changes:
            store.deliveries.accept(_delivery(repository, number))
        while (states := _states(store)).get(State.QUEUED):
            time.sleep(SAMPLE_SECONDS / 5)
        seconds = time.perf_counter() - began
        processor = watched.processor_seconds()
    assert states == {State.DONE: count}, (folder / "workers.log").read_text()[-5000:]
    assert not rig.violations
    store.close()
    return (
        f"| {workers} | {60 * count / seconds:.0f} | {processor / count:.1f} | {max(watched.idle):.0f} MB"
        f" | {max(watched.most.values()):.0f} MB |"
    )


def _delivery(repository: RigRepository, number: int) -> Delivery:
    guid, stored, head = str(uuid.uuid4()), repository.stored, repository.head(number)
    return Delivery(
        guid, "pull_request", "opened", stored.id, stored.full_name, INSTALLATION, number, head, "ada", "push"
    )


def _states(store: Store) -> dict[State, int]:
    rows = store.database.rows("SELECT state, count(*) AS deliveries FROM deliveries GROUP BY 1")
    return {State(row["state"]): row["deliveries"] for row in rows}


def disk(url: str, reviews: int) -> str:
    """What a thousand reviews take, each with its delivery and three findings."""
    store = open_store(url)
    before = _bytes(store)
    pages.fill(store, argparse.Namespace(deliveries=reviews, repositories=200, days=400))
    taken = (_bytes(store) - before) / reviews * 1000
    store.close()
    return f"{taken / 1e6:.1f} MB of the database for 1,000 reviews (an empty one has {before / 1e6:.0f} MB)"


def _bytes(store: Store) -> int:
    [row] = store.database.rows("SELECT pg_database_size(current_database()) AS bytes")
    return int(row["bytes"])


def machine() -> str:
    """On what all of it was measured."""
    model = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ": an unknown processor")
    return f"{os.cpu_count()} processors ({model.partition(': ')[2].strip()}), Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deliveries", type=int, default=3000)
    parser.add_argument("--reviews", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    print(machine(), flush=True)
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        with Rig(Path(folder) / "github-0") as rig, fresh_database(server) as url:
            print(accepted(rig, url, Path(folder) / "web", options.deliveries), flush=True)
        with fresh_database(server) as url:
            print(disk(url, 20_000), flush=True)
        print("\n| workers | reviews a minute | processor seconds a review | memory of one, idle | at most |")
        print("|---|---|---|---|---|", flush=True)
        for count in options.workers:
            with Rig(Path(folder) / f"github-{count}") as rig, fresh_database(server) as url:
                print(reviewed(rig, url, Path(folder) / f"workers-{count}", count, options.reviews), flush=True)


if __name__ == "__main__":
    main()
