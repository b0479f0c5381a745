"""Runs a generated test for each fault before and after its fix, and prints what each run said.

After the fix, whoever may call the action is served as well, or the test would pass for the wrong reason.

uv run python -m tests.regression [WORD]
"""

from __future__ import annotations

import sys
from itertools import chain

from tests.regression.faults import faults, shapes
from tests.regression.running import offered, project, ran, served


def main(word: str = "") -> int:
    """How many did not fail before and pass after."""
    wrong = number = 0
    for fault in chain(faults(), shapes()):
        if word not in fault.name:
            continue
        number += 1
        tests = offered(fault)
        if not tests:
            print(f"NO TEST  {fault.name} ({fault.runner})", flush=True)
            wrong += 1
            continue
        with project() as before, project() as after:
            first, second = (
                ran(fault, fault.faulty, tests[0], before),
                ran(fault, fault.sound, served(tests[0]), after),
            )
        is_right = not first.has_passed and second.has_passed and "AssertionError" in first.said + _jest(first.said)
        wrong += not is_right
        print(f"{'ok   ' if is_right else 'WRONG'}  {fault.name} ({fault.runner})", flush=True)
        if not is_right:
            print(first.said[-2500:] if first.has_passed or word else "", second.said[-3500:], sep="\n----\n")
    print(f"{number - wrong} of {number} fail before and pass after")
    return wrong


def _jest(said: str) -> str:
    """What jest calls a failed assertion."""
    return "AssertionError" if "expect(received)" in said else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
