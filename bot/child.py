"""The process that reads hostile code: limited, without network, credentials or settings, and easily killed.

It is started as `python -m preship.bot.child` and speaks JSON, one object a line. In: a `Request` or an
`InventoryRequest`, then an empty object for each fetch that was done. Out: `Fetch` whenever objects are missing on the
disk, and one `Result` or `Inventory` at the end.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter

from preship.analyzers.analysis import Analysis, Matrix
from preship.bot.git.patches import ShownFile
from preship.bot.review.notes import SILENT, ConfigurationNotes
from preship.bot.review.policy import CONFIGURATION, ReviewPolicy


@dataclass(frozen=True, slots=True)
class Request:
    """What to analyse, and within which limits."""

    git_dir: str
    """A bare repository, complete or partial."""

    base_sha: str
    """The merge base."""

    head_sha: str
    tip_sha: str
    """The tip of the base branch: its configuration and declarations count, and nothing is compared with it."""

    organization: str
    """The text of what the repository's account decides for all its repositories; empty where it decides nothing."""

    memory_bytes: int
    """What the process may allocate."""

    cpu_seconds: int
    """How long it may compute, in case that nobody is left to kill it."""


@dataclass(frozen=True, slots=True)
class InventoryRequest:
    """What to count: everything that answers requests in one commit."""

    git_dir: str
    commit_sha: str
    organization: str
    memory_bytes: int
    cpu_seconds: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """The child needs these git objects on the disk, and waits."""

    fetch: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The end: an analysis, or why there is none."""

    analysis: Analysis | None
    failure: str
    """For the author of the pull request; empty where there is an analysis."""

    files: tuple[ShownFile, ...] = ()
    """The change as its readers see it."""

    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    """What the repository decides about its reviews, at the tip of the base branch."""

    notes: ConfigurationNotes = SILENT
    """What there is to say of where it does so."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The end of counting: who may do what, or why nobody knows."""

    matrix: Matrix | None
    failure: str


REQUESTS: TypeAdapter[Request | InventoryRequest] = TypeAdapter(Request | InventoryRequest)
ANSWERS: TypeAdapter[Fetch | Result | Inventory] = TypeAdapter(Fetch | Result | Inventory)


def main() -> None:
    """Serve the one request of this process."""
    # Whatever code under analysis might make us print would corrupt the answer: only we hold the real output.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lines = _lines_until_the_parent_dies()
    request = REQUESTS.validate_json(lines.get())
    _limit(request)

    def fetch(ids: Sequence[str]) -> None:
        _say(answers, Fetch(tuple(ids)))
        lines.get()

    _say(answers, _result(request, fetch) if isinstance(request, Request) else _inventory(request, fetch))
    # No clean-up that could take long or fail: the answer is out.
    os._exit(0)


def _result(request: Request, fetch: Any) -> Result:
    try:
        return _analyse(request, fetch)
    except (MemoryError, RecursionError) as error:
        return Result(None, _limit_met(request, error))


def _inventory(request: InventoryRequest, fetch: Any) -> Inventory:
    try:
        return Inventory(_count(request, fetch), "")
    except (MemoryError, RecursionError) as error:
        return Inventory(None, _limit_met(request, error))


def _limit_met(request: Request | InventoryRequest, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"the analysis needs more than {request.memory_bytes // 2**20} MB of memory"
    return "the code is nested too deeply"


def _count(request: InventoryRequest, fetch: Any) -> Matrix:
    from preship.analyzers import analysis
    from preship.bot.configuration.reading import configured
    from preship.bot.git.commit_files import GitFiles
    from preship.bot.git.process import Repository

    git_dir = Path(request.git_dir)
    with GitFiles(Repository(git_dir, git_dir / "objects", None), request.commit_sha, fetch) as files:
        decided = configured(files, request.organization.encode())
        found = analysis.matrix(files, decided.policy)
        wrong = [
            analysis.Failure(CONFIGURATION, f"line {each.line}: {each.says}; nothing of this file counts")
            for each in decided.mistakes
        ]
        return replace(found, failures=(*wrong, *found.failures))


def _analyse(request: Request, fetch: Any) -> Result:
    from preship.analyzers import analysis
    from preship.bot.configuration.notes import notes_of
    from preship.bot.configuration.reading import configured
    from preship.bot.git.changes import changes
    from preship.bot.git.commit_files import GitFiles
    from preship.bot.git.patches import shown_files
    from preship.bot.git.process import Repository

    git_dir = Path(request.git_dir)
    repository = Repository(git_dir, git_dir / "objects", None)
    changed = changes(repository, request.base_sha, request.head_sha, fetch)
    with (
        GitFiles(repository, request.base_sha, fetch) as base,
        GitFiles(repository, request.head_sha, fetch) as head,
        GitFiles(repository, request.tip_sha, fetch) as tip,
    ):
        decided = configured(tip, request.organization.encode())
        judged = analysis.review(base, head, changed, decided.policy, tip=tip if tip.commit != base.commit else None)
        shown = shown_files(repository, (base.commit, head.commit), changed, judged, fetch)
        return Result(judged, "", shown, decided.review, notes_of(decided, head, changed))


def _say(answers: TextIO, answer: Fetch | Result | Inventory) -> None:
    answers.write(ANSWERS.dump_json(answer).decode() + "\n")
    answers.flush()


def _lines_until_the_parent_dies() -> queue.SimpleQueue[str]:
    """The lines of standard input. At its end there is nobody left to work for: the process kills itself."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=listen, daemon=True).start()
    return lines


def _limit(request: Request | InventoryRequest) -> None:
    """Cap memory and computing time, leave no core dumps, and let the service's own work go first."""
    try:
        import resource
    except ImportError:  # not on Windows: there the parent's time limit must do
        return
    limits = {
        resource.RLIMIT_AS: request.memory_bytes,
        resource.RLIMIT_CPU: request.cpu_seconds,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        # macOS refuses to limit memory.
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    os.nice(5 if isinstance(request, Request) else 15)


if __name__ == "__main__":
    main()
