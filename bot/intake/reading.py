"""Reads the events that we serve from GitHub's payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from preship.bot.intake.events import (
    MERGE_GROUP,
    AccessLost,
    CheckRequested,
    Commanded,
    Event,
    MergeGroupQueued,
    Ping,
    PullRequestChanged,
    RepositoryMoved,
    Target,
)
from preship.bot.intake.payloads import (
    Action,
    Check,
    CheckRunPayload,
    CheckSuitePayload,
    Comment,
    InstallationPayload,
    IssueCommentPayload,
    MergeGroupPayload,
    MovedPayload,
    Payload,
    PullRequestPayload,
    ReviewCommentPayload,
)
from preship.bot.intake.signature import BadDelivery, SignedDelivery

REVIEWED_ACTIONS = frozenset({"opened", "reopened", "synchronize", "ready_for_review", "edited", "closed"})
"""What may happen to a pull request that makes us look at it; an edit only where it chose another base.

One that is closed gets no review, but the check runs of its head commit may have to speak of others alone.
"""

COMMAND = "/preship"
"""The first word of a comment that asks something of us."""

COMMAND_LIMIT = 2_000
"""Characters of a command that are kept: a reason is a sentence, and not a book."""

BUTTON = "review"
"""What the one button of our check runs asks for."""

_Shape = TypeVar("_Shape", bound=BaseModel)


def read_event(delivery: SignedDelivery) -> Event | None:
    """The event of a delivery; None for those that ask nothing of us. Raises `BadDelivery`."""
    action = _parse(Action, delivery.body).action
    if delivery.event == "ping":
        return Ping()
    if delivery.event == "pull_request" and action in REVIEWED_ACTIONS:
        return _pull_request_changed(_parse(PullRequestPayload, delivery.body))
    read = READERS.get((delivery.event, action))
    return read(delivery.body) if read else None


def _pull_request_changed(payload: PullRequestPayload) -> PullRequestChanged | None:
    if payload.action == "edited" and payload.changes.base is None:
        return None
    target = _target(payload, payload.pull_request.number)
    return PullRequestChanged(payload.action, target, payload.pull_request.head.sha, payload.sender.login)


def _conversation_command(body: bytes) -> Commanded | None:
    payload = _parse(IssueCommentPayload, body)
    if payload.issue.pull_request is None:
        return None
    return _commanded(payload, payload.issue.number, payload.comment, None)


def _thread_command(body: bytes) -> Commanded | None:
    payload = _parse(ReviewCommentPayload, body)
    comment = payload.comment
    return _commanded(payload, payload.pull_request.number, comment, comment.in_reply_to_id or comment.id)


def _commanded(payload: Payload, number: int, comment: Comment, thread_id: int | None) -> Commanded | None:
    text = (comment.body or "").strip().partition("\n")[0].strip()[:COMMAND_LIMIT]
    asks = text.split(maxsplit=1)[:1]
    author = comment.user
    # Answers to bots make bots answer each other.
    if not asks or asks[0].lower() != COMMAND or author is None or author.type == "Bot":
        return None
    return Commanded(payload.action, _target(payload, number), comment.id, thread_id, text, author.login)


def _check_run_requested(body: bytes) -> CheckRequested | None:
    payload = _parse(CheckRunPayload, body)
    if payload.requested_action is not None and payload.requested_action.identifier != BUTTON:
        return None
    number = _number_of(payload.check_run, payload.repository.id)
    if number is None:
        return None
    name = f"check:{payload.check_run.id}"
    return CheckRequested(payload.action, _target(payload, number), name, payload.sender.login)


def _check_suite_requested(body: bytes) -> CheckRequested | None:
    payload = _parse(CheckSuitePayload, body)
    suite = payload.check_suite
    if not suite.pull_requests:
        return None
    # A suite keeps its id for all its runs; when it was changed tells one request from the next.
    name = f"suite:{suite.id}@{suite.updated_at}"
    return CheckRequested(payload.action, _target(payload, suite.pull_requests[0].number), name, payload.sender.login)


def _number_of(check: Check, repository_id: int) -> int | None:
    """The pull request of a check run of ours: GitHub lists none for forks, but our own name for the run has it."""
    first, _, rest = (check.external_id or "").partition(":")
    number = rest.partition(":")[0]
    if first == str(repository_id) and number.isascii() and number.isdecimal() and 0 < int(number[:10]) < 2**31:
        return int(number)
    return check.pull_requests[0].number if check.pull_requests else None


def _merge_group_queued(body: bytes) -> MergeGroupQueued:
    payload = _parse(MergeGroupPayload, body)
    group, target = payload.merge_group, _target(payload, MERGE_GROUP)
    return MergeGroupQueued(
        payload.action, target, group.head_sha, group.base_sha, group.base_ref, group.head_ref, payload.sender.login
    )


def _moved(body: bytes) -> RepositoryMoved:
    payload = _parse(MovedPayload, body)
    installation = payload.installation.id if payload.installation else None
    return RepositoryMoved(payload.repository.id, payload.repository.full_name, installation)


def _lost(reason: str) -> Callable[[bytes], AccessLost]:
    return lambda body: AccessLost(_parse(InstallationPayload, body).installation.id, None, reason)


def _repositories_removed(body: bytes) -> AccessLost:
    payload = _parse(InstallationPayload, body)
    removed = tuple(repository.id for repository in payload.repositories_removed)
    return AccessLost(payload.installation.id, removed, "the repository was taken from the installation")


READERS: Mapping[tuple[str, str], Callable[[bytes], Event | None]] = {
    ("issue_comment", "created"): _conversation_command,
    ("pull_request_review_comment", "created"): _thread_command,
    ("check_run", "rerequested"): _check_run_requested,
    ("check_run", "requested_action"): _check_run_requested,
    ("check_suite", "rerequested"): _check_suite_requested,
    ("merge_group", "checks_requested"): _merge_group_queued,
    ("repository", "renamed"): _moved,
    ("repository", "transferred"): _moved,
    ("installation", "suspend"): _lost("the installation was suspended"),
    ("installation", "deleted"): _lost("the app was uninstalled"),
    ("installation_repositories", "removed"): _repositories_removed,
}
"""What is read of each event and action, besides changes of pull requests."""


def _target(payload: Payload, number: int) -> Target:
    return Target(payload.repository.id, payload.repository.full_name, payload.installation.id, number)


def _parse(shape: type[_Shape], body: bytes) -> _Shape:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        raise BadDelivery(f"{place}: {first['msg']}") from None
