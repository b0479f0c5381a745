"""What stands on the fake GitHub: repositories, pull requests, and everything that was written there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.rig.repository import BareRepository, DiffFile

APP_ID = 4711
APP_SLUG = "preship"
APP_LOGIN = f"{APP_SLUG}[bot]"
INSTALLATION = 99
SECRET = "a webhook secret of the rig"
CLIENT_ID = "Iv23liPreshipRig"
CLIENT_SECRET = "a client secret of the rig"

START = datetime(2026, 1, 5, 10, 0, 0, tzinfo=UTC)


@dataclass
class Review:
    id: int
    author: str
    body: str
    commit: str
    at: str
    state: str = "COMMENTED"


@dataclass
class ReviewComment:
    """An inline comment, or one on a whole file (then `line` is None)."""

    id: int
    author: str
    body: str
    path: str
    commit: str
    at: str
    review: int | None
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None
    in_reply_to: int | None = None
    """The first comment of the thread; None for that comment itself."""

    resolved_by: str | None = None
    """Who resolved the thread that this comment begins."""

    reactions: list[str] = field(default_factory=list)

    @property
    def thread(self) -> str:
        """The id under which GraphQL knows the thread that this comment begins."""
        return f"PRRT_{self.id}"


@dataclass
class Comment:
    """A comment in the conversation of a pull request."""

    id: int
    author: str
    body: str
    at: str
    number: int
    edits: int = 0
    reactions: list[str] = field(default_factory=list)


@dataclass
class CheckRun:
    id: int
    app: str
    name: str
    head_sha: str
    external_id: str
    status: str
    at: str
    conclusion: str | None = None
    completed_at: str | None = None
    title: str | None = None
    summary: str | None = None
    buttons: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    """Each status and conclusion that it had, in order."""


@dataclass
class Pull:
    number: int
    title: str
    author: str
    head_ref: str
    base_ref: str
    fork: str | None
    """Owner of the fork that it comes from."""

    draft: bool = False
    state: str = "open"
    body: str = ""
    base_sha: str = ""
    """The tip of the base branch when the pull request was opened or pushed to last: GitHub shows it for the base's
    own commit, however far the branch has come since."""


@dataclass
class Repository:
    id: int
    owner: str
    name: str
    git: BareRepository
    pulls: dict[int, Pull] = field(default_factory=dict)
    reviews: dict[int, list[Review]] = field(default_factory=dict)
    review_comments: dict[int, list[ReviewComment]] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    check_runs: list[CheckRun] = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)
    """`admin`, `write`, `read` by login; nobody else has any."""

    lets_apps_resolve: bool = True
    """GitHub lets an app resolve threads where it lets it push, or says no by `viewerCanResolve`."""

    patches_left_out: set[str] = field(default_factory=set)
    """Paths whose patch GitHub would find too large to send."""

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def head(self, pull: Pull) -> str:
        """The commit that a pull request offers."""
        found = self.git.resolve(f"refs/pull/{pull.number}/head")
        assert found, f"pull request {pull.number} has no head"
        return found

    def base(self, pull: Pull) -> str:
        """The tip of the branch that it wants to go into."""
        found = self.git.resolve(f"refs/heads/{pull.base_ref}")
        assert found, f"there is no branch {pull.base_ref}"
        return found

    def shown_base(self, pull: Pull) -> str:
        """What is shown as the base commit."""
        return pull.base_sha or self.base(pull)

    def diff(self, pull: Pull, head: str) -> dict[str, DiffFile] | None:
        """The three-dot diff by path; None for a commit that has nothing to do with the base."""
        merge_base = self.git.merge_base(self.base(pull), head)
        return {file.path: file for file in self.git.diff(merge_base, head)} if merge_base else None


@dataclass(frozen=True, slots=True)
class Grant:
    """What an installation token may do."""

    repositories: frozenset[int]
    permissions: Mapping[str, str]
    expires_at: datetime

    def allows(self, permission: str, level: str) -> bool:
        held = self.permissions.get(permission)
        return held == "write" or (held == "read" and level == "read")


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """One attempt at a delivery to our app's hook."""

    id: int
    guid: str
    event: str
    payload: Mapping[str, Any]
    url: str
    secret: str
    status: int
    is_again: bool
    at: datetime
    """By the real clock: the bot asks for the deliveries of the last hour."""


@dataclass
class World:
    """Everything, and the counters that name new things."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    granted: Mapping[str, str] = field(
        default_factory=lambda: {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
    )
    """What the owner granted the installation: `app.yml` asks for it, and no token gets more."""

    events: tuple[str, ...] = ()
    """What the app is sent."""

    people: tuple[str, ...] = ("ada", "bob")
    """Who may sign in."""

    private_key: str = ""
    """The app's, which whoever registers it is given."""

    user_tokens: dict[str, str] = field(default_factory=dict)
    """Logins by the token of each."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What sign-ins were begun with, by the code that ends each."""

    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Apps that were registered and not handed over yet, by code."""

    app_owner: str = ""
    """The organization that the app was registered for."""

    callback_urls: tuple[str, ...] = ()
    setup_url: str = ""
    hook_url: str = ""
    clock_seconds: int = 0
    """By how much GitHub's clock is ahead of ours."""

    hook_secret: str = SECRET
    installations: int = 1

    hook_deliveries: list[HookDelivery] = field(default_factory=list)
    """Every attempt, oldest first."""

    send_again: Callable[[HookDelivery], None] = lambda delivery: None
    """Makes another attempt, in its own time."""

    _ids: Any = field(default_factory=lambda: itertools.count(1001))
    _seconds: Any = field(default_factory=itertools.count)

    def new_id(self) -> int:
        return next(self._ids)

    def now(self) -> str:
        """A moment later than the last one asked for; the same in every run."""
        return (START + timedelta(seconds=next(self._seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def user_id(self, login: str) -> int:
        """A stable id for a login."""
        return 1 + int.from_bytes(login.encode()[:6], "big")
