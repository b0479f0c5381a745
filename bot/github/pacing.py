"""When the next write may go out: GitHub wants writes spaced, and counts the content we create."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.review.forge import RateLimited

HOUR_SECONDS = 3600.0

# A pause this long is worth holding a worker for; a longer one ends the job, which comes back later.
LONGEST_PAUSE_SECONDS = 30.0


class Pacing(Protocol):
    """Hands out turns to write. PyGithub's own spacing is per client and not thread-safe, so it is not used."""

    def wait_for_turn(self, installation: int) -> None:
        """Return when this installation may write; raise `RateLimited` where that is too far off."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as pacing sees it, so that tests need not wait."""

    now: Callable[[], float] = time.monotonic
    """Seconds since some fixed moment."""

    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class _Turns:
    """The turns of one installation."""

    next_turn: float = float("-inf")
    taken: deque[float] = field(default_factory=deque)


class InProcessPacing:
    """Paces the writes of one process; several workers of one installation pace each other only by GitHub's answers."""

    def __init__(self, interval_seconds: float, per_hour: int, clock: Clock | None = None) -> None:
        self._interval = interval_seconds
        self._per_hour = per_hour
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._turns: dict[int, _Turns] = defaultdict(_Turns)

    def wait_for_turn(self, installation: int) -> None:
        """Book the next free turn, then sleep until it comes."""
        with self._lock:
            pause = self._book(self._turns[installation], self._clock.now())
        if pause > 0:
            self._clock.sleep(pause)

    def _book(self, turns: _Turns, now: float) -> float:
        """Take the next turn and give the seconds until then; raises without taking one when it is too far off."""
        while turns.taken and turns.taken[0] <= now - HOUR_SECONDS:
            turns.taken.popleft()
        turn = max(now, turns.next_turn)
        if len(turns.taken) >= self._per_hour:
            turn = max(turn, turns.taken[0] + HOUR_SECONDS)
        if turn - now > LONGEST_PAUSE_SECONDS:
            raise RateLimited(datetime.now(UTC) + timedelta(seconds=turn - now))
        turns.next_turn = turn + self._interval
        turns.taken.append(turn)
        return turn - now
