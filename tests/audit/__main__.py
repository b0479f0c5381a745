"""The command."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.audit.causes import Cause
from tests.audit.report import report
from tests.audit.repository import audited


def main() -> int:
    """Audit repositories and print what was found; 1 where one could not be read."""
    asked = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    asked.add_argument("repositories", nargs="+", metavar="PATH[@COMMIT]", help="a git directory or a checkout")
    asked.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    asked.add_argument("--steps", type=int, default=3_000_000, help="expressions to evaluate at most of a repository")
    asked.add_argument("--worst", type=int, default=20, help="how many places to print (default 20)")
    asked.add_argument(
        "--cause", choices=[cause.name.lower() for cause in Cause], help="print places of this cause only"
    )
    given = asked.parse_args()
    audit = partial(audited, most_steps=given.steps)
    with ProcessPoolExecutor(given.jobs, max_tasks_per_child=1) as pool:
        found = list(pool.map(audit, sorted(given.repositories)))
    only = Cause[given.cause.upper()] if given.cause else None
    for line in report(found, given.worst, only):
        print(line)
    return 1 if any(each.failure for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
