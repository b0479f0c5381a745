"""The process that reads bent sources: a case a line in, and what went wrong with it out."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from functools import cache

from preship.analyzers.analysis import Analysis, FileChange, Policy, review, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.source.parse import parse_module
from tests.fuzz.extremes import EXTREMES
from tests.fuzz.mutations import bent
from tests.fuzz.sources import BENT_PATH, chance_of, seeds

MEMORY_BYTES = 2048 * 1024 * 1024


def main() -> None:
    """Serve cases until there are none left."""
    _limit()
    for line in sys.stdin:
        try:
            said = fault_of(line.strip())
        except MemoryError:
            said = "needs more memory than it may"
        except Exception:  # whatever it is, it is what we look for
            said = traceback.format_exc().strip().replace("\n", " | ")[-600:]
        print(said or "well", flush=True)


def fault_of(case: str) -> str:
    """What is wrong with the reading of a case; empty where nothing is. `die` and `raise` try the one who asks."""
    if case == "raise":
        raise ValueError(case)
    if case == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    source = EXTREMES[case]() if case in EXTREMES else bent(chance_of(case), list(seeds().values()))
    files, before = MemoryFiles({**_around(), BENT_PATH: source}), MemoryFiles({**_around(), BENT_PATH: b""})
    lines = tuple(range(1, source.count(b"\n") + 2))
    change = FileChange(path=BENT_PATH, old_path=BENT_PATH, is_deleted=False, added=lines, removed=(), seams=())
    for analysis in (scan(files, Policy(), [BENT_PATH]), review(before, files, [change], Policy())):
        if said := _silent(source, analysis) or _out_of_place(source, analysis):
            return said
    return ""


def _silent(source: bytes, analysis: Analysis) -> str:
    """Whether a file with gaps that may hold actions is passed over without a word."""
    gaps = [gap for gap in parse_module(BENT_PATH, source).gaps if not gap.is_normalised]
    if not gaps or b"use server" not in source:
        return ""
    is_told = any(failure.path == BENT_PATH for failure in analysis.failures)
    is_told = is_told or any(unseen.path == BENT_PATH for action in analysis.actions for unseen in action.unseen)
    return "" if is_told else f"nothing is said of the gap in line {gaps[0].span.start_line}"


def _out_of_place(source: bytes, analysis: Analysis) -> str:
    """Whether anything is said of a line that is not there."""
    last = source.count(b"\n") + 1
    for action in analysis.actions:
        lines = [
            action.line,
            action.end_line,
            *(finding.line for finding in action.findings if finding.path == BENT_PATH),
        ]
        if action.path == BENT_PATH and not all(1 <= line <= last for line in lines):
            return f"{action.name} stands in lines {lines} of {last}"
    return ""


@cache
def _around() -> dict[str, bytes]:
    """The app in which the bent file stands."""
    prefix = "invoices/main/"
    app = {path.removeprefix(prefix): text for path, text in seeds().items() if path.startswith(prefix)}
    config = b'{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}'
    return app | {"package.json": b'{"dependencies": {"next": "15"}}', "tsconfig.json": config}


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()
