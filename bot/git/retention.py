"""Which mirrors are removed: those of repositories that nobody knows any more, unused ones, the oldest of too many."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_IN_USE_SECONDS = 3600.0
"""A review that runs has opened its mirror within this time: analysis has minutes, not hours."""


@dataclass(frozen=True, slots=True)
class _Standing:
    path: Path
    used_at: float
    size_bytes: int


def tidy_mirrors(root: Path, known: Collection[int], unused_seconds: float, most_bytes: int) -> int:
    """Remove mirrors below a directory, and give how many. One that may be in use is left alone in any case."""
    now = time.time()
    standing = sorted(_standing(root), key=lambda each: each.used_at)
    total, removed = sum(each.size_bytes for each in standing), 0
    for each in standing:
        is_known = each.path.stem.isdecimal() and int(each.path.stem) in known
        if is_known and now - each.used_at < unused_seconds and total <= most_bytes:
            continue
        if now - each.used_at > _IN_USE_SECONDS and _removed(each.path):
            total -= each.size_bytes
            removed += 1
    return removed


def _standing(root: Path) -> Iterator[_Standing]:
    for path in root.glob("*.git"):
        with suppress(OSError):
            # The lock is opened anew for every use, which leaves the time of the last one on it.
            yield _Standing(path, (path / "preship.lock").stat().st_mtime, _size(path))


def _size(path: Path) -> int:
    return sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(path) for name in names)


def _removed(path: Path) -> bool:
    """Remove a mirror that nobody holds; under another name first, so that nobody opens half of one."""
    try:
        with (path / "preship.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            gone = path.with_suffix(".gone")
            shutil.rmtree(gone, ignore_errors=True)
            path.rename(gone)
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True
