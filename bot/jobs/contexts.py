"""What lies on the context of one review: the ports it works with, and what it may raise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from preship.analyzers.analysis import Analysis, Matrix
from preship.bot.git.errors import NotOnRemote, RemoteAway, RemoteRefused
from preship.bot.jobs.worker import Later
from preship.bot.review.forge import Forge
from preship.bot.review.history import History
from preship.bot.review.notes import SILENT, ConfigurationNotes
from preship.bot.review.policy import ReviewPolicy
from preship.bot.review.pull_request import Comparison, PatchedFile, PullRequest, Repository, ReviewPlan
from preship.bot.store.database import Lock
from preship.bot.store.deliveries import Delivery
from preship.bot.store.store import Store


class CannotReview(Exception):
    """The change cannot be reviewed, and trying again would not help. The text is for the pull request's author."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading the code of a change gave."""

    analysis: Analysis
    files: tuple[PatchedFile, ...]
    """What the change shows its readers, by git's own diff."""

    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    """What the repository decides about its reviews."""

    notes: ConfigurationNotes = SILENT
    """What there is to say of where it does so."""


class Analyst(Protocol):
    """Reads the code of a pull request and judges it."""

    def __call__(
        self, forge: Forge, pull_request: PullRequest, comparison: Comparison, stopping: threading.Event
    ) -> Reading:
        """Raises `CannotReview`, `preship.bot.git.errors.GitError`, `ForgeError`, or `Later` when `stopping` is set."""
        ...


class DraftsWanted(Protocol):
    """Asks the repository whether it wants its drafts reviewed."""

    def __call__(self, forge: Forge, pull_request: PullRequest) -> bool | None:
        """None: it does not say. Raises `preship.bot.git.errors.GitError` and `ForgeError`."""
        ...


@dataclass(frozen=True, slots=True)
class Counted:
    """What answers requests in a repository, and who may do what by it."""

    branch: str
    """The default one; empty where the remote does not say what it is called."""

    commit_sha: str
    matrix: Matrix


class Counter(Protocol):
    """Reads the default branch of a repository and counts what answers requests there."""

    def __call__(self, forge: Forge, stopping: threading.Event) -> Counted:
        """Raises `CannotReview`, `preship.bot.git.errors.GitError`, `ForgeError`, or `Later` when `stopping` is set."""
        ...


class Planner(Protocol):
    """Decides what to post."""

    def __call__(
        self,
        reading: Reading,
        comparison: Comparison,
        pull_request: PullRequest,
        history: History,
    ) -> ReviewPlan:
        """`history` is what was said and answered on the pull request before."""
        ...


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What all reviews of a process share."""

    store: Store
    forge_of: Callable[[Repository], Forge]
    analyst: Analyst
    counter: Counter
    planner: Planner
    marker_key: bytes
    stopping: threading.Event
    """Set when the process is about to end."""

    attempts: int
    """How often a delivery is tried while the forge or git fails."""

    retry_seconds: float
    """The wait after the first failure; it doubles with each further one."""

    review_drafts: bool
    """Whether drafts are reviewed where the repository does not say."""

    drafts_wanted: DraftsWanted
    rules_url: str | None = None
    """Where the rules' pages stand, if anywhere."""

    cooldown_seconds: float = 300.0
    """For how long a review that somebody asked for answers everybody else who asks for one of the same head."""

    settled_seconds: float = 60.0
    """The API may lag behind a webhook by so much; a head that it does not show after that was replaced by another."""


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """What one review works with."""

    worker_context: WorkerContext
    delivery: Delivery
    forge: Forge
    lock: Lock

    @property
    def store(self) -> Store:
        """What is remembered."""
        return self.worker_context.store

    @contextmanager
    def asking_git(self) -> Iterator[None]:
        """Note whether git answers what is asked of it meanwhile.

        A refusal is an answer, too, and a change that cannot be reviewed had been brought before it was read. An error
        of another kind says neither.
        """
        try:
            yield
        except RemoteAway:
            self.store.health.git_unanswered()
            raise
        except (RemoteRefused, NotOnRemote, CannotReview):
            self.store.health.git_answered()
            raise
        self.store.health.git_answered()

    def may_write(self) -> None:
        """To be asked before each write to the forge. Raises `LockLost`, or `Later` when the process is ending."""
        self.lock.ensure()
        if self.worker_context.stopping.is_set():
            raise Later(datetime.now(UTC), "the worker stops")


def in_seconds(seconds: float) -> datetime:
    """That much from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)
