"""How PyGithub is set up: what it may repeat, for how long, and what it may log."""

from __future__ import annotations

import logging
from typing import Any

from github.Auth import Auth
from github.Requester import Requester
from urllib3 import Retry

from preship.bot.github.access import GitHubAccess

PAGE_SIZE = 100

# https://docs.github.com/en/rest/about-the-rest-api/api-versions
API_VERSION = "2022-11-28"


def requester(access: GitHubAccess, auth: Auth | None) -> Requester:
    """A lazy requester for this GitHub, acting with `auth`, or as nobody."""
    # At DEBUG PyGithub logs whole answers, installation tokens included.
    logging.getLogger("github.Requester").setLevel(logging.WARNING)
    # Of each read that is repeated it warns with a line of its own; ours says how the last one ended.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    options: dict[str, Any] = {
        "auth": auth,
        "base_url": access.api_url.rstrip("/"),
        "timeout": access.timeout_seconds,
        "user_agent": "preship",
        "per_page": PAGE_SIZE,
        "verify": True,
        "retry": reads_only_retry(),
        "pool_size": None,
        # Pacing is ours: PyGithub's is per client and not thread-safe.
        "seconds_between_requests": None,
        "seconds_between_writes": None,
        "lazy": True,
        "api_version": API_VERSION,
    }
    return Requester(**options)


def reads_only_retry() -> Retry:
    """Repeat reads twice on server errors and dropped connections; never repeat a write.

    Not PyGithub's `GithubRetry`: it repeats POSTs by default, and sleeps through `Retry-After` and quota resets
    inside the request. A rate limit of ours ends the job and schedules it later; it never holds a worker.
    """
    return Retry(
        total=2,
        allowed_methods={"GET", "HEAD"},
        status_forcelist={500, 502, 503, 504},
        backoff_factor=0.2,
        respect_retry_after_header=False,
        # The last answer comes back as an answer, so that its status is known.
        raise_on_status=False,
    )
