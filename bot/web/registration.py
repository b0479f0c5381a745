"""The GitHub App that Preship needs: its permissions and events, each with its reason, and a link that fills them in.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


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
    Need("metadata", "read", "GitHub gives it with every other permission"),
)

EVENTS = (
    Need("pull_request", "", "a pull request is opened, pushed to, reopened, or ready for review"),
    Need("issue_comment", "", "somebody asks for a review with /preship review"),
)


def registration_link(github_url: str, public_url: str) -> str:
    """GitHub's form for a new app, filled in."""
    fields = [
        ("name", "Preship"),
        ("url", public_url),
        ("public", "false"),
        ("webhook_active", "true"),
        ("webhook_url", f"{public_url}/webhook"),
        *((need.name, need.access) for need in PERMISSIONS),
        *(("events[]", need.name) for need in EVENTS),
    ]
    return f"{github_url}/settings/apps/new?{urlencode(fields)}"
