"""The review of a pull request by a run of a workflow: read from GitHub, posted with the run's token, nothing stored.

What stands on the pull request is all that a run knows of earlier ones: our marks tell which faults were told, and
which comment is the summary.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ValidationError

from preship.analyzers.analysis import Watch
from preship.bot.git.mirror import Mirror
from preship.bot.github.access import GitHubAccess
from preship.bot.github.workflow import workflow_forge
from preship.bot.local import Voice, Wishes, review_mirrored
from preship.bot.report.report import Report
from preship.bot.review.forge import Forge, ForgeError, Refused
from preship.bot.review.history import History, said
from preship.bot.review.marker import Kind, read_marker
from preship.bot.review.pull_request import InlineComment, Repository, ReviewPlan

FORBIDDEN = 403
UNPROCESSABLE = 422

MAY_NOT_WRITE = "the run's token may not write, as for a fork's pull request or without `pull-requests: write`"


class NoPullRequest(Exception):
    """The run is about no pull request, or something is missing to read it; the text is one sentence."""


class _Commit(BaseModel):
    sha: str
    ref: str


class _PullRequest(BaseModel):
    number: int
    base: _Commit
    head: _Commit


class _Owner(BaseModel):
    login: str


class _Repository(BaseModel):
    id: int
    name: str
    owner: _Owner


class Event(BaseModel):
    """What the run was started for, as far as we read it.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
    """

    repository: _Repository
    pull_request: _PullRequest


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a review."""

    report: Report
    is_posted: bool
    """Whether nothing that there is to say is left unsaid."""

    is_said: bool = False
    """Whether something stands on the pull request."""

    reason: str = ""
    """Why it is not posted."""


def event_of(variables: Mapping[str, str]) -> Event:
    """The pull request of this run. Raises `NoPullRequest`."""
    path = variables.get("GITHUB_EVENT_PATH", "")
    try:
        return Event.model_validate_json(Path(path).read_bytes())
    except OSError as error:
        raise NoPullRequest("this is no run of a workflow: GITHUB_EVENT_PATH names no file") from error
    except ValidationError as error:
        name = variables.get("GITHUB_EVENT_NAME", "this event")
        raise NoPullRequest(f"`{name}` is about no pull request: let the workflow run on `pull_request`") from error


def review_and_post(
    event: Event, variables: Mapping[str, str], token: str, wishes: Wishes, watch: Watch, *, posts: bool
) -> Posted:
    """Review the pull request of a run, and post the review where `posts` and where the token may.

    Raises `ForgeError` where the pull request cannot be read, and what reading commits raises.
    """
    access = _access(variables)
    repository = Repository(event.repository.id, event.repository.owner.login, event.repository.name, 0)
    forge = workflow_forge(access, token, repository)
    pull, key = event.pull_request, _marker_key(repository)
    merge_base = forge.comparison(pull.base.sha, pull.head.sha).merge_base_sha
    history = _history(forge, pull.number) if posts else History()
    voice = Voice(
        pull.number,
        key,
        f"{access.git_url.rstrip('/')}/{repository.full_name}/blob/{pull.head.sha}",
        frozenset(said(history, pull.number, key)),
        base=pull.base.ref,
        is_obeying=False,
    )
    with tempfile.TemporaryDirectory(prefix="preship-", dir=variables.get("RUNNER_TEMP") or None) as folder:
        mirror = Mirror.open(Path(folder) / "mirror", forge.clone_url(), forge.git_authorization())
        wanted = list(dict.fromkeys((merge_base, pull.head.sha, pull.base.sha)))
        mirror.ensure(wanted, (f"refs/pull/{pull.number}/head",))
        report = review_mirrored(mirror, pull.base.sha, merge_base, pull.head.sha, voice, watch, wishes)
    if not posts:
        return Posted(report, is_posted=False)
    return _posted(forge, pull.number, report, key)


