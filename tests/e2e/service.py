"""The service as an operator runs it: `preship serve`, a process of its own, configured by its environment."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.patience import PATIENCE_SECONDS
from tests.rig.github import PRIVATE_KEY, SECRET, Rig
from tests.rig.world import APP_ID, CLIENT_ID, CLIENT_SECRET

METRICS_TOKEN = "a token of those who measure"


def eventually(is_so: Callable[[], bool], what: str, alive: Callable[[], bool] = lambda: True) -> None:
    """Return once `is_so` holds."""
    tick = threading.Event()
    until = time.monotonic() + PATIENCE_SECONDS
    while (begun := time.monotonic()) < until:
        if is_so():
            return
        assert alive(), f"the service ended before {what}"
        # Asking takes processors away from what is waited for: the longer it takes, the more seldom.
        tick.wait(max(0.05, 3 * (time.monotonic() - begun)))
    raise AssertionError(f"it never came to pass: {what}")


class Service:
    """One running `preship serve`; it can be killed and started again, as a machine may be."""

    def __init__(
        self, rig: Rig, database_url: str | None, directory: Path, *, probe: str = "/intakez", **changes: str
    ) -> None:
        self._directory = directory
        told = {**environment(rig, database_url, directory), **changes}
        self._environment = {name: value for name, value in told.items() if value}
        self._probe = probe
        """What answers 200 once it has started."""
        self._process: subprocess.Popen[bytes] | None = None
        self._log = directory / "service.log"
        self._lived_until = 0
        """Where the log of the current life begins, in characters."""
        directory.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        if error is not None:
            sys.stderr.write(self.log()[-20_000:])

    @property
    def webhook(self) -> str:
        """Where deliveries go."""
        return f"{self.url}/webhook"

    @property
    def pid(self) -> int:
        """Of the process of this life."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, and return once it is ready to serve."""
        self._lived_until = len(self.log())
        command = [str(Path(sys.executable).parent / "preship"), "serve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, cwd=self._directory, start_new_session=True
            )
        eventually(lambda: self._is_ready() or not self.is_running(), "started")
        assert self.is_running(), self.log()[-5000:]

    def stop(self) -> None:
        """End it as `systemctl stop` does."""
        if self._process is not None and self.is_running():
            self._process.terminate()
            self.resume()
            self._process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it as a power cut does, with everything it started."""
        assert self._process is not None
        self._signal(signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)

    def pause(self) -> None:
        """Let it stall, as a machine that swaps does."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a stalled one wake up."""
        self._signal(signal.SIGCONT)

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """What it said so far, over all its lives."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def url(self) -> str:
        """Where this life listens; empty until it says so."""
        said = re.search(r"Uvicorn running on (http://[\d.:]+)", self.log()[self._lived_until :])
        return said[1] if said else ""

    def _signal(self, number: int) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def _is_ready(self) -> bool:
        url = self.url
        if not url:
            return False
        try:
            with urllib.request.urlopen(f"{url}{self._probe}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    """A port that nobody listens on. Every life of a service has the same one: GitHub knows its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(rig: Rig, database_url: str | None, directory: Path) -> Mapping[str, Any]:
    """Nothing of the machine's but its PATH and home, and everything that the service may be told."""
    told = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "PRESHIP_DATA": str(directory / "data"),
        "PRESHIP_APP_ID": str(APP_ID),
        "PRESHIP_PRIVATE_KEY": PRIVATE_KEY,
        "PRESHIP_WEBHOOK_SECRET": SECRET,
        "PRESHIP_CLIENT_ID": CLIENT_ID,
        "PRESHIP_CLIENT_SECRET": CLIENT_SECRET,
        "PRESHIP_API_URL": rig.api_url,
        "PRESHIP_GIT_URL": rig.git_url,
        "PRESHIP_PORT": str(_free_port()),
        "PRESHIP_METRICS_TOKEN": METRICS_TOKEN,
        # Only tests about it let GitHub be asked whether it is there.
        "PRESHIP_PROBE_SECONDS": "86400",
        "PRESHIP_ORGANIZATION_CONFIGURATION": "false",
        # Only the test about them looks for missed deliveries again and again.
        "PRESHIP_MISSED_SECONDS": "3600",
        # No worker is taken for dead because the machine is busy: tests let a heartbeat age where one has died.
        "PRESHIP_HEARTBEAT_SECONDS": "0.2",
        "PRESHIP_STALLED_SECONDS": str(PATIENCE_SECONDS),
        "PRESHIP_ANALYSIS_SECONDS": str(int(PATIENCE_SECONDS)),
        "PRESHIP_REQUEST_SECONDS": str(PATIENCE_SECONDS),
        "PRESHIP_RETRY_SECONDS": "0.1",
        "PRESHIP_WRITE_INTERVAL_SECONDS": "0",
    }
    return told | ({"DATABASE_URL": database_url} if database_url else {})
