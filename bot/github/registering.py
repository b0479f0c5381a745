"""The end of GitHub's manifest flow, and what GitHub knows of our app.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from github import Auth

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import PAGE_SIZE, requester
from preship.bot.github.errors import forge_errors


@dataclass(frozen=True, slots=True)
class Registered:
    """An app as GitHub gives it to whoever registered it, once."""

    app_id: int
    slug: str
    client_id: str
    client_secret: str = field(repr=False)
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    """Empty where GitHub made none."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Our app as GitHub describes it now."""

    slug: str
    permissions: Mapping[str, str]
    events: frozenset[str]
    installations: int
    """How many accounts have installed it."""

    at: datetime | None
    """The moment of the answer by GitHub's clock."""

    @property
    def login(self) -> str:
        """Under which it writes."""
        return f"{self.slug}[bot]"


@dataclass(frozen=True, slots=True)
class HookConfig:
    """Where GitHub sends our deliveries, and how."""

    url: str
    content_type: str


def api_url_of(git_url: str) -> str:
    """The REST API of a GitHub whose pages are there.

    https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
    """
    return "https://api.github.com" if git_url == "https://github.com" else f"{git_url}/api/v3"


def convert_manifest(api_url: str, code: str, timeout_seconds: float) -> Registered:
    """Take the app that somebody has just registered. Raises `ForgeError`."""
    access = GitHubAccess("", "", api_url, timeout_seconds=timeout_seconds)
    with forge_errors():
        # Nobody has to prove who they are: the code is good once, and for an hour.
        anonymous = requester(access, None)
        _, answer = anonymous.requestJsonAndCheck("POST", f"/app-manifests/{quote(code, safe='')}/conversions")
        return Registered(
            int(answer["id"]),
            str(answer["slug"]),
            str(answer["client_id"]),
            str(answer["client_secret"]),
            str(answer["pem"]),
            str(answer["webhook_secret"] or ""),
        )


class AppItself:
    """What our app may ask of itself. Raises `ForgeError`, and `ValueError` for a key that is none."""

    def __init__(self, access: GitHubAccess) -> None:
        self._app = requester(access, Auth.AppAuth(access.app_id, access.private_key))

    def identity(self) -> Identity:
        """Who GitHub says that we are."""
        with forge_errors():
            headers, answer = self._app.requestJsonAndCheck("GET", "/app")
            return Identity(
                str(answer["slug"]),
                dict(answer["permissions"]),
                frozenset(answer["events"]),
                int(answer.get("installations_count") or 0),
                _date(headers),
            )

    def hook(self) -> HookConfig:
        """Where our deliveries go."""
        with forge_errors():
            _, answer = self._app.requestJsonAndCheck("GET", "/app/hook/config")
            return HookConfig(str(answer.get("url") or ""), str(answer.get("content_type") or ""))

    def change_secret(self, webhook_secret: str) -> None:
        """Let GitHub sign deliveries with another secret from now on."""
        with forge_errors():
            self._app.requestJsonAndCheck("PATCH", "/app/hook/config", input={"secret": webhook_secret})

    def send_last_again(self) -> bool:
        """Ask for the latest delivery once more, whatever it was; False where there was none yet."""
        with forge_errors():
            _, listed = self._app.requestJsonAndCheck("GET", "/app/hook/deliveries", parameters={"per_page": PAGE_SIZE})
            for entry in listed[:1]:
                self._app.requestJsonAndCheck("POST", f"/app/hook/deliveries/{int(entry['id'])}/attempts")
            return bool(listed)


def _date(headers: Mapping[str, Any]) -> datetime | None:
    try:
        date = parsedate_to_datetime(str(headers.get("date", "")))
    except ValueError:
        return None
    # All are of UTC; one that a proxy has put its own behind, or that says `-0000`, does not tell Python so.
    return date if date.tzinfo else date.replace(tzinfo=UTC)
