"""What a delivery asks for: the events that we serve, read from GitHub's payloads into typed nouns.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from bot.intake.signature import BadDelivery, SignedDelivery

REVIEWED_ACTIONS = frozenset({"opened", "reopened", "synchronize", "ready_for_review", "edited"})
"""What may happen to a pull request that makes us review it; an edit only where it chose another base."""

COMMAND = ("/preship", "review")
"""The first words of a comment that asks for a review."""


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
    """A pull request has a new head or another base, or is open again, or ready."""

    action: str
    target: Target
    head_sha: str
    actor: str
    """The login of whoever did it."""


@dataclass(frozen=True, slots=True)
class ReviewCommand:
    """Somebody asks in a comment for a review of the whole pull request."""

    action: str
    target: Target
    comment_id: int
    actor: str
    """The login of whoever wrote the comment."""


Event = Ping | PullRequestChanged | ReviewCommand

_Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
_FullName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", max_length=200)]
_Id = Annotated[int, Field(gt=0, lt=2**63)]
# Letters, digits and dashes; `_` before the short code of an enterprise, `[bot]` behind the slug of an app.
_Login = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\[\]-]+$", max_length=100)]
_Number = Annotated[int, Field(gt=0, lt=2**31)]


class _Account(BaseModel):
    login: _Login
    type: str = "User"


class _Repository(BaseModel):
    id: _Id
    full_name: _FullName


class _Installation(BaseModel):
    id: _Id


class _Payload(BaseModel):
    action: str
    repository: _Repository
    installation: _Installation
    sender: _Account


class _Head(BaseModel):
    sha: _Sha


class _PullRequest(BaseModel):
    number: _Number
    head: _Head


class _Changes(BaseModel):
    base: object = None


class _PullRequestPayload(_Payload):
    pull_request: _PullRequest
    changes: _Changes = _Changes()


class _Issue(BaseModel):
    number: _Number
    pull_request: object = None


class _Comment(BaseModel):
    id: _Id
    body: str | None
    user: _Account | None


class _IssueCommentPayload(_Payload):
    issue: _Issue
    comment: _Comment


class _Action(BaseModel):
    action: str = ""


_Shape = TypeVar("_Shape", bound=BaseModel)


def read_event(delivery: SignedDelivery) -> Event | None:
    """The event of a delivery; None for those that ask nothing of us. Raises `BadDelivery`."""
    action = _parse(_Action, delivery.body).action
    if delivery.event == "ping":
        return Ping()
    if delivery.event == "pull_request" and action in REVIEWED_ACTIONS:
        return _pull_request_changed(_parse(_PullRequestPayload, delivery.body))
    if delivery.event == "issue_comment" and action == "created":
        return _review_command(_parse(_IssueCommentPayload, delivery.body))
    return None


def _pull_request_changed(payload: _PullRequestPayload) -> PullRequestChanged | None:
    if payload.action == "edited" and payload.changes.base is None:
        return None
    target = _target(payload, payload.pull_request.number)
    return PullRequestChanged(payload.action, target, payload.pull_request.head.sha, payload.sender.login)


def _review_command(payload: _IssueCommentPayload) -> ReviewCommand | None:
    author = payload.comment.user
    asks = tuple((payload.comment.body or "").split(maxsplit=2)[:2]) == COMMAND
    # Answers to bots make bots answer each other.
    if not asks or payload.issue.pull_request is None or author is None or author.type == "Bot":
        return None
    return ReviewCommand(payload.action, _target(payload, payload.issue.number), payload.comment.id, author.login)


def _target(payload: _Payload, number: int) -> Target:
    return Target(payload.repository.id, payload.repository.full_name, payload.installation.id, number)


def _parse(shape: type[_Shape], body: bytes) -> _Shape:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        raise BadDelivery(f"{place}: {first['msg']}") from None
