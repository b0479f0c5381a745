"""Which mirrors go, and which stay."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from preship.bot.git.retention import tidy_mirrors

DAY = 24 * 3600.0
MUCH = 10**9


def mirror(root: Path, name: str, days: float, size: int = 100) -> Path:
    path = root / f"{name}.git"
    path.mkdir(parents=True)
    (path / "pack").write_bytes(b"x" * size)
    (path / "preship.lock").touch()
    os.utime(path / "preship.lock", (time.time() - days * DAY,) * 2)
    return path


def left(root: Path) -> set[str]:
    return {path.stem for path in root.iterdir()}


def test_mirrors_of_repositories_that_nobody_knows_go_and_so_do_unused_ones(tmp_path: Path):
    for name, days in (("1", 1), ("2", 1), ("3", 40)):
        mirror(tmp_path, name, days)
    assert tidy_mirrors(tmp_path, {1, 3}, 30 * DAY, MUCH) == 2
    assert left(tmp_path) == {"1"}


def test_of_too_much_those_that_were_unused_for_longest_go(tmp_path: Path):
    for name, days in (("1", 3), ("2", 1), ("3", 2)):
        mirror(tmp_path, name, days, 1000)
    assert tidy_mirrors(tmp_path, {1, 2, 3}, 30 * DAY, 2500) == 1
    assert left(tmp_path) == {"2", "3"}


def test_one_that_is_in_use_stays(tmp_path: Path):
    mirror(tmp_path, "1", 0)
    held = mirror(tmp_path, "2", 40)
    with (held / "preship.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(held / "preship.lock", (time.time() - 40 * DAY,) * 2)
        assert tidy_mirrors(tmp_path, set(), 30 * DAY, 0) == 0
    assert left(tmp_path) == {"1", "2"}


def test_where_there_are_no_mirrors_nothing_is_removed(tmp_path: Path):
    assert tidy_mirrors(tmp_path / "none", set(), DAY, 0) == 0
