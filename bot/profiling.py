"""A profile for those who report that something is slow: where the time went, in functions of Preship alone."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

MOST_LINES = 60
"""Functions that each of the two tables shows: behind those, none takes a hundredth of the time."""


@contextmanager
def profiled(file: Path | None) -> Iterator[None]:
    """Write where the processor's time went into a file, if one is named; nothing of the code under review is in it."""
    if file is None:
        yield
        return
    profile = cProfile.Profile(time.process_time)
    with profile:
        yield
    file.write_text(_tables(profile), encoding="utf-8")


def _tables(profile: cProfile.Profile) -> str:
    """The functions that took most by themselves, and those that did with all they called."""
    page = StringIO()
    stats = pstats.Stats(profile, stream=page).strip_dirs()
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(MOST_LINES)
    return page.getvalue()