def _access(variables: Mapping[str, str]) -> GitHubAccess:
    """Where this run's GitHub is; nobody's app is asked for anything."""
    usual = GitHubAccess("", "")
    api, web = variables.get("GITHUB_API_URL"), variables.get("GITHUB_SERVER_URL")
    return replace(usual, api_url=api or usual.api_url, git_url=web or usual.git_url)


def _marker_key(repository: Repository) -> bytes:
    """No secret: marks are read from posts of our own login alone, and a run has no secret that lasts."""
    return hashlib.sha256(f"preship workflow {repository.id}".encode()).digest()


def _history(forge: Forge, number: int) -> History:
    """What stands on the pull request; nothing where the token may not even see that."""
    with suppress(ForgeError):
        forge.pull_request(number)
    try:
        return History(threads=tuple(forge.own_threads(number)))
    except ForgeError:
        return History()


def _posted(forge: Forge, number: int, report: Report, key: bytes) -> Posted:
    if report.plan is None:
        return Posted(report, is_posted=False)
    try:
        _post_review(forge, number, report.plan, key)
        is_said = _post_summary(forge, number, report.plan, key)
    except Refused as refusal:
        hint = f": {MAY_NOT_WRITE}" if refusal.status == FORBIDDEN else ""
        return Posted(report, is_posted=False, reason=f"{refusal.reason}{hint}")
    except ForgeError as error:
        return Posted(report, is_posted=False, reason=str(error))
    reviewed = replace(report.reviewed, is_posted=True) if report.reviewed is not None else None
    return Posted(replace(report, reviewed=reviewed), is_posted=True, is_said=is_said)


def _post_review(forge: Forge, number: int, plan: ReviewPlan, key: bytes) -> None:
    if not plan.posts_review:
        return
    markers = [read_marker(standing.body, key) for standing in forge.own_reviews(number)]
    if any(mark and (mark.kind, mark.head_sha) == (Kind.REVIEW, plan.head_sha) for mark in markers):
        return
    try:
        forge.post_review(number, plan.head_sha, plan.body, plan.comments)
    except Refused as refusal:
        if refusal.status != UNPROCESSABLE or not plan.comments:
            raise
        # One line that bears no comment spoils a review: then one by one, and the summary has them all.
        forge.post_review(number, plan.head_sha, plan.body, ())
        _post_apart(forge, number, plan, plan.comments)
    for comment in plan.file_comments:
        forge.post_file_comment(number, plan.head_sha, comment.path, comment.body)


def _post_apart(forge: Forge, number: int, plan: ReviewPlan, comments: Sequence[InlineComment]) -> None:
    for comment in comments:
        try:
            forge.post_line_comment(number, plan.head_sha, comment)
        except Refused as refusal:
            if refusal.status != UNPROCESSABLE:
                raise


def _post_summary(forge: Forge, number: int, plan: ReviewPlan, key: bytes) -> bool:
    """Edit the summary that stands, or write the first; a change without actions gets none of its own.

    Gives whether there is one.
    """
    standing = [comment.id for comment in forge.own_conversation_comments(number) if _is_summary(comment.body, key)]
    text = plan.summary or plan.empty_summary
    if standing and text:
        forge.edit_comment(standing[0], text)
    elif plan.summary is not None:
        forge.post_comment(number, plan.summary)
    return bool(standing) or plan.summary is not None


def _is_summary(body: str, key: bytes) -> bool:
    mark = read_marker(body, key)
    return mark is not None and mark.kind is Kind.SUMMARY


def say_where_it_stands(posted: Posted, *, posts: bool) -> None:
    """One line for the log of the run."""
    if posted.is_said:
        print("The review stands on the pull request.")
    elif posted.is_posted:
        print("Nothing is posted: there is nothing to say on the pull request.")
    elif posts:
        why = f" ({posted.reason})" if posted.reason else ""
        print(f"The review could not be posted{why}; its findings are annotations of this run.", file=sys.stderr)
