"""What it takes to act on GitHub as our app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call of ours to GitHub, when it is over."""

    installation: int
    """0 for the app itself."""

    outcome: str
    """`ok`, `refused`, `limited`, `unavailable` or `error`."""

    quota: tuple[int, int, datetime] | None
    """How much this installation may still ask, of how much, until when; None where GitHub did not say so."""


@dataclass(frozen=True, slots=True)
class GitHubAccess:
    """Where GitHub is and who we are there. Every URL is built from these hosts, never from a payload."""

    app_id: str
    """The app's id, or its client id."""

    private_key: str = field(repr=False)
    """The app's RSA key in PEM."""

    api_url: str = "https://api.github.com"
    """Root of the REST API; `https://HOST/api/v3` on GitHub Enterprise Server."""

    git_url: str = "https://github.com"
    """Root of the git URLs."""

    check_name: str = "preship"
    """The name that our check runs carry."""

    timeout_seconds: float = 15
    """How long one request may take. GitHub itself ends requests after 10 s."""

    write_interval_seconds: float = 1
    """Distance between two writes of one installation.

    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
    """

    writes_per_minute: int = 80
    """Content-creating requests that one installation may make in a minute."""

    writes_per_hour: int = 500
    """Content-creating requests that one installation may make in an hour.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
    """

    observe: Callable[[Exchange], None] = lambda exchange: None
    """Called when an exchange is over. It may block, and must not raise."""
