"""A change of one file that is offered by a pull request: people of the repository merge it or close it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TipFile:
    """A file at the tip of the default branch."""

    path: str
    branch: str
    commit_sha: str
    content: bytes | None
    """None where there is no such file."""

    blob_sha: str = ""
    """Empty where there is none."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is offered."""

    branch: str
    """Of our own, and always the same for the same offer: one that is open is not made again."""

    before: TipFile
    content: bytes
    title: str
    body: str
    message: str
    """Of its one commit."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The pull request that stands for a proposal."""

    number: int
    is_new: bool
