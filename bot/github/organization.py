"""What an account decides for all its repositories: a file in its repository `.github`, if our app is installed there.

https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/creating-a-default-community-health-file
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

from github import Auth
from github.Requester import Requester

from preship.bot.github.access import GitHubAccess
from preship.bot.github.client import requester
from preship.bot.github.errors import forge_errors
from preship.bot.github.watching import watched
from preship.bot.review.forge import Refused, Unavailable
from preship.bot.review.policy import CONFIGURATION
from preship.bot.review.pull_request import Repository

NAME = ".github"

FRESH_SECONDS = 300.0
"""For so long one answer serves every review of an installation."""

_PERMISSIONS = {"metadata": "read", "contents": "read"}


class OrganizationFiles:
    """Reads the file of each installation's account now and then; shared by all reviews of a process."""

    def __init__(self, access: GitHubAccess, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._access = access
        self._fresh_seconds = fresh_seconds
        self._app: Requester = requester(access, Auth.AppAuth(access.app_id, access.private_key))
        self._lock = threading.Lock()
        self._held: dict[int, tuple[float, bytes]] = {}

    def configuration(self, repository: Repository, on_request: Callable[[], None]) -> bytes:
        """The file's content; empty where there is none, or none that we may read. Raises `ForgeError`."""
        if repository.name == NAME:
            # What it decides for itself is what it decides for all.
            return b""
        with self._lock:
            held = self._held.get(repository.installation)
            if held is None or time.monotonic() - held[0] >= self._fresh_seconds:
                held = self._held[repository.installation] = (time.monotonic(), self._asked(repository, on_request))
            return held[1]

    def _asked(self, repository: Repository, on_request: Callable[[], None]) -> bytes:
        try:
            with watched(self._access, self._app, repository.installation), forge_errors():
                on_request()
                _, granted = self._app.requestJsonAndCheck(
                    "POST",
                    f"/app/installations/{repository.installation}/access_tokens",
                    input={"repositories": [NAME], "permissions": _PERMISSIONS},
                )
                on_request()
                _, answer = requester(self._access, Auth.Token(str(granted["token"]))).requestJsonAndCheck(
                    "GET",
                    f"/repos/{quote(repository.owner, safe='')}/{NAME}/contents/{quote(CONFIGURATION, safe='')}",
                )
                return base64.b64decode(str(answer["content"]))
        except binascii.Error as error:
            raise Unavailable("GitHub's answer does not have the documented shape") from error
        except Refused as refusal:
            # 422: the installation does not cover such a repository, or there is none. 404: it has no such file.
            if refusal.status not in (404, 422):
                raise
            return b""
