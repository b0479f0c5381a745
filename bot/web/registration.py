"""The GitHub App that Preship needs: its permissions and events, each with its reason, and the manifest that has them.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What an operator decides about a registration."""

    git_url: str
    """GitHub's pages; those of an Enterprise Server elsewhere."""

    organization: str
    """To whom the app shall belong; empty for the account of whoever registers it."""

    name: str
    public_url: str
    """How GitHub and browsers reach us."""

    def form_address(self, state: str) -> str:
        """Where GitHub takes the manifest, by a form of the browser's."""
        owner = f"/organizations/{quote(self.organization, safe='')}" if self.organization else ""
        return f"{self.git_url}{owner}/settings/apps/new?state={quote(state, safe='')}"

    def manifest(self) -> str:
        """The app, as JSON."""
        return json.dumps(
            {
                "name": self.name,
                "url": self.public_url,
                "description": "Reviews pull requests for security holes in Next.js Server Actions before they ship.",
                "public": False,
                "hook_attributes": {"url": f"{self.public_url}/webhook", "active": True},
                "redirect_url": f"{self.public_url}/setup/registered",
                "callback_urls": [f"{self.public_url}/sign-in/callback"],
                "setup_url": f"{self.public_url}/setup",
                "default_permissions": {need.name: need.access for need in PERMISSIONS},
                "default_events": [need.name for need in EVENTS],
            }
        )


def is_unreachable(public_url: str, git_url: str) -> bool:
    """Whether that GitHub cannot send deliveries to an address; an Enterprise Server may share our network."""
    host = (urlsplit(public_url).hostname or "").removesuffix(".")
    if urlsplit(git_url).hostname == "github.com":
        return is_local(public_url)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


LONGEST_NAME = 34
"""Of an app, as GitHub takes it; and no two apps share one."""


def unique_name(organization: str) -> str:
    """A name that nobody else is likely to have."""
    owner = re.sub(r"[^a-z0-9]+", "-", organization.lower()).strip("-")
    start = f"Preship {owner}".strip()[: LONGEST_NAME - 5]
    return f"{start} {secrets.token_hex(2)}"


_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[A-Za-z0-9._~/\-]*)?")
_ORGANIZATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})?")


def problems(plan: Plan) -> list[str]:
    """What of a plan GitHub would not take, in sentences."""
    found = []
    if not _ADDRESS.fullmatch(plan.git_url) or urlsplit(plan.git_url).path:
        found.append("GitHub’s address has to look like https://github.example.com.")
    if not _ADDRESS.fullmatch(plan.public_url):
        found.append("This server’s address has to look like https://preship.example.com.")
    if plan.organization and not _ORGANIZATION.fullmatch(plan.organization):
        found.append("An organization’s name has letters, digits and hyphens only.")
    if not 1 <= len(plan.name) <= LONGEST_NAME:
        found.append(f"The app’s name has to have 1 to {LONGEST_NAME} characters.")
    return found
