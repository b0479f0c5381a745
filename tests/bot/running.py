"""`preship serve` as a process of its own, watched by its logs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.patience import PATIENCE_SECONDS

SERVE = "from preship.bot.app import serve; from preship.bot.settings import load_settings; serve(load_settings())"
WORK = "from preship.bot.app import work; from preship.bot.settings import load_settings; work(load_settings())"


@dataclass
class Running:
    """A process and what it logs."""

    process: subprocess.Popen[str]
    url: str = ""

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next log line of this event."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if event in entry["event"]:
                return entry
        raise AssertionError(f"it ended with {self.process.wait()} and never logged {event!r}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the exit status."""
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode


@contextmanager
def running(command: str, environment: dict[str, str]) -> Iterator[Running]:
    """A process with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRESHIP_", "DATABASE_URL"))}
    process = subprocess.Popen(
        [sys.executable, "-c", command], env={**kept, **environment}, stderr=subprocess.PIPE, text=True
    )
    # A line that never comes must fail the test, not hang it.
    watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    try:
        yield Running(process)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
            process.communicate()


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Running]:
    """`preship serve` on a free port, listening."""
    with running(SERVE, {"PRESHIP_PORT": "0", **environment}) as found:
        said = found.wait_for("Uvicorn running on")["event"]
        found.url = said.split()[3]
        yield found
