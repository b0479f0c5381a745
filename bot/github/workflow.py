"""GitHub as one run of a workflow sees it: with the token of the run, and nobody else to share the pace with."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from github import Auth

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import requester
from preship.bot.github.errors import forge_errors
from preship.bot.github.forge import GitHubForge
from preship.bot.github.pacing import Pacing
from preship.bot.github.session import Session
from preship.bot.github.tokens import Purpose
from preship.bot.review.forge import Unavailable
from preship.bot.review.pull_request import Repository


def workflow_forge(access: GitHubAccess, token: str, repository: Repository) -> GitHubForge:
    """The repository of a workflow, seen with the token of one of its runs."""
    session = Session(access, _OneToken(access, token), Pacing(_OwnLedger(), access), repository)
    return GitHubForge(access, session, repository)


class _OneToken:
    """The one token that there is, for all purposes."""

    def __init__(self, access: GitHubAccess, token: str) -> None:
        self._token = token
        self._requester = requester(access, Auth.Token(token))

    def token(self, repository: Repository, purpose: Purpose, on_request: Callable[[], None]) -> str:
        """This one."""
        return self._token

    def forget(self, repository: Repository, purpose: Purpose) -> None:
        """There is no other."""

    def own_login(self, on_request: Callable[[], None]) -> str:
        """Whose token it is, as REST writes it: an app's has `[bot]` behind its name."""
        on_request()
        with forge_errors():
            _, answer = self._requester.requestJsonAndCheck(
                "POST", self._requester.graphql_url, input={"query": "{ viewer { login } }", "variables": {}}
            )
        viewer = ((answer or {}).get("data") or {}).get("viewer") or {}
        login = viewer.get("login")
        if not isinstance(login, str):
            raise Unavailable("GitHub does not say whose token it is")
        return login


class _OwnLedger:
    """Books the turns of this process alone: a run writes a few times, and ends."""

    def __init__(self) -> None:
        self._next = 0.0
        self._closed_until = 0.0

    def book(
        self,
        installation: int,
        spacing_seconds: float,
        quotas: Sequence[tuple[float, int]],
        patience_seconds: float,
        repository: int = 0,
    ) -> float:
        """One turn after the other."""
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + spacing_seconds
        return at - now

    def close(self, installation: int, seconds: float, grows: bool) -> float:
        """For as long as GitHub says."""
        self._closed_until = time.monotonic() + seconds
        return seconds

    def closed_seconds(self, installation: int) -> float:
        """What is left of that."""
        return max(0.0, self._closed_until - time.monotonic())
