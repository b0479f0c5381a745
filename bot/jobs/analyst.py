"""Reads the code of a pull request: mirrors its two commits and has them analysed by a child process."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from preship.analyzers.analysis import Matrix
from preship.bot.child import ANSWERS, REQUESTS, Fetch, Inventory, InventoryRequest, Request, Result
from preship.bot.git.mirror import Mirror
from preship.bot.jobs import children
from preship.bot.jobs.children import Child
from preship.bot.jobs.contexts import CannotReview, Counted, Reading, in_seconds
from preship.bot.jobs.worker import Later
from preship.bot.review.forge import Forge
from preship.bot.review.pull_request import Comparison, PatchedFile, PullRequest

# The analysis of a whole large repository is some 10 MB.
_OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024
_ERRORS_SHOWN_BYTES = 4096
_GLANCE_SECONDS = 0.25

_WHOLE_TIMES = 3
"""A whole application may take so many times what a change may: one of 450 entrances took 78 s of computing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use."""

    memory_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class MirrorAnalyst:
    """Analyses pull requests from mirrors in a directory."""

    mirrors: Path
    limits: Limits

    def __call__(
        self, forge: Forge, pull_request: PullRequest, comparison: Comparison, stopping: threading.Event
    ) -> Reading:
        """Raises `CannotReview`, `GitError`, `ForgeError`, and `Later` when `stopping` is set."""
        mirror = self._mirror(forge)
        head = pull_request.head_sha
        mirror.ensure([comparison.merge_base_sha, head, pull_request.base_sha], [pull_request.ref])
        request = Request(
            git_dir=str(mirror.repository.git_dir),
            base_sha=comparison.merge_base_sha,
            head_sha=head,
            tip_sha=pull_request.base_sha,
            organization=forge.organization_configuration().decode("utf-8", "replace"),
            memory_bytes=self.limits.memory_bytes,
            cpu_seconds=int(self.limits.seconds) + 5,
        )
        return analyse_in_child(request, mirror.fetch, self.limits.seconds, stopping)

    def wants_drafts(self, forge: Forge, pull_request: PullRequest) -> bool | None:
        """What the configuration of the base branch says of drafts. Raises `GitError` and `ForgeError`.

        This costs no call of the API: nothing is compared yet.
        """
        from preship.bot.configuration.reading import configured

        mirror = self._mirror(forge)
        mirror.ensure([pull_request.base_sha])
        with mirror.files(pull_request.base_sha) as files:
            return configured(files, forge.organization_configuration()).drafts

    def count(self, forge: Forge, stopping: threading.Event) -> Counted:
        """Everything that answers requests at the tip of the default branch. Raises as a review does."""
        mirror = self._mirror(forge)
        tip = mirror.tip()
        mirror.ensure([tip.commit])
        seconds = _WHOLE_TIMES * self.limits.seconds
        request = InventoryRequest(
            git_dir=str(mirror.repository.git_dir),
            commit_sha=tip.commit,
            organization=forge.organization_configuration().decode("utf-8", "replace"),
            memory_bytes=self.limits.memory_bytes,
            cpu_seconds=int(seconds) + 5,
        )
        return Counted(tip.branch, tip.commit, count_in_child(request, mirror.fetch, seconds, stopping))

    def _mirror(self, forge: Forge) -> Mirror:
        # By its number: a repository keeps it through renames, and nothing in it needs quoting.
        directory = self.mirrors / f"{forge.repository.id}.git"
        return Mirror.open(directory, forge.clone_url(), forge.git_authorization())


def analyse_in_child(
    request: Request, fetch: Callable[[Sequence[str]], None], seconds: float, stopping: threading.Event
) -> Reading:
    """Analyse in a process of its own, which is killed when its time is over or `stopping` is set.

    `fetch` brings git objects that the child asks for; the wait for it counts. Raises `CannotReview`, `Later`, and what
    `fetch` raises.
    """
    result = _answered(request, fetch, seconds, stopping)
    if not isinstance(result, Result):
        raise CannotReview(_NO_ANSWER)
    if result.analysis is None:
        raise CannotReview(result.failure)
    files = tuple(PatchedFile(file.path, file.old_path, file.status, file.patch) for file in result.files)
    return Reading(result.analysis, files, result.policy, result.notes)


def count_in_child(
    request: InventoryRequest, fetch: Callable[[Sequence[str]], None], seconds: float, stopping: threading.Event
) -> Matrix:
    """Count in such a process everything that answers requests. Raises as `analyse_in_child` does."""
    result = _answered(request, fetch, seconds, stopping)
    if not isinstance(result, Inventory):
        raise CannotReview(_NO_ANSWER)
    if result.matrix is None:
        raise CannotReview(result.failure)
    return result.matrix


_NO_ANSWER = "the analysis gave an answer that is none"


def _answered(
    request: Request | InventoryRequest,
    fetch: Callable[[Sequence[str]], None],
    seconds: float,
    stopping: threading.Event,
) -> Result | Inventory:
    until = time.monotonic() + seconds
    with children.forked() as child:
        return _converse(child, request, fetch, until, stopping)


def _converse(
    child: Child,
    request: Request | InventoryRequest,
    fetch: Callable[[Sequence[str]], None],
    deadline: float,
    stopping: threading.Event,
) -> Result | Inventory:
    answers, errors = _answers(child), _tail(child)
    _say(child, REQUESTS.dump_json(request))
    while True:
        line = _next(answers, deadline, stopping)
        if line is None:
            raise CannotReview(f"the analysis ended without an answer ({_ending(child.wait(), errors)})")
        try:
            answer = ANSWERS.validate_json(line)
        except ValidationError:
            raise CannotReview(_NO_ANSWER) from None
        if not isinstance(answer, Fetch):
            return answer
        _bring(child, answer, fetch)


def _bring(child: Child, wanted: Fetch, fetch: Callable[[Sequence[str]], None]) -> None:
    fetch(wanted.fetch)
    _say(child, b"{}")


def _next(answers: queue.SimpleQueue[bytes | None], deadline: float, stopping: threading.Event) -> bytes | None:
    """The next line of the child; None at its end. Raises `CannotReview` when the time is over, and `Later`."""
    while True:
        if stopping.is_set():
            raise Later(in_seconds(0), "the worker stops")
        left = deadline - time.monotonic()
        if left <= 0:
            raise CannotReview("the analysis took longer than it may")
        with suppress(queue.Empty):
            return answers.get(timeout=min(left, _GLANCE_SECONDS))


def _say(child: Child, line: bytes) -> None:
    # A child that died already is noticed where its next answer is waited for.
    with suppress(BrokenPipeError):
        child.stdin.write(line + b"\n")
        child.stdin.flush()


def _answers(child: Child) -> queue.SimpleQueue[bytes | None]:
    """The child's lines, then None; reading ends where it says more than any analysis is long."""
    answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def listen(stdout: IO[bytes]) -> None:
        left = _OUTPUT_LIMIT_BYTES
        with suppress(ValueError, OSError):
            while left > 0 and (line := stdout.readline(left)):
                left -= len(line)
                answers.put(line)
        answers.put(None)

    threading.Thread(target=listen, args=(child.stdout,), daemon=True).start()
    return answers


def _tail(child: Child) -> list[bytes]:
    """The last of what the child writes to standard error, growing as it writes."""
    kept = [b""]

    def listen(stderr: IO[bytes]) -> None:
        with suppress(ValueError, OSError):
            while piece := stderr.read1(_ERRORS_SHOWN_BYTES):  # type: ignore[attr-defined]
                kept[0] = (kept[0] + piece)[-_ERRORS_SHOWN_BYTES:]

    threading.Thread(target=listen, args=(child.stderr,), daemon=True).start()
    return kept


def _ending(status: int, errors: list[bytes]) -> str:
    if status < 0:
        return f"signal {-status}"
    lines = errors[0].decode(errors="replace").strip().splitlines()
    # The last line of a traceback names the error; the frames above would show this machine's paths.
    return lines[-1][:300] if lines else f"status {status}"
