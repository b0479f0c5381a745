"""The processes that read hostile code: limited, without network, credentials or settings, and easily killed.

`python -m preship.bot.template` imports all that a review takes, once, and then forks a child for each request, which
is thereby ready at once. What it forks from is as it was when it started: requests go to the children alone, so that
nothing of one is ever seen by another. `child` says what is spoken.
"""

from __future__ import annotations

import gc
import os
import queue
import resource
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TextIO

from preship.analyzers import analysis
from preship.bot.child import (
    ANSWERS,
    FORK,
    NUMBER,
    REQUESTS,
    RUNS,
    Fetch,
    Inventory,
    InventoryRequest,
    Request,
    Result,
)
from preship.bot.configuration.notes import notes_of
from preship.bot.configuration.reading import configured
from preship.bot.git.changes import changes
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.patches import shown_files
from preship.bot.git.process import Repository
from preship.bot.review.policy import CONFIGURATION

Fetching = Callable[[Sequence[str]], None]


def main() -> None:
    """Fork for whoever holds the other end of standard input, until that is closed."""
    # Children share the memory of what is imported, as long as nobody counts in it.
    gc.freeze()
    control = socket.socket(fileno=0)
    while True:
        asked, streams, _, _ = socket.recv_fds(control, NUMBER.size, 3)
        if not asked:
            return
        [number] = NUMBER.unpack(asked)
        if number == FORK and (number := os.fork()) == 0:
            control.detach()  # its place is taken by the first of the streams
            _live(streams)
        for stream in streams:
            os.close(stream)
        control.sendall(NUMBER.pack(number if streams else _status(number)))


def _live(streams: Sequence[int]) -> NoReturn:
    """All that a child does. No clean-up that could take long or fail: once the answer is out, it is gone."""
    status = 1
    try:
        os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        _answer()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _status(pid: int) -> int:
    """How a child ended. Its number is not given to another process before this was asked."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else RUNS


def _answer() -> None:
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


def _result(request: Request, fetch: Fetching) -> Result:
    try:
        return _analyse(request, fetch)
    except (MemoryError, RecursionError) as error:
        return Result(None, _limit_met(request, error))


def _inventory(request: InventoryRequest, fetch: Fetching) -> Inventory:
    try:
        return Inventory(_count(request, fetch), "")
    except (MemoryError, RecursionError) as error:
        return Inventory(None, _limit_met(request, error))


def _limit_met(request: Request | InventoryRequest, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"the analysis needs more than {request.memory_bytes // 2**20} MB of memory"
    return "the code is nested too deeply"


def _count(request: InventoryRequest, fetch: Fetching) -> analysis.Matrix:
    git_dir = Path(request.git_dir)
    with GitFiles(Repository(git_dir, git_dir / "objects", None), request.commit_sha, fetch) as files:
        decided = configured(files, request.organization.encode())
        found = analysis.matrix(files, decided.policy)
        wrong = [
            analysis.Failure(CONFIGURATION, f"line {each.line}: {each.says}; nothing of this file counts")
            for each in decided.mistakes
        ]
        return replace(found, failures=(*wrong, *found.failures))


def _analyse(request: Request, fetch: Fetching) -> Result:
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
        with open(0, encoding="utf-8", closefd=False) as stdin:
            for line in stdin:
                lines.put(line)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=listen, daemon=True).start()
    return lines


def _limit(request: Request | InventoryRequest) -> None:
    """Cap memory and computing time, leave no core dumps, and let the service's own work go first."""
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
