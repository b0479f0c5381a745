"""Requests to one repository: authenticated, counted, paced, and failing in the port's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from github.Auth import Auth
from github.Repository import Repository as GitHubRepository
from github.Requester import Requester

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import requester
from preship.bot.github.errors import forge_errors, graphql_error
from preship.bot.github.overview import QUERY, Overview, overview, variables
from preship.bot.github.pacing import Pacing
from preship.bot.github.tokens import Purpose, TokenSource
from preship.bot.github.watching import watched
from preship.bot.review.forge import Gone, NotGranted, Refused, Unavailable
from preship.bot.review.pull_request import Repository

T = TypeVar("T")


class _InstallationAuth(Auth):
    """The repository's token. PyGithub asks for it once a request, pages and lazy look-ups included: we count here."""

    def __init__(self, token: Callable[[], str], on_request: Callable[[], None]) -> None:
        self._token = token
        self._on_request = on_request

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        return self._token()

    def authentication(self, headers: dict[str, str]) -> None:
        self._on_request()
        super().authentication(headers)


class Session:
    """One repository's API, for one review."""

    def __init__(
        self,
        access: GitHubAccess,
        tokens: TokenSource,
        pacing: Pacing,
        repository: Repository,
        purpose: Purpose = Purpose.REVIEW,
    ) -> None:
        self.api_calls = 0
        """Requests made so far, those for tokens included; repeats of a failed read count once."""

        self._access = access
        self._tokens = tokens
        self._pacing = pacing
        self._repository = repository
        self._purpose = purpose
        self._requester: Requester = requester(access, _InstallationAuth(self._own_token, self._count))
        self._path = f"/repos/{quote(repository.owner, safe='')}/{quote(repository.name, safe='')}"

    def read(self, ask: Callable[[GitHubRepository], T]) -> T:
        """What `ask` makes of the repository. Lazy objects: only what it touches is requested."""
        return self._authorized(lambda: ask(GitHubRepository(self._requester, url=self._path)))

    def write(self, verb: str, path: str, content: Mapping[str, Any]) -> int:
        """Write below the repository, exactly once; gives the id of what was written."""
        number = self.send(verb, path, content).get("id")
        if not isinstance(number, int):
            raise Unavailable("GitHub's answer to a write has no id")
        return number

    def send(self, verb: str, path: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write below the repository, exactly once; gives the answer.

        By hand and not by PyGithub's objects: those look things up first, or afterwards, in requests of their own.
        """
        # Every POST of ours creates something that GitHub counts; a PATCH only has to keep the distance.
        repository = self._repository
        self._pacing.wait_for_turn(repository.installation, creates=verb != "PATCH", repository=repository.id)
        _, answer = self._authorized(
            lambda: self._requester.requestJsonAndCheck(verb, self._path + path, input=dict(content))
        )
        return answer if isinstance(answer, Mapping) else {}

    def for_proposals(self) -> Session:
        """The same repository, with a token that may push. Raises `NotGranted` where nobody granted that."""
        made = Session(self._access, self._tokens, self._pacing, self._repository, Purpose.PROPOSAL)
        try:
            with self._pacing.within_limits(self._repository.installation):
                self._tokens.token(self._repository, Purpose.PROPOSAL, self._count)
        except Refused as refusal:
            raise NotGranted(refusal.status, refusal.reason) from refusal
        return made

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The `data` of a GraphQL query; its errors, which come with HTTP 200, are raised."""
        with self._pacing.within_limits(self._repository.installation), self._watched():
            return self._queried(query, variables)

    def mutate(self, query: str, variables: Mapping[str, Any]) -> None:
        """Send a GraphQL mutation, once; its errors, which come with HTTP 200, are raised."""
        self._pacing.wait_for_turn(self._repository.installation, creates=False)
        self.graphql(query, variables)

    def _queried(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        headers, answer = self._retried(
            lambda: self._requester.requestJsonAndCheck(
                "POST", self._requester.graphql_url, input={"query": query, "variables": dict(variables)}
            )
        )
        if not isinstance(answer, Mapping) or not (answer.get("errors") or isinstance(answer.get("data"), Mapping)):
            raise Unavailable("GitHub's GraphQL answer does not have the documented shape")
        if answer.get("errors"):
            raise graphql_error(answer["errors"], headers, datetime.now(UTC))
        data: Mapping[str, Any] = answer["data"]
        return data

    def overview(self, number: int, check_name: str) -> Overview:
        """A pull request and what of ours stands on it."""
        answer = self.graphql(QUERY, variables(self._repository, number, check_name))
        with forge_errors():
            return overview(self._repository, answer)

    def full_name(self) -> str:
        """What the repository is called now: of all that the token opens, which is this one."""
        # https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation
        _, answer = self._authorized(lambda: self._requester.requestJsonAndCheck("GET", "/installation/repositories"))
        with forge_errors():
            for each in answer["repositories"]:
                if each["id"] == self._repository.id:
                    return str(each["full_name"])
        raise Gone(404, "the installation does not cover the repository")

    def beside(self, ask: Callable[[Repository, Callable[[], None]], T]) -> T:
        """Ask something that is no part of this repository's API, within the same limits, and counted."""
        with self._pacing.within_limits(self._repository.installation):
            return ask(self._repository, self._count)

    def git_token(self) -> str:
        """A token that can only read."""
        with self._pacing.within_limits(self._repository.installation):
            return self._tokens.token(self._repository, Purpose.GIT, self._count)

    def own_login(self) -> str:
        """The login under which our app writes."""
        with self._pacing.within_limits(self._repository.installation):
            return self._tokens.own_login(self._count)

    def _authorized(self, send: Callable[[], T]) -> T:
        """Send, unless GitHub wants this installation to wait."""
        with self._pacing.within_limits(self._repository.installation), self._watched():
            return self._retried(send)

    def _watched(self) -> AbstractContextManager[None]:
        return watched(self._access, self._requester, self._repository.installation)

    def _retried(self, send: Callable[[], T]) -> T:
        """Send; once more with a fresh token after a 401, which created nothing."""
        with forge_errors():
            try:
                with forge_errors():
                    return send()
            except Refused as refusal:
                if refusal.status != 401:
                    raise
                self._tokens.forget(self._repository, self._purpose)
                return send()

    def _own_token(self) -> str:
        return self._tokens.token(self._repository, self._purpose, self._count)

    def _count(self) -> None:
        self.api_calls += 1
