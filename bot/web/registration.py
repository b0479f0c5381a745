"""The GitHub App that Preship needs: its permissions and events, each with its reason, and a link that fills them in.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True, slots=True)
class Need:
    """One permission or event, and what it is for."""

    name: str
    """As GitHub's API names it."""

    access: str
    """`read` or `write`; empty for an event."""

    reason: str


PERMISSIONS = (
    Need("contents", "read", "git fetches the two commits under review"),
    Need("pull_requests", "write", "posts the review and its comments on lines"),
    Need("checks", "write", "shows a check run and how it ended"),
    Need("issues", "write", "keeps one summary in the conversation and answers commands with a reaction"),
    Need("merge_queues", "read", "hears of the groups of a merge queue, which wait for the check run"),
    Need("metadata", "read", "GitHub gives it with every other permission"),
)

EVENTS = (
    Need(
        "pull_request",
        "",
        "a pull request is opened, pushed to, closed, reopened, ready for review, or has another base",
    ),
    Need("issue_comment", "", "somebody writes a command in the conversation"),
    Need("pull_request_review_comment", "", "somebody answers a comment with a command"),
    Need("check_run", "", "somebody asks for a check run again, or presses its button"),
    Need("check_suite", "", "somebody asks for all check runs again"),
    Need("merge_group", "", "a merge queue waits for the check run"),
    Need("repository", "", "a repository is renamed or transferred"),
)
"""Besides these, GitHub sends every app the events of its installations."""


def is_local(url: str) -> bool:
    """Whether an address names this machine or a network that the internet cannot reach."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def registration_link(github_url: str, public_url: str, organization: str | None = None) -> str:
    """GitHub's form for a new app, filled in; the app belongs to the organization, or else to who fills it in."""
    fields = [
        ("name", "Preship"),
        ("url", public_url),
        ("public", "false"),
        ("webhook_active", "true"),
        ("webhook_url", f"{public_url}/webhook"),
        *((need.name, need.access) for need in PERMISSIONS),
        *(("events[]", need.name) for need in EVENTS),
    ]
    owner = f"/organizations/{organization}" if organization else ""
    return f"{github_url}{owner}/settings/apps/new?{urlencode(fields)}"
