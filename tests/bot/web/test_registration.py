"""The manifest that GitHub is given asks for exactly what `app.yml` asks for."""

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from preship.bot.intake.reading import READERS
from preship.bot.web.registration import (
    EVENTS,
    LONGEST_NAME,
    PERMISSIONS,
    Plan,
    is_local,
    is_unreachable,
    problems,
    unique_name,
)

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
MANIFEST = yaml.safe_load((Path(__file__).parents[3] / "app.yml").read_text(encoding="utf-8"))


def test_page_and_manifest_agree():
    assert {need.name: need.access for need in PERMISSIONS} == MANIFEST["default_permissions"]
    assert [need.name for need in EVENTS] == MANIFEST["default_events"]


PLAN = Plan("https://github.com", "", "Preship 1a2b", "https://preship.acme.dev")


def test_an_organizations_app_is_registered_with_the_organization():
    link = urlsplit(replace(PLAN, organization="acme").form_address("s"))
    assert (link.netloc, link.path, link.query) == ("github.com", "/organizations/acme/settings/apps/new", "state=s")
    assert urlsplit(PLAN.form_address("s")).path == "/settings/apps/new"


def test_names_are_short_enough_for_github_and_never_the_same():
    names = [unique_name(organization) for organization in ("", "acme", "An Organization With A Very Long Name") * 2]
    assert len(set(names)) == len(names)
    assert max(len(name) for name in names) <= LONGEST_NAME
    assert names[1].startswith("Preship acme ")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"git_url": "https://github.acme.dev/path"}, "GitHub’s address"),
        ({"git_url": "javascript:alert(1)"}, "GitHub’s address"),
        ({"git_url": "https://github.com;script-src *"}, "GitHub’s address"),
        ({"public_url": "preship.acme.dev"}, "This server’s address"),
        ({"organization": "../settings"}, "An organization’s name"),
        ({"name": "x" * 35}, "The app’s name"),
    ],
)
def test_what_github_would_not_take_is_said_before_it_is_asked(change: dict[str, str], says: str):
    assert problems(PLAN) == []
    [problem] = problems(replace(PLAN, **change))
    assert problem.startswith(says)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.7", True),
        ("http://build.internal", True),
        ("https://preship.acme.dev", False),
        ("http://93.184.215.14:8000", False),
    ],
)
def test_an_address_that_the_internet_cannot_reach_is_known(url: str, local: bool):
    assert is_local(url) is local


def test_the_manifest_leads_back_to_this_server():
    said = json.loads(PLAN.manifest())
    assert said["hook_attributes"]["url"] == "https://preship.acme.dev/webhook"
    assert said["redirect_url"] == "https://preship.acme.dev/setup/registered"
    assert said["callback_urls"] == ["https://preship.acme.dev/sign-in/callback"]
    assert said["default_permissions"] == MANIFEST["default_permissions"]
    assert said["default_events"] == MANIFEST["default_events"]
    assert said["public"] is False


def test_the_readme_lists_the_same_permissions_and_events_with_the_same_reasons():
    for need in PERMISSIONS:
        assert f"| {need.name.replace('_', ' ')} | {need.access} | {need.reason} |" in README
    for need in EVENTS:
        when = need.reason.removeprefix("a pull request is ")
        assert re.search(rf"^\| {need.name.replace('_', ' ')} \| .*{re.escape(when)} \|$", README, re.MULTILINE)


def test_every_event_that_is_read_is_asked_for():
    # GitHub sends every app what becomes of its installations.
    unasked = {"installation", "installation_repositories"}
    assert {name for name, _ in READERS} | {"pull_request"} == {need.name for need in EVENTS} | unasked


@pytest.mark.parametrize(
    ("git_url", "public_url", "unreachable"),
    [
        ("https://github.com", "https://preship.acme.dev", False),
        ("https://github.com", "http://10.0.0.7:8000", True),
        ("https://github.com", "http://preship.internal", True),
        ("https://github.acme.dev", "http://10.0.0.7:8000", False),
        ("https://github.acme.dev", "http://preship.internal", False),
        ("https://github.acme.dev", "http://127.0.0.1:8000", True),
        ("https://github.acme.dev", "http://localhost:8000", True),
        ("https://github.acme.dev", "http://[::1]:8000", True),
    ],
)
def test_an_enterprise_server_may_share_our_network_and_no_github_this_machine(git_url, public_url, unreachable):
    assert is_unreachable(public_url, git_url) is unreachable
