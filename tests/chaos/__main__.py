"""The command."""

from __future__ import annotations

import argparse
import sys

from tests.chaos.storm import Storm, rage


def main() -> int:
    """Run one storm; 0 when everything held."""
    asked = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--deliveries", type=int, default=1000)
    asked.add_argument("--kills", type=int, default=40)
    given = asked.parse_args()
    outcome = rage(Storm(given.seed, given.deliveries, given.kills), lambda line: print(line, flush=True))
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    print(outcome.figures)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
