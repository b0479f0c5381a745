"""Faults on a tenth of GitHub's answers, of every kind that GitHub and networks know."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.rig.faults import PRIMARY_LIMIT, SECONDARY_LIMIT, Dropped, Failing, Fault, Hanging, When

SHARE = 0.1

# Long enough to be obeyed, and short enough for a storm that has to end.
LIMIT_SECONDS = 1


class Weather:
    """Decides for each request, by a seeded chance, whether a fault strikes it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.struck: Counter[str] = Counter()
        """How many faults there were, by kind."""

        self.asked = 0
        """How many requests there were."""

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request."""
        with self._lock:
            self.asked += 1
            if self._random.random() >= SHARE:
                return None
            kinds = KINDS | (OF_GRAPHQL if path == "/graphql" else {})
            kind = self._random.choice(list(kinds))
            self.struck[kind] += 1
        return kinds[kind]()

    def of_git(self) -> int | None:
        """The status with which git's answer fails."""
        with self._lock:
            self.asked += 1
            if self._random.random() >= SHARE:
                return None
            self.struck["git failed"] += 1
            return self._random.choice([500, 502, 503])


def _reset() -> dict[str, str]:
    return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + LIMIT_SECONDS)}


_ADVICE = {"Retry-After": str(LIMIT_SECONDS)}

KINDS: dict[str, Callable[[], Fault]] = {
    "server error before": lambda: Failing(502, "Bad Gateway"),
    "server error after": lambda: Failing(502, "Bad Gateway", when=When.AFTER),
    "time-out before": lambda: Hanging(when=When.BEFORE),
    "time-out after": lambda: Hanging(when=When.AFTER),
    "dropped before": lambda: Dropped(When.BEFORE),
    "dropped after": lambda: Dropped(When.AFTER),
    "primary limit": lambda: Failing(403, PRIMARY_LIMIT, _reset()),
    "secondary limit": lambda: Failing(403, SECONDARY_LIMIT, _ADVICE),
    "too many": lambda: Failing(429, "Too Many Requests", _ADVICE),
}

OF_GRAPHQL: dict[str, Callable[[], Fault]] = {
    "limit in a 200": lambda: Failing(
        200, headers=_reset(), body={"data": None, "errors": [{"type": "RATE_LIMITED", "message": PRIMARY_LIMIT}]}
    ),
}
