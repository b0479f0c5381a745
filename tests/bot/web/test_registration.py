"""The link that fills GitHub's form asks for exactly what the app's manifest asks for."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from bot.web.registration import EVENTS, PERMISSIONS, registration_link

MANIFEST = yaml.safe_load((Path(__file__).parents[3] / "app.yml").read_text(encoding="utf-8"))


def test_page_and_manifest_agree():
    assert {need.name: need.access for need in PERMISSIONS} == MANIFEST["default_permissions"]
    assert [need.name for need in EVENTS] == MANIFEST["default_events"]


def test_the_link_fills_the_form_in():
    link = urlsplit(registration_link("https://github.com", "https://preship.acme.dev"))
    fields = parse_qs(link.query)
    assert (link.netloc, link.path) == ("github.com", "/settings/apps/new")
    assert fields["webhook_url"] == ["https://preship.acme.dev/webhook"]
    assert fields["checks"] == ["write"]
    assert fields["events[]"] == ["pull_request", "issue_comment"]
