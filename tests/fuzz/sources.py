"""Mutated sources for the analysis: it must neither fall over nor hang, and say what it could not read.

Run as a module it is the process that reads, one case a line; the one who asks restarts it where it dies.
"""

from __future__ import annotations

import queue
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

APPS = Path(__file__).parent.parent / "apps"
ROOT = Path(__file__).parent.parent.parent

# The analysis promises ten seconds for the worst file. They are seconds of a processor: other work on the machine is
# no fault of the analysis.
BUDGET_SECONDS = 40.0
_GLANCE_SECONDS = 0.5

BENT_PATH = "app/bent/actions.ts"


@dataclass(frozen=True, slots=True)
class Fault:
    """A case that went wrong."""

    case: str
    what: str


def faults(seed: int, count: int) -> Iterator[Fault]:
    """Every case of a seed that went wrong."""
    yield from faults_of([f"{seed} {number}" for number in range(count)])


def faults_of(cases: Sequence[str]) -> Iterator[Fault]:
    """Every one of these cases that went wrong."""
    waiting = list(cases)
    while waiting:
        reader = _Reader()
        try:
            while waiting:
                case = waiting.pop(0)
                if what := reader.read(case):
                    yield Fault(case, what)
                if not reader.lives:
                    break
        finally:
            reader.close()


class _Reader:
    """The process that reads."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.reader"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, encoding="utf-8"
        )
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.lives = True

    def read(self, case: str) -> str:
        """What went wrong with a case; empty where nothing did."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{case}\n")
        self._process.stdin.flush()
        said = self._answer()
        if said is None:
            self.lives = False
            return f"took longer than {BUDGET_SECONDS:g} seconds"
        if said:
            return said.strip().removeprefix("well")
        self.lives = False
        return f"ended the process with {self._process.wait()}"

    def _answer(self) -> str | None:
        """The next line of the process, or none because it ended; None where it has worked longer than it may."""
        before = self._worked()
        while True:
            try:
                return self._said.get(timeout=_GLANCE_SECONDS)
            except queue.Empty:
                if self._worked() - before > BUDGET_SECONDS:
                    return None

    def _worked(self) -> float:
        """For how many seconds a processor has served it."""
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line)
        self._said.put("")


def seeds() -> Mapping[str, bytes]:
    """Real-looking files: those of the apps of the tests."""
    paths = [path for path in sorted(APPS.rglob("*.ts*")) if path.suffix in (".ts", ".tsx")]
    return {str(path.relative_to(APPS)): path.read_bytes() for path in paths}


def chance_of(case: str) -> random.Random:
    """The chance that bends a case; the same in every run."""
    return random.Random(f"source {case}")
