"""The link that fills GitHub's form asks for exactly what the app's manifest asks for."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from preship.bot.intake.reading import READERS
from preship.bot.web.registration import EVENTS, PERMISSIONS, is_local, registration_link

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
MANIFEST = yaml.safe_load((Path(__file__).parents[3] / "app.yml").read_text(encoding="utf-8"))


def test_page_and_manifest_agree():
    assert {need.name: need.access for need in PERMISSIONS} == MANIFEST["default_permissions"]
    assert [need.name for need in EVENTS] == MANIFEST["default_events"]


def test_an_organizations_app_is_registered_with_the_organization():
    link = urlsplit(registration_link("https://github.com", "https://preship.acme.dev", "acme"))
    assert link.path == "/organizations/acme/settings/apps/new"


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


def test_the_link_fills_the_form_in():
    link = urlsplit(registration_link("https://github.com", "https://preship.acme.dev"))
    fields = parse_qs(link.query)
    assert (link.netloc, link.path) == ("github.com", "/settings/apps/new")
    assert fields["webhook_url"] == ["https://preship.acme.dev/webhook"]
    assert fields["checks"] == ["write"]
    assert fields["events[]"] == MANIFEST["default_events"]


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
