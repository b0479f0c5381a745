"""The machines: a database and the processes of a service, which are killed, stalled and started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType

import psycopg

from preship.bot.store.embedded import EmbeddedPostgres
from tests.e2e.service import environment, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig

WORKERS = 3
SERVERS = 2

HEARTBEAT_SECONDS = 0.5

# Less than a busy machine may take for an answer would let a client ask again while its first request is under way.
REQUEST_SECONDS = 10.0

STALL_SECONDS = 6.0

DOWN_SECONDS = 0.5


@dataclass
class Machine:
    """One process of the service, with a data directory of its own."""

    name: str
    command: str
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    down_until: float = 0.0
    stalled_until: float | None = None

    @property
    def webhook(self) -> str:
        """Where it takes deliveries."""
        return f"http://127.0.0.1:{self.environment['PRESHIP_PORT']}/webhook"

    @property
    def is_up(self) -> bool:
        """Whether its process lives and is not stalled."""
        return self.process is not None and self.process.poll() is None and self.stalled_until is None

    def is_ready(self) -> bool:
        """Whether it would take a delivery."""
        try:
            with urllib.request.urlopen(self.webhook.replace("/webhook", "/readyz"), timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def start(self) -> None:
        """Start it."""
        arguments = [str(Path(sys.executable).parent / "preship"), self.command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                arguments, env=self.environment, stdout=log, stderr=log, cwd=self.log.parent, start_new_session=True
            )

    def kill(self, *, alone: bool) -> None:
        """End the process at once: with everything that it started, or `alone`, so that orphans remain."""
        if self.process is not None and self.process.poll() is None:
            (os.kill if alone else os.killpg)(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.stalled_until = None
        self.down_until = time.monotonic() + DOWN_SECONDS

    def stall(self) -> None:
        """Let it stand still, as a machine that swaps does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGSTOP)
            self.stalled_until = time.monotonic() + STALL_SECONDS

    def tend(self) -> None:
        """Wake it up when its time has come, and start it again when it is down."""
        now = time.monotonic()
        if self.stalled_until is not None and now >= self.stalled_until and self.process is not None:
            os.killpg(self.process.pid, signal.SIGCONT)
            self.stalled_until = None
        if (self.process is None or self.process.poll() is not None) and now >= self.down_until:
            self.start()

    def ask_to_end(self) -> None:
        """Ask it to end, as an operator does."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGCONT)
            self.process.terminate()

    def wait(self) -> None:
        """Wait until it has ended."""
        if self.process is not None:
            self.process.wait(PATIENCE_SECONDS)


@dataclass
class Machines:
    """All of them, and their database."""

    rig: Rig
    directory: Path
    seed: int
    deaths: Counter[str] = field(default_factory=Counter)
    """How often each has been killed."""

    stalls: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._struck_at: datetime | None = None
        """When a worker was struck whose silence the others have not noticed yet, by the database's clock."""

        # Postgres refuses to run below a directory that its user may not enter.
        self._home = Path(tempfile.mkdtemp(prefix="preship-"))
        self._postgres = EmbeddedPostgres(self._home)
        self.database_url = self._postgres.url()
        self.servers = [self._machine("serve", number) for number in range(SERVERS)]
        self.workers = [self._machine("worker", number) for number in range(WORKERS)]

    def __enter__(self) -> Machines:
        self.tend()
        for machine in self.servers:
            eventually(machine.is_ready, f"{machine.name} is ready")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for machine in self._all():
            machine.ask_to_end()
        for machine in self._all():
            machine.wait()
        self._postgres.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def kill_one(self) -> None:
        """Let one process die, whichever it is; the database is one of them."""
        victims = ["database", *(machine.name for machine in self._all() if machine.is_up)]
        name = self._random.choice(victims)
        self.deaths[name.partition("-")[0]] += 1
        if name == "database":
            record = self._home.resolve() / "postgres" / "postmaster.pid"
            os.kill(int(record.read_text().splitlines()[0]), signal.SIGKILL)
            self._postgres.url()
        else:
            machine = next(machine for machine in self._all() if machine.name == name)
            machine.kill(alone=self._random.random() < 0.3)
        self._struck_at = self._now()

    def stall_one(self) -> None:
        """Let one worker stand still for longer than others wait for it."""
        if up := [machine for machine in self.workers if machine.is_up]:
            self._random.choice(up).stall()
            self.stalls += 1
            self._struck_at = self._now()

    def tend(self) -> None:
        """What an operator's supervisor does: whatever is down is started again."""
        for machine in self._all():
            machine.tend()
        with suppress(psycopg.Error):
            self._age_the_silent()

    def _now(self) -> datetime | None:
        with suppress(psycopg.Error), psycopg.connect(self.database_url) as connection:
            [(now,)] = connection.execute("SELECT clock_timestamp()").fetchall()
            return now
        return self._struck_at

    def _age_the_silent(self) -> None:
        """Once every living worker has given a sign of life, let those that have not be silent for a day.

        A worker that is only slow is never taken for dead, however busy the machine is.
        """
        if self._struck_at is None:
            return
        with psycopg.connect(self.database_url) as connection:
            signs = connection.execute(
                "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s", (self._struck_at,)
            ).fetchall()
            if signs[0][0] >= sum(worker.is_up for worker in self.workers):
                connection.execute(
                    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 day'"
                    " WHERE last_heartbeat <= %s",
                    (self._struck_at,),
                )
                self._struck_at = None

    def logs(self) -> str:
        """Everything that they said."""
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in self.directory.glob("*.log"))

    def _all(self) -> list[Machine]:
        return [*self.servers, *self.workers]

    def _machine(self, command: str, number: int) -> Machine:
        name = f"{command}-{number}"
        told = environment(self.rig, self.database_url, self.directory / name) | {
            "PRESHIP_WORKER": "off",
            "PRESHIP_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
            "PRESHIP_REQUEST_SECONDS": str(REQUEST_SECONDS),
            "PRESHIP_MISSED_SECONDS": "5",
            "PRESHIP_RECONCILE_SECONDS": "5",
            "PRESHIP_SETTLED_SECONDS": "5",
            # This GitHub bears more than the real one, which would keep a storm waiting for hours.
            "PRESHIP_WRITES_PER_MINUTE": "10000",
            "PRESHIP_WRITES_PER_HOUR": "10000",
            # A tenth of all answers fails, so that half of the tries do: that is no reason to give a review up.
            "PRESHIP_ATTEMPTS": "40",
        }
        (self.directory / name).mkdir(parents=True, exist_ok=True)
        return Machine(name, command, told, self.directory / f"{name}.log")
