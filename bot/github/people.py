"""People whose tokens we have been given, and what each of them sees on GitHub.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from github import Auth
from github.Requester import Requester

from preship.bot.credentials import App
from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import PAGE_SIZE, requester
from preship.bot.github.errors import forge_errors

# Ten thousand repositories of one installation.
_MOST_PAGES = 100

_WRITING = ("admin", "maintain", "push")


@dataclass(frozen=True, slots=True)
class Seen:
    """A repository that a person sees on GitHub, and where our app is installed."""

    id: int
    full_name: str
    installation: int
    may_write: bool


def identified(app: App, token: str, timeout_seconds: float) -> tuple[int, str]:
    """Id and login of whoever has a token. Raises `ForgeError`."""
    with forge_errors():
        _, answer = _as_person(app, token, timeout_seconds).requestJsonAndCheck("GET", "/user")
        return int(answer["id"]), str(answer["login"])


def seen_by(app: App, token: str, timeout_seconds: float) -> tuple[Seen, ...]:
    """Every repository that a person sees, of those where our app is installed. Raises `ForgeError`."""
    person = _as_person(app, token, timeout_seconds)
    with forge_errors():
        installations = [int(each["id"]) for each in _listed(person, "/user/installations", "installations")]
        return tuple(
            _seen(entry, number)
            for number in installations
            for entry in _listed(person, f"/user/installations/{number}/repositories", "repositories")
        )


def _listed(person: Requester, path: str, name: str) -> Iterator[Any]:
    for page in range(1, _MOST_PAGES + 1):
        _, answer = person.requestJsonAndCheck("GET", path, parameters={"per_page": PAGE_SIZE, "page": page})
        yield from answer[name]
        if len(answer[name]) < PAGE_SIZE:
            return


def _seen(entry: Any, installation: int) -> Seen:
    held = entry.get("permissions") or {}
    may_write = any(held.get(level) for level in _WRITING)
    return Seen(int(entry["id"]), str(entry["full_name"]), installation, may_write)


def _as_person(app: App, token: str, timeout_seconds: float) -> Requester:
    access = GitHubAccess(str(app.app_id), "", app.api_url, app.git_url, timeout_seconds=timeout_seconds)
    return requester(access, Auth.Token(token))
