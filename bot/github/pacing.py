"""When the next write may go out: GitHub wants writes spaced, counts what we create, and sometimes asks us to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from preship.bot.github.access import GitHubAccess
from preship.bot.review.forge import RateLimited

# A pause this long is worth holding a worker for; a longer one ends the job, which comes back later.
LONGEST_PAUSE_SECONDS = 10.0


class Ledger(Protocol):
    """Where all processes book the turns of an installation, one after another."""

    def book(
        self,
        installation: int,
        spacing_seconds: float,
        quotas: Sequence[tuple[float, int]],
        patience_seconds: float,
        repository: int = 0,
    ) -> float:
        """Take the next turn, and give the seconds until then; more than `patience_seconds` means that none is taken.

        `quotas` are pairs of seconds and how much may be created meanwhile; without any, nothing is created. Of them
        a `repository` has its share; 0 is none in particular.
        """
        ...

    def close(self, installation: int, seconds: float, grows: bool) -> float:
        """Let nobody ask for so long, and give for how long that is; one that `grows` doubles while limits go on."""
        ...

    def closed_seconds(self, installation: int) -> float:
        """For how long nobody may ask yet; 0 where everybody may."""
        ...


class Pacing:
    """The pace of one GitHub, kept in a ledger; PyGithub's own is per client and not thread-safe."""

    def __init__(self, ledger: Ledger, access: GitHubAccess, sleep: Callable[[float], None] = time.sleep) -> None:
        self._ledger = ledger
        self._spacing = access.write_interval_seconds
        self._quotas = ((60.0, access.writes_per_minute), (3600.0, access.writes_per_hour))
        self._sleep = sleep

    def wait_for_turn(self, installation: int, *, creates: bool, repository: int = 0) -> None:
        """Return when this installation may write in a repository.

        Raises `RateLimited` where that is too far off to wait for.
        """
        quotas = self._quotas if creates else ()
        pause = self._ledger.book(installation, self._spacing, quotas, LONGEST_PAUSE_SECONDS, repository)
        if pause > LONGEST_PAUSE_SECONDS:
            raise RateLimited(_in(pause))
        if pause > 0:
            self._sleep(pause)

    @contextmanager
    def within_limits(self, installation: int) -> Iterator[None]:
        """Ask GitHub nothing while it wants this installation to wait, and note for all processes when it says so."""
        if (closed := self._ledger.closed_seconds(installation)) > 0:
            raise RateLimited(_in(closed))
        try:
            yield
        except RateLimited as limit:
            seconds = (limit.until - datetime.now(UTC)).total_seconds()
            closed = self._ledger.close(installation, max(seconds, 0.0), grows=not limit.is_advised)
            raise RateLimited(_in(closed), limit.is_advised) from limit


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
