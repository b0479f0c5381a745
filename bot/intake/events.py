"""What a delivery asks for, in types; nothing here knows GitHub's payloads.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass

MERGE_GROUP = 0
"""Stands for the number of a pull request where a merge queue asks: a group of them has none."""


@dataclass(frozen=True, slots=True)
class Ping:
    """GitHub tries whether we are there."""


@dataclass(frozen=True, slots=True)
class Target:
    """The pull request that an event is about."""

    repository_id: int
    repository: str
    """`owner/name`."""

    installation: int
    number: int


@dataclass(frozen=True, slots=True)
class PullRequestChanged:
    """A pull request has a new head or another base, or is closed, open again, or ready."""

    action: str
    target: Target
    head_sha: str
    actor: str
    """The login of whoever did it."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """Somebody asks something of us in a comment."""

    action: str
    target: Target
    comment_id: int
    thread_id: int | None
    """The first comment of the thread on lines that it stands in; None in the conversation."""

    text: str
    """The comment's first line."""

    actor: str
    """The login of whoever wrote the comment."""


@dataclass(frozen=True, slots=True)
class CheckRequested:
    """Somebody asks on the checks page for another run."""

    action: str
    target: Target
    name: str
    """What is to run again: the same for two hooks that tell of one click."""

    actor: str


@dataclass(frozen=True, slots=True)
class MergeGroupQueued:
    """A merge queue waits for our check run on a commit that joins pull requests."""

    action: str
    target: Target
    """Its number is `MERGE_GROUP`."""

    head_sha: str
    base_sha: str
    base_ref: str
    head_ref: str
    """Full name of the queue's own branch."""

    actor: str


@dataclass(frozen=True, slots=True)
class RepositoryMoved:
    """A repository has another name or owner."""

    repository_id: int
    repository: str
    installation: int | None
    """None where GitHub does not say whether the new owner has us."""


@dataclass(frozen=True, slots=True)
class AccessLost:
    """We may not work for these repositories any more, or for a whole installation."""

    installation: int
    repository_ids: tuple[int, ...] | None
    """None for all that the installation covers."""

    reason: str


Job = PullRequestChanged | Commanded | CheckRequested | MergeGroupQueued
"""What asks for work on a pull request."""

Notice = RepositoryMoved | AccessLost
"""What only has to be noted."""

Event = Ping | Job | Notice
