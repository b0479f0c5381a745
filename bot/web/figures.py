"""What a chart is drawn of, counted now and then.

Of 2,000 repositories and 26 weeks the counting reads a hundred thousand findings: most of what the page costs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from preship.bot.store.listings import Listings

FRESH_SECONDS = 60.0
"""For so long figures are shown again to whoever sees the same repositories."""

_MOST_KEPT = 100

Counts = list[tuple[datetime, str, int]]


@dataclass(slots=True)
class Figures:
    """Findings by week and rule, remembered for a short time by the repositories that they are of."""

    fresh_seconds: float = FRESH_SECONDS
    _known: dict[tuple[datetime, frozenset[int]], tuple[float, Counts]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, listings: Listings, ids: Sequence[int], since: datetime) -> Counts:
        """What comments told since then."""
        key, now = (since, frozenset(ids)), time.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < self.fresh_seconds:
            return known[1]
        counted = listings.findings_by_week(ids, since)
        with self._lock:
            while len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = (now, counted)
        return counted
