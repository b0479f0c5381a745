"""What page, `/readyz`, figures and log say at each moment of an outage, and whether all work is done afterwards.

uv run python -m tests.outages [disk] [github] [git] [database] [worker]

Each outage is a real one: a file system that is full (a small `tmpfs`, which takes the right to mount), a GitHub that
drops every connection, or whose git alone answers 503, a database server that is stopped, a worker that is killed at
work. The retries of an hour are not slept through: those that wait are told that their time has come.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from preship.bot.store.embedded import EmbeddedPostgres
from tests.bot.running import WORK, running
from tests.databases import age_heartbeats, fresh_database, running_server
from tests.e2e.app import files
from tests.e2e.service import METRICS_TOKEN, Service, environment, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.faults import Dropped, Striking, When
from tests.rig.github import Rig, RigRepository

_FIGURES = re.compile(
    r"^preship_(?:problems|queue|workers|failures_total|oldest_job_seconds|disk_free_bytes)\S* .*$", re.MULTILINE
)


class Watched:
    """A service, and what it says."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._read = 0

    def get(self, path: str) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        answer = httpx.get(f"{self.service.url}{path}", headers=headers, timeout=PATIENCE_SECONDS)
        return answer.status_code, answer.text

    def moment(self, name: str) -> None:
        """Print everything that it says now."""
        print(f"\n## {name}")
        for path in ("/readyz", "/intakez"):
            status, text = self.get(path)
            print(f"{path}: {status} {'; '.join(text.split(chr(10))).strip('; ')}")
        page = self.get("/")[1]
        heading = re.search(r"<h1>(.*?)</h1>", page)
        notes = re.findall(r'<div class="note bad">(.*?)</div>', page)
        print(f"page: {heading and heading[1]}: {' '.join(notes) or '–'}")
        print("figures:", ", ".join(_FIGURES.findall(self.get("/metrics")[1])))
        for line in self._news():
            print("log:", line)

    def _news(self) -> list[str]:
        """What was logged since the last moment; each sentence once."""
        text = self.service.log()
        lines = text[self._read :].splitlines()
        self._read = len(text)
        said: dict[str, int] = {}
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            kept = (entry.get("level"), entry["event"], entry.get("reason") or entry.get("error") or "")
            key = re.sub(r"\d{4}-\d\d-\S+|[0-9a-f-]{36}", "…", " | ".join(map(str, kept)))
            said[key] = said.get(key, 0) + 1
        return [f"{count} x {key}" for key, count in said.items()]


class Work:
    """Pull requests that are opened one after another."""

    def __init__(self, rig: Rig, service: Service) -> None:
        self.rig, self.service = rig, service
        self.repository: RigRepository = rig.repository(files("main"))
        self.opened: list[int] = []

    def open(self) -> int:
        """Open another; gives the status of the webhook."""
        branch = f"invoices-{len(self.opened)}"
        self.repository.push(branch, {**files("feature"), "NUMBER": branch})
        number = self.repository.open_pull_request(branch)
        self.opened.append(number)
        return self.rig.deliver(
            self.service.webhook, "pull_request", self.repository.pull_request_event(number, "opened")
        )

    def done(self) -> bool:
        """Whether each has its one review and its check run an end."""
        return all(
            len(self.repository.reviews(number)) == 1
            and [run.conclusion for run in self.repository.check_runs(self.repository.head(number))] == ["failure"]
            for number in self.opened
        )

    def all_done(self, watched: Watched) -> None:
        eventually(self.done, "reviewed", self.service.is_running)
        watched.moment("afterwards")
        print(f"all work done: {len(self.opened)} pull requests, one review and one concluded check run each")


HASTY = {"PRESHIP_RETRY_SECONDS": "1", "PRESHIP_PROBE_SECONDS": "2", "PRESHIP_RECONCILE_SECONDS": "2"}


def disk(folder: Path) -> None:
    """The disk of the data directory runs full: mirrors, and the embedded database."""
    data = folder / "service" / "data"
    data.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(data)], check=True)
    try:
        with Rig(folder / "github") as rig:
            hasty = {**HASTY, "PRESHIP_SCARCE_MEGABYTES": "20"}
            with Service(rig, None, folder / "service", probe="/healthz", **hasty) as service:
                watched, work = Watched(service), Work(rig, service)
                eventually(lambda: watched.get("/intakez")[0] == 200, "started", service.is_running)
                print("webhook:", work.open())
                eventually(work.done, "reviewed", service.is_running)
                watched.moment("before")
                filler = data / "filler"
                _fill(filler)
                print("webhooks:", [work.open() for _ in range(3)])
                threading.Event().wait(20)
                watched.moment("the disk is full")
                filler.unlink()
                work.all_done(watched)
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
                file.flush()
        except OSError as error:
            print(f"filled: {error.strerror}")


