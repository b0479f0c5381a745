"""What reviewing asks of a forge, in the project's own words. GitHub fills it; so does the tests' rig."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.review.pull_request import (
    CommentPlace,
    Comparison,
    Conclusion,
    InlineComment,
    PostedComment,
    PostedReview,
    PullRequest,
    Repository,
    Thread,
)


class ForgeError(Exception):
    """The forge could not do what was asked."""


class RateLimited(ForgeError):
    """The forge asks us to wait."""

    def __init__(self, until: datetime, is_advised: bool = True) -> None:
        super().__init__(f"rate limited until {until.isoformat()}")
        self.until = until
        self.is_advised = is_advised
        """Whether the forge named the time; where it did not, a wait that was too short has to grow."""


class Unavailable(ForgeError):
    """The forge did not answer, or with a server error: what was asked may or may not have happened."""


class Refused(ForgeError):
    """The forge refused for good (4xx): nothing was created."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"refused with {status}: {reason}")
        self.status = status
        self.reason = reason


class NotGranted(Refused):
    """It takes a permission that our app was not given there."""


class Gone(Refused):
    """The thing, or our access to it, is not there (any more)."""


class Forge(Protocol):
    """One repository on the forge, seen by our app's installation. Every method may raise `ForgeError`."""

    @property
    def repository(self) -> Repository:
        """Which one."""
        ...

    @property
    def api_calls(self) -> int:
        """Requests to the forge's API so far: an hour has only so many."""
        ...

    def full_name(self) -> str:
        """What the repository is called now, `owner/name`, asked by what it keeps through renames."""
        ...

    def organization_configuration(self) -> bytes:
        """What the repository's account decides for all its repositories; empty where it decides nothing."""
        ...

    def pull_request(self, number: int) -> PullRequest:
        """Its state now."""
        ...

    def comparison(self, base_sha: str, head_sha: str) -> Comparison:
        """The three-dot comparison of two commits."""
        ...

    def clone_url(self) -> str:
        """Where git fetches the repository, without credentials."""
        ...

    def git_authorization(self) -> str | None:
        """The value of the HTTP `Authorization` header for git, or None where none is needed."""
        ...

    def tip_file(self, path: str) -> TipFile:
        """A file at the tip of the default branch."""
        ...

    def propose(self, proposal: Proposal) -> Proposed:
        """Open a pull request that offers a change; the one that is open for it already is given.

        Raises `NotGranted` where our app may not push.
        """
        ...

    def start_check(self, head_sha: str, external_id: str) -> int:
        """Show a check run in progress; the one with this `external_id` is reused. Gives its id."""
        ...

    def find_check(self, head_sha: str, external_id: str) -> int | None:
        """The id of our check run with this `external_id`, if it stands."""
        ...

    def conclude_check(self, check_id: int, conclusion: Conclusion, title: str, summary: str) -> None:
        """End a check run."""
        ...

    def own_reviews(self, number: int) -> Sequence[PostedReview]:
        """Reviews that our app has posted on the pull request, oldest first."""
        ...

    def own_threads(self, number: int) -> Sequence[Thread]:
        """What our app has posted on lines and files of the pull request; its answers to others are no threads."""
        ...

    def turn_threads(self, resolve: Sequence[str], reopen: Sequence[str]) -> None:
        """Resolve threads, and open others again, all at once; what somebody deleted meanwhile is left out."""
        ...

    def own_conversation_comments(self, number: int) -> Sequence[PostedComment]:
        """Comments of our app in the pull request's conversation."""
        ...

    def post_review(self, number: int, head_sha: str, body: str, comments: Sequence[InlineComment]) -> int:
        """Post one review, which neither approves nor requests changes. Gives its id."""
        ...

    def post_line_comment(self, number: int, head_sha: str, comment: InlineComment) -> int:
        """Post one comment on lines of the diff, apart from any review. Gives its id."""
        ...

    def post_file_comment(self, number: int, head_sha: str, path: str, body: str) -> int:
        """Post one comment on a whole file. Gives its id."""
        ...

    def post_comment(self, number: int, body: str) -> int:
        """Post in the conversation. Gives the comment's id."""
        ...

    def edit_comment(self, comment_id: int, body: str) -> None:
        """Replace a conversation comment of ours."""
        ...

    def permission(self, login: str) -> str:
        """`admin`, `write`, `read` or `none`."""
        ...

    def react(self, place: CommentPlace, content: str) -> None:
        """React to somebody's comment: `eyes`, `+1`, `-1`."""
        ...

    def own_answers(self, number: int, place: CommentPlace) -> Sequence[PostedComment]:
        """What our app has written where a comment stands: in its thread, or in the conversation."""
        ...

    def answer(self, number: int, place: CommentPlace, body: str) -> int:
        """Write where a comment stands. Gives the id of what was written."""
        ...
