"""Probes the app `ledger`, built by Next.js 16 and 15, with each of their compilers, and prints what was proven.

uv run python -m tests.benchmarks.probing
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from preship.bot.cli import run
from tests.probing.application import ANN, BEN, built, cookie_of, logging_server, serving

BUILDS = (
    ("16, Turbopack", "", ()),
    ("16, webpack", "", ("--webpack",)),
    ("15, webpack", "next15", ()),
    ("15, Turbopack", "next15", ("--turbopack",)),
)


def main() -> int:
    """What each build's probe prints; the highest exit code."""
    codes = []
    with logging_server() as server, tempfile.TemporaryDirectory() as folder:
        ann, ben = Path(folder, "ann"), Path(folder, "ben")
        ann.write_text(cookie_of(ANN))
        ben.write_text(cookie_of(BEN))
        for name, lock, options in BUILDS:
            with serving(built(lock, *options), server) as application:
                print(f"== Next.js {name}", flush=True)
                where = ["--url", application.url, "--build-dir", str(application.build), "--rate", "500", "--yes"]
                watched = [*where, "--database-url", application.database, "--cookie-file", str(ann)]
                transcript = ["--transcript", str(Path(folder, "probe.jsonl"))]
                before = application.rows()
                codes.append(run(["probe", *watched, *transcript]))
                print("nothing was written" if application.rows() == before else "ROWS CHANGED", flush=True)
                as_both = ["--other-cookie-file", str(ben), "--user-id", ANN, "--allow-writes"]
                codes.append(run(["probe", *watched, *transcript, *as_both]))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
