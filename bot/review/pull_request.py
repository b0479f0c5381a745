"""A pull request, a change and a review in our own words; nothing here knows how a forge is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from preship.analyzers.analysis import Operation


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on the forge."""

    id: int
    """Stable across renames and transfers."""

    owner: str
    name: str
    installation: int
    """The installation of our app that covers it."""

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The state of a pull request when it was asked for."""

    repository: Repository
    number: int
    head_sha: str
    base_sha: str
    """Tip of the base branch when it was asked for, *not* the merge base."""

    base_ref: str
    author: str
    is_draft: bool
    is_open: bool
    is_fork: bool
    head_ref: str = ""
    """Full name of the ref that git may ask for; empty for the one that the forge keeps for every pull request."""

    @property
    def ref(self) -> str:
        """Where the head is found in the base repository, forks included."""
        return self.head_ref or f"refs/pull/{self.number}/head"


@dataclass(frozen=True, slots=True)
class PatchedFile:
    """One file of a comparison, with the diff as the forge shows it."""

    path: str
    old_path: str | None
    status: str
    """`added`, `modified`, `removed`, `renamed`, …"""

    patch: str | None
    """The hunks; None where the forge leaves them out (binary, too large, past its limit)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A three-dot comparison: what the pull request changes since it left the base branch."""

    merge_base_sha: str
    files: tuple[PatchedFile, ...]
    is_complete: bool
    """False where the forge left files out (it sends 300 at most)."""


class Side(StrEnum):
    """The side of the diff on which a comment stands."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A comment on lines of the diff."""

    path: str
    line: int
    """The last line, in the new file for `RIGHT`, in the old one for `LEFT`."""

    side: Side
    start_line: int | None
    """The first line of a multi-line comment."""

    body: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FileComment:
    """A comment on a file as a whole: not part of a review's request."""

    path: str
    body: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that a comment tells, and where to look whether it is gone."""

    fingerprint: str
    rule: str
    path: str
    """Of the action's file, which need not be the comment's."""

    action: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the analysis behind a review, as the pages of the service list it."""

    fingerprint: str
    rule: str
    severity: str
    status: str
    path: str
    line: int
    action: str | None
    ignored: str | None
    """Why it is meant to stand; None where it is not."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an action does under a finding that was told."""

    fingerprint: str
    operations: tuple[Operation, ...]


class Conclusion(StrEnum):
    """How a check run ends."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """Everything that a review would post. Pure data: printing it posts nothing."""

    head_sha: str
    body: str
    """The review's own text. Empty, together with no comments, where there is nothing to say."""

    comments: tuple[InlineComment, ...]
    file_comments: tuple[FileComment, ...]
    summary: str | None
    """The sticky *before you ship* comment; None where no action is touched."""

    conclusion: Conclusion
    check_title: str
    check_summary: str
    empty_summary: str = ""
    """Replaces the *before you ship* comment of an earlier head where this one touches no action; never posted anew."""

    base_sha: str = ""
    """The merge base, from which the change leads to the head."""

    told: tuple[Told, ...] = ()
    """What the comments tell."""

    seen: tuple[Seen, ...] = ()
    """What is done under all that comments tell: whoever has it ignored from now on has seen that."""

    resolved: tuple[str, ...] = ()
    """Threads of ours whose finding is gone."""

    reopened: tuple[str, ...] = ()
    """Threads that we resolved and whose finding is back."""

    apart: tuple[InlineComment, ...] = ()
    """Comments on lines that are posted one by one, because the forge refused them all together."""

    found: tuple[Found, ...] = ()
    """Everything that was found in what the change touches, whether a comment tells it or not."""

    unseen: tuple[str, ...] = ()
    """What could not be judged, a line each."""

    @property
    def posts_review(self) -> bool:
        """Whether there is a review to post at all."""
        return bool(self.comments or self.body)


@dataclass(frozen=True, slots=True)
class PostedReview:
    """A review of ours that stands on a pull request."""

    id: int
    commit_sha: str
    body: str


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """Where somebody's comment stands, so that it can be answered."""

    comment_id: int
    thread_id: int | None
    """The first comment of its thread on lines or a file; None for one in the conversation."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment of ours on lines or a file, and what became of it."""

    comment: PostedComment
    id: str | None = None
    """What it is resolved by; None where the forge was asked in a way that does not tell."""

    is_resolved: bool = False
    is_answered: bool = False
    """Whether anything stands below the comment, whoever wrote it."""

    may_be_turned: bool = False
    """Whether the forge lets us resolve it, or open it again."""


@dataclass(frozen=True, slots=True)
class PostedComment:
    """A comment of ours, inline or in the conversation."""

    id: int
    body: str
    path: str | None
    commit_sha: str | None
    created_at: datetime | None
