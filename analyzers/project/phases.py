"""What an analysis spends its time on: whoever begins a phase stops the clock of the one around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

Clock = Callable[[], float]
"""Gives seconds that only ever grow."""


class Phase(StrEnum):
    """The parts of an analysis; each without what it asks of another."""

    PARSE = "parse"
    """Reads source files and makes trees of them; functions are read to the bottom when they are first executed."""

    RESOLVE = "resolve"
    """Finds out who imports what."""

    EXECUTE = "execute"
    """Executes actions, pages and the modules that they need."""

    JUDGE = "judge"
    """All the rest: discovers actions, asks the rules, looks at neighbours."""


def stopped() -> float:
    """The clock of those who measure nothing."""
    return 0.0


class Phases:
    """How long each phase has taken so far."""

    def __init__(self, clock: Clock = stopped) -> None:
        self._clock = clock
        self._seconds = dict.fromkeys(Phase, 0.0)
        self._now = Phase.JUDGE
        self._since = clock()

    @contextmanager
    def of(self, phase: Phase) -> Iterator[None]:
        """What happens inside belongs to a phase, but for the phases inside it."""
        around = self._now
        self._turn_to(phase)
        try:
            yield
        finally:
            self._turn_to(around)

    def milliseconds(self) -> Mapping[str, int]:
        """Whole milliseconds by phase, and of all together."""
        self._turn_to(self._now)
        found = {str(phase): round(seconds * 1000) for phase, seconds in self._seconds.items()}
        return {**found, "total": round(sum(self._seconds.values()) * 1000)}

    def _turn_to(self, phase: Phase) -> None:
        at = self._clock()
        self._seconds[self._now] += at - self._since
        self._now, self._since = phase, at
