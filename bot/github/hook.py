"""The `Hook` port, filled with GitHub: https://docs.github.com/en/rest/apps/webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from github import Auth
from github.Requester import Requester

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import PAGE_SIZE, requester
from preship.bot.github.errors import forge_errors
from preship.bot.github.pacing import Ledger, Pacing
from preship.bot.github.watching import watched
from preship.bot.review.hook import Attempt

# Requests of the app itself belong to no installation; GitHub's ids begin at 1.
_APP = 0

# Ten thousand attempts: with more in three days, the oldest are past help.
_MOST_PAGES = 100


class AppHook:
    """The deliveries of our app, asked for as the app."""

    def __init__(self, access: GitHubAccess, ledger: Ledger) -> None:
        self._app: Requester = requester(access, Auth.AppAuth(access.app_id, access.private_key))
        self._access = access
        self._pacing = Pacing(ledger, access)

    def attempts_since(self, since: datetime) -> Sequence[Attempt]:
        """Every attempt after a moment, newest first."""
        attempts: list[Attempt] = []
        cursor: str | None = ""
        for _ in range(_MOST_PAGES):
            page, cursor = self._page(cursor)
            attempts += [attempt for attempt in page if attempt.at > since]
            if cursor is None or len(page) == 0 or page[-1].at <= since:
                break
        return attempts

    def send_again(self, attempt_id: int) -> None:
        """Ask for another attempt at a delivery."""
        self._pacing.wait_for_turn(_APP, creates=True)
        with self._pacing.within_limits(_APP), self._watched(), forge_errors():
            self._app.requestJsonAndCheck("POST", f"/app/hook/deliveries/{attempt_id}/attempts")

    def reach(self) -> None:
        """Ask who we are."""
        with self._pacing.within_limits(_APP), self._watched(), forge_errors():
            self._app.requestJsonAndCheck("GET", "/app")

    def _watched(self) -> AbstractContextManager[None]:
        return watched(self._access, self._app, _APP)

    def _page(self, cursor: str | None) -> tuple[list[Attempt], str | None]:
        """One page, and where the next begins; None at the end."""
        asked = {"per_page": PAGE_SIZE} | ({"cursor": cursor} if cursor else {})
        with self._pacing.within_limits(_APP), self._watched(), forge_errors():
            headers, answer = self._app.requestJsonAndCheck("GET", "/app/hook/deliveries", parameters=asked)
            return [_attempt(entry) for entry in answer], _next_cursor(headers)


def _attempt(entry: Mapping[str, Any]) -> Attempt:
    at = datetime.fromisoformat(entry["delivered_at"])
    return Attempt(int(entry["id"]), str(entry["guid"]), at, int(entry["status_code"]))


def _next_cursor(headers: Mapping[str, Any]) -> str | None:
    """The cursor of the `Link` to the next page; of its address nothing else is used."""
    links = (link.partition(";") for link in str(headers.get("link", "")).split(","))
    following = [address.strip().strip("<>") for address, _, relation in links if 'rel="next"' in relation]
    return next(iter(parse_qs(urlsplit(following[0]).query).get("cursor", [])), None) if following else None
