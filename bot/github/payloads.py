"""GitHub's objects in our words."""

from __future__ import annotations

from collections.abc import Iterable

from github.Comparison import Comparison as GitHubComparison
from github.File import File
from github.IssueComment import IssueComment
from github.NamedUser import NamedUser
from github.Organization import Organization
from github.PullRequest import PullRequest as GitHubPullRequest
from github.PullRequestComment import PullRequestComment
from github.PullRequestReview import PullRequestReview

from preship.bot.review.pull_request import (
    Comparison,
    InlineComment,
    PatchedFile,
    PostedComment,
    PostedReview,
    PullRequest,
    Repository,
    Thread,
)

# GitHub sends no more files than this, and does not say when it left some out.
# https://docs.github.com/en/rest/commits/commits#compare-two-commits
FILES_IN_A_COMPARISON = 300

# The account that GitHub shows for deleted ones.
NOBODY = "ghost"


def pull_request(repository: Repository, pull: GitHubPullRequest, tip: str | None) -> PullRequest:
    """Its state; `tip` is where its base branch stands, if there is one."""
    return PullRequest(
        repository=repository,
        number=pull.number,
        head_sha=pull.head.sha,
        # The pull request's own field keeps the tip of the last push to it.
        base_sha=tip or pull.base.sha,
        base_ref=pull.base.ref,
        author=login(pull.user),
        is_draft=bool(pull.draft),
        is_open=pull.state == "open",
        is_fork=_is_fork(pull),
    )


def _is_fork(pull: GitHubPullRequest) -> bool:
    """A head without repository is a fork that was deleted."""
    # Through the raw answer: asking a lazy `repo` for an attribute may cost a request.
    head, base = pull.raw_data["head"].get("repo"), pull.raw_data["base"].get("repo")
    return head is None or base is None or head["id"] != base["id"]


def comparison(answer: GitHubComparison) -> Comparison:
    """The files as GitHub shows them, and the merge base."""
    files = answer.files
    merge_base: str = answer.raw_data["merge_base_commit"]["sha"]
    return Comparison(merge_base, tuple(_patched_file(file) for file in files), len(files) < FILES_IN_A_COMPARISON)


def _patched_file(file: File) -> PatchedFile:
    return PatchedFile(
        path=file.filename, old_path=file.previous_filename or None, status=file.status, patch=file.patch or None
    )


def posted_reviews(reviews: Iterable[PullRequestReview], author: str) -> tuple[PostedReview, ...]:
    """Those of `author` that are visible to others, oldest first."""
    return tuple(
        PostedReview(id=review.id, commit_sha=review.commit_id or "", body=review.body or "")
        for review in reviews
        if login(review.user) == author and review.state != "PENDING"
    )


def posted_threads(comments: Iterable[PullRequestComment], author: str) -> tuple[Thread, ...]:
    """The threads that `author` began, each with the commit of then (a comment's own `commit_id` moves with the head).

    This API does not tell what is resolved; who wrote below a comment it does.
    """
    every = tuple(comments)
    answered = {_first_of_thread(comment) for comment in every}
    return tuple(
        Thread(_inline(comment), is_answered=comment.id in answered)
        for comment in every
        if login(comment.user) == author and _first_of_thread(comment) is None
    )


def posted_in_thread(comments: Iterable[PullRequestComment], author: str, first: int) -> tuple[PostedComment, ...]:
    """What `author` wrote below the first comment of a thread."""
    return tuple(
        _inline(comment) for comment in comments if login(comment.user) == author and _first_of_thread(comment) == first
    )


def _first_of_thread(comment: PullRequestComment) -> int | None:
    """The comment that this one answers; None for the first of a thread."""
    # Its own property asks GitHub again, once for every first comment: there the field is simply not sent.
    first: int | None = comment._rawData.get("in_reply_to_id")
    return first


def _inline(comment: PullRequestComment) -> PostedComment:
    return PostedComment(comment.id, comment.body or "", comment.path, comment.original_commit_id, comment.created_at)


def posted_in_conversation(comments: Iterable[IssueComment], author: str) -> tuple[PostedComment, ...]:
    """Those of `author`."""
    return tuple(
        PostedComment(comment.id, comment.body or "", None, None, comment.created_at)
        for comment in comments
        if login(comment.user) == author
    )


def login(user: NamedUser | Organization | None) -> str:
    """Whose it is; an account that was deleted has no user object."""
    return user.login if user else NOBODY


def review_comment(comment: InlineComment) -> dict[str, str | int]:
    """One of a review's `comments`. GitHub takes no `subject_type` here."""
    content: dict[str, str | int] = {
        "path": comment.path,
        "line": comment.line,
        "side": comment.side.value,
        "body": comment.body,
    }
    if comment.start_line is not None and comment.start_line != comment.line:
        content |= {"start_line": comment.start_line, "start_side": comment.side.value}
    return content
