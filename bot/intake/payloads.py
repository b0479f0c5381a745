"""The parts of GitHub's payloads that we read, and what they must look like.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
FullName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", max_length=200)]
Branch = Annotated[str, Field(pattern=r"^refs/heads/[!-~]+$", max_length=500)]
Id = Annotated[int, Field(gt=0, lt=2**63)]
# Letters, digits and dashes; `_` before the short code of an enterprise, `[bot]` behind the slug of an app.
Login = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\[\]-]+$", max_length=100)]
Moment = Annotated[str, Field(pattern=r"^[0-9TZ:.+-]*$", max_length=40)]
Number = Annotated[int, Field(gt=0, lt=2**31)]


class Account(BaseModel):
    """A user, an organization or a bot."""

    login: Login
    type: str = "User"


class Repository(BaseModel):
    """The repository that an event is about."""

    id: Id
    full_name: FullName


class Installation(BaseModel):
    """Anything of which only the id matters."""

    id: Id


class Payload(BaseModel):
    """What every event of a repository has."""

    action: str
    repository: Repository
    installation: Installation
    sender: Account


class Head(BaseModel):
    """The head of a pull request."""

    sha: Sha


class PullRequest(BaseModel):
    """A pull request."""

    number: Number
    head: Head


class Changes(BaseModel):
    """What was there before an edit."""

    base: object = None


class PullRequestPayload(Payload):
    """`pull_request`."""

    pull_request: PullRequest
    changes: Changes = Changes()


class Issue(BaseModel):
    """An issue; a pull request is one with a field more."""

    number: Number
    pull_request: object = None


class Comment(BaseModel):
    """A comment, in a conversation or on lines."""

    id: Id
    body: str | None
    user: Account | None
    in_reply_to_id: Id | None = None


class IssueCommentPayload(Payload):
    """`issue_comment`."""

    issue: Issue
    comment: Comment


class ReviewCommentPayload(Payload):
    """`pull_request_review_comment`."""

    pull_request: PullRequest
    comment: Comment


class Numbered(BaseModel):
    """A pull request of which only the number matters."""

    number: Number


class Check(BaseModel):
    """A check run or a check suite."""

    id: Id
    external_id: str | None = None
    updated_at: Moment = ""
    pull_requests: list[Numbered] = []


class RequestedAction(BaseModel):
    """The button that somebody pressed."""

    identifier: str


class CheckRunPayload(Payload):
    """`check_run`."""

    check_run: Check
    requested_action: RequestedAction | None = None


class CheckSuitePayload(Payload):
    """`check_suite`."""

    check_suite: Check


class MergeGroup(BaseModel):
    """Pull requests that a merge queue joined."""

    head_sha: Sha
    base_sha: Sha
    base_ref: Branch
    head_ref: Branch


class MergeGroupPayload(Payload):
    """`merge_group`."""

    merge_group: MergeGroup


class MovedPayload(BaseModel):
    """`repository`; who transfers one away may not tell the installation."""

    repository: Repository
    installation: Installation | None = None


class InstallationPayload(BaseModel):
    """`installation` and `installation_repositories`."""

    installation: Installation
    repositories_removed: list[Installation] = []
    """Only their ids matter."""


class Action(BaseModel):
    """What every event has."""

    action: str = ""