def github(folder: Path) -> None:
    """GitHub drops every connection for an hour, from the middle of a review on."""
    with _own(folder, **HASTY) as (rig, service, url):
        watched, work, away = Watched(service), Work(rig, service), threading.Event()
        rig.let_fail(lambda method, path: Dropped() if away.is_set() else None, lambda: 503 if away.is_set() else None)
        rig.fail("POST", "/repos/acme/shop/check-runs", Striking(away.set, When.AFTER, drops=False))
        print("webhooks:", [work.open() for _ in range(3)])
        eventually(lambda: watched.get("/readyz")[0] == 503, "red", service.is_running)
        watched.moment("GitHub is away")
        for _ in range(12):
            _an_interval_later(url, "5 minutes")
        watched.moment("GitHub is away for an hour")
        away.clear()
        work.all_done(watched)


def git(folder: Path) -> None:
    """GitHub's API answers, and git does not, for an hour."""
    with _own(folder, **HASTY) as (rig, service, url):
        watched, work, away = Watched(service), Work(rig, service), threading.Event()
        rig.let_fail(lambda method, path: None, lambda: 503 if away.is_set() else None)
        away.set()
        print("webhooks:", [work.open() for _ in range(3)])
        threading.Event().wait(10)
        watched.moment("git is away")
        for _ in range(12):
            _an_interval_later(url, "5 minutes")
        watched.moment("git is away for an hour")
        away.clear()
        work.all_done(watched)


def _an_interval_later(url: str, interval: str) -> None:
    """Let everything that waits have waited for so long, and wait until it was tried."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"UPDATE deliveries SET received_at = received_at - interval '{interval}'".encode())
        connection.execute(b"UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    threading.Event().wait(2)


def database(folder: Path) -> None:
    """The database server is stopped in the middle of a review, and started again after a while."""
    server = EmbeddedPostgres(folder / "server")
    with (
        fresh_database(server.url()) as url,
        Rig(folder / "github") as rig,
        Service(rig, url, folder / "service", **HASTY) as service,
    ):
        watched, work = Watched(service), Work(rig, service)
        stop = _stopper(folder / "server" / "postgres")
        rig.fail("POST", "/repos/acme/shop/check-runs", Striking(stop, When.AFTER, drops=False))
        print("webhook:", work.open())
        eventually(lambda: watched.get("/intakez")[0] == 503, "gone", service.is_running)
        print("webhook meanwhile:", work.open())
        threading.Event().wait(8)
        watched.moment("the database is stopped")
        server.url()
        age_heartbeats(url)
        work.all_done(watched)
    server.close()


def _stopper(data: Path) -> Callable[[], None]:
    def stop() -> None:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        subprocess.run(["kill", "-INT", str(pid)], check=True)

    return stop


def worker(folder: Path) -> None:
    """The one worker is killed at work; another is started later."""
    with _own(folder, PRESHIP_WORKER="off", PRESHIP_STALLED_SECONDS="3", **HASTY) as (rig, service, url):
        watched, work, at_work = Watched(service), Work(rig, service), threading.Event()
        rig.fail("POST", "/repos/acme/shop/check-runs", Striking(at_work.set, When.AFTER, drops=False))
        told = {**environment(rig, url, folder / "worker"), "PRESHIP_STALLED_SECONDS": "3", **HASTY}
        with running(WORK, told) as first:
            print("webhooks:", [work.open() for _ in range(2)])
            assert at_work.wait(PATIENCE_SECONDS)
            first.process.kill()
            first.process.wait()
        eventually(lambda: watched.get("/readyz")[0] == 503, "red", service.is_running)
        watched.moment("the worker is dead")
        with running(WORK, {**told, "PRESHIP_DATA": str(folder / "second")}):
            work.all_done(watched)


@contextmanager
def _own(folder: Path, **changes: str) -> Iterator[tuple[Rig, Service, str]]:
    with (
        running_server() as server,
        fresh_database(server) as url,
        Rig(folder / "github") as rig,
        Service(rig, url, folder / "service", **changes) as service,
    ):
        yield rig, service, url


OUTAGES = {"disk": disk, "github": github, "git": git, "database": database, "worker": worker}


def main() -> None:
    """Run those that are named, or all."""
    for name in sys.argv[1:] or OUTAGES:
        print(f"\n# {name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="preship-") as folder:
            Path(folder).chmod(0o711)
            OUTAGES[name](Path(folder))


if __name__ == "__main__":
    main()
