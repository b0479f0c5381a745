"""Installation tokens: one per repository and purpose, with the least permissions, kept for as long as they last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from github import Auth
from github.Requester import Requester

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import requester
from preship.bot.github.errors import forge_errors
from preship.bot.review.forge import Unavailable
from preship.bot.review.pull_request import Repository


class Purpose(Enum):
    """What a token is for. git parses what others pushed, so it never holds a token that can write."""

    REVIEW = "review"
    GIT = "git"
    PROPOSAL = "proposal"


PERMISSIONS: Mapping[Purpose, Mapping[str, str]] = {
    # contents: compare. pull_requests: reviews and the conversation. checks: the check run.
    Purpose.REVIEW: {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"},
    Purpose.GIT: {"metadata": "read", "contents": "read"},
    # The one token that may push, made for as long as a pull request of ours is opened; most owners do not grant it.
    Purpose.PROPOSAL: {"metadata": "read", "contents": "write", "pull_requests": "write"},
}

# A token lives for an hour; one that ends sooner than a review may take is replaced.
SHORTEST_REST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Token:
    secret: str = field(repr=False)
    expires_at: datetime


class TokenSource(Protocol):
    """Where the credentials of requests come from."""

    def token(self, repository: Repository, purpose: Purpose, on_request: Callable[[], None]) -> str:
        """A token that is good for some minutes yet; `on_request` is told if GitHub had to be asked."""
        ...

    def forget(self, repository: Repository, purpose: Purpose) -> None:
        """Ask anew next time: GitHub no longer accepts this one."""
        ...

    def own_login(self, on_request: Callable[[], None]) -> str:
        """The login under which we write."""
        ...


class Tokens:
    """Asks for tokens as the app and remembers them."""

    def __init__(self, access: GitHubAccess) -> None:
        self._app: Requester = requester(access, Auth.AppAuth(access.app_id, access.private_key))
        self._lock = threading.Lock()
        self._held: dict[tuple[int, int, Purpose], _Token] = {}
        self._login: str | None = None

    def token(self, repository: Repository, purpose: Purpose, on_request: Callable[[], None]) -> str:
        """A token that is good for some minutes yet; `on_request` is told if GitHub had to be asked."""
        key = (repository.installation, repository.id, purpose)
        with self._lock:
            held = self._held.get(key)
            if held is None or held.expires_at - datetime.now(UTC) < SHORTEST_REST:
                on_request()
                held = self._held[key] = self._ask(repository, PERMISSIONS[purpose])
            return held.secret

    def forget(self, repository: Repository, purpose: Purpose) -> None:
        """Ask anew next time: GitHub no longer accepts this one."""
        with self._lock:
            self._held.pop((repository.installation, repository.id, purpose), None)

    def own_login(self, on_request: Callable[[], None]) -> str:
        """The login under which our app writes: its slug and `[bot]`, which no person's login can contain."""
        with self._lock:
            if self._login is None:
                on_request()
                self._login = self._ask_for_login()
            return self._login

    def _ask(self, repository: Repository, permissions: Mapping[str, str]) -> _Token:
        # By hand, because PyGithub narrows tokens by permission only.
        path = f"/app/installations/{repository.installation}/access_tokens"
        wanted = {"repository_ids": [repository.id], "permissions": dict(permissions)}
        with forge_errors():
            _, answer = self._app.requestJsonAndCheck("POST", path, input=wanted)
            return _Token(_text(answer, "token"), datetime.fromisoformat(_text(answer, "expires_at")))

    def _ask_for_login(self) -> str:
        with forge_errors():
            _, answer = self._app.requestJsonAndCheck("GET", "/app")
            return f"{_text(answer, 'slug')}[bot]"


def _text(answer: Any, name: str) -> str:
    """A field that must be a string. The answer itself is never quoted: it may hold the token."""
    value = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(value, str):
        raise Unavailable(f"GitHub's answer has no `{name}`")
    return value
