"""The link that fills GitHub's form asks for exactly what the app's manifest asks for."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from bot.web.registration import EVENTS, PERMISSIONS, is_local, registration_link

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
    assert fields["events[]"] == ["pull_request", "issue_comment"]
