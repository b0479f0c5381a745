"""From nothing to a delivery that came, in a browser, through GitHub's manifest flow: nothing copied, no restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import browser
from tests.e2e.app import files
from tests.e2e.looks import assert_fine, watched
from tests.e2e.service import Service, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig
from tests.rig.world import APP_SLUG, SECRET

UNREGISTERED = {"PRESHIP_APP_ID": "", "PRESHIP_PRIVATE_KEY": "", "PRESHIP_WEBHOOK_SECRET": ""}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def fresh(rig: Rig, database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service that no app was registered for."""
    with Service(rig, database_url, tmp_path / "service", probe="/healthz", **UNREGISTERED) as service:
        eventually(lambda: "set up Preship" in service.log(), "the link", service.is_running)
        yield service


def link(service: Service) -> str:
    """The address that the log shows."""
    found = re.search(r"open (\S+/setup\?key=[\w-]+)", service.log())
    assert found
    return found[1]


def register(page: Page, service: Service) -> None:
    page.goto(link(service))
    page.get_by_role("button", name="Register on GitHub").click()
    page.get_by_role("button", name="Create GitHub App").click()
    expect(page.get_by_role("link", name="Sign in with GitHub")).to_be_visible()


def sign_in(page: Page, login: str) -> None:
    page.get_by_role("link", name="Sign in with GitHub").click()
    page.get_by_role("button", name=f"Authorize as {login}").click()


def test_a_click_registers_a_second_signs_in_a_third_installs_and_the_next_pull_request_is_reviewed(
    chromium: Browser, rig: Rig, fresh: Service
):
    with watched(chromium) as (page, said):
        page.goto(link(fresh))
        assert page.url == f"{fresh.url}/setup", "the key stays in no address bar"
        assert_fine(page)
        page.get_by_role("button", name="Register on GitHub").click()
        page.get_by_role("button", name="Create GitHub App").click()
        expect(page.get_by_role("link", name=APP_SLUG, exact=True)).to_be_visible()
        expect(page.get_by_text("None came yet.")).to_be_visible()
        sign_in(page, "ada")
        expect(page.get_by_text("There is an administrator.")).to_be_visible()
        page.get_by_role("link", name="Install on GitHub").click()
        page.get_by_role("button", name="Install").click()
        expect(page.get_by_role("heading", name="Preship is set up")).to_be_visible()
        expect(page.get_by_text("GitHub reaches this server.")).to_be_visible()
        assert_fine(page)
        assert said == []
    repository = rig.repository(files("main"))
    repository.push("feature", files("feature"))
    number = repository.open_pull_request("feature")
    assert rig.deliver(fresh.webhook, "pull_request", repository.pull_request_event(number, "opened")) == 202
    runs = repository.check_runs
    eventually(lambda: any(run.conclusion for run in runs(repository.head(number))), "a conclusion", fresh.is_running)


def test_a_delivery_that_comes_turns_the_page_green_without_a_reload(chromium: Browser, rig: Rig, fresh: Service):
    with watched(chromium) as (page, _):
        register(page, fresh)
        expect(page.get_by_text("None came yet.")).to_be_visible()
        assert rig.deliver(fresh.webhook, "ping", {"zen": "Design for failure.", "hook_id": 1}) == 200
        expect(page.get_by_text("GitHub reaches this server.")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)


def test_an_organizations_app_is_registered_with_the_organization_under_the_chosen_name(
    chromium: Browser, rig: Rig, fresh: Service
):
    with watched(chromium) as (page, _):
        page.goto(link(fresh))
        page.get_by_label("Organization").fill("acme")
        page.get_by_label("Name of the app").fill("Preship of Acme")
        page.get_by_role("button", name="Use these").click()
        page.get_by_role("button", name="Register on GitHub").click()
        expect(page.get_by_role("heading", name="Create Preship of Acme")).to_be_visible()
        page.get_by_role("button", name="Create GitHub App").click()
        expect(page.get_by_role("link", name="Sign in with GitHub")).to_be_visible()
    assert rig.world.app_owner == "acme"


def test_whoever_names_another_address_goes_on_there_and_is_known_when_github_leads_back(
    chromium: Browser, rig: Rig, fresh: Service
):
    """A tunnel to a laptop, say: here it is another name of the same machine."""
    there = fresh.url.replace("127.0.0.1", "localhost")
    with watched(chromium) as (page, said):
        page.goto(link(fresh))
        page.get_by_label("Organization").fill("acme")
        page.get_by_label("This server").fill(there)
        page.get_by_role("button", name="Use these").click()
        expect(page.get_by_role("button", name="Register on GitHub")).not_to_be_visible()
        assert_fine(page)
        page.get_by_role("link", name=f"Go on at {there}").click()
        assert page.url.startswith(f"{there}/setup?")
        assert "key=" not in page.url
        page.get_by_role("button", name="Register on GitHub").click()
        page.get_by_role("button", name="Create GitHub App").click()
        sign_in(page, "ada")
        expect(page.get_by_text("There is an administrator.")).to_be_visible()
        assert page.url == f"{there}/setup"
        assert said == []
    assert rig.world.app_owner == "acme"
    assert rig.world.callback_urls == (f"{there}/sign-in/callback",)


def test_the_registration_of_another_browser_a_replayed_state_and_a_made_up_one_are_refused(
    chromium: Browser, rig: Rig, fresh: Service
):
    with watched(chromium) as (mine, _), watched(chromium) as (other, _):
        mine.goto(link(fresh))
        address = mine.locator("form[method=post]").first.get_attribute("action")
        assert address
        state = address.partition("state=")[2]
        rig.world.manifests["stolen"] = {}
        back = f"{fresh.url}/setup/registered?code=stolen&state={state}"
        other.goto(link(fresh))
        for page, where in ((other, back), (mine, back.replace(state, "made-up"))):
            answer = page.goto(where)
            assert answer
            assert answer.status == 403
            assert "was not begun in this browser" in page.content()
        assert "stolen" in rig.world.manifests, "nobody asked GitHub for it"
        register(mine, fresh)
        answer = mine.goto(f"{fresh.url}/setup/registered?code=again&state={state}")
        assert answer
        assert answer.status == 403


def test_without_the_key_nobody_sets_up_and_with_an_administrator_the_key_opens_nothing(
    chromium: Browser, rig: Rig, fresh: Service
):
    for address in ("/setup", "/setup?key=guess"):
        answer = httpx.get(f"{fresh.url}{address}", timeout=PATIENCE_SECONDS)
        assert answer.status_code == 403
        assert "Open the link in the log" in answer.text
    assert rig.deliver(fresh.webhook, "ping", {"zen": "Design for failure.", "hook_id": 1}) == 503
    with watched(chromium) as (page, _):
        register(page, fresh)
        sign_in(page, "ada")
        expect(page.get_by_text("There is an administrator.")).to_be_visible()
    answer = httpx.get(link(fresh), timeout=PATIENCE_SECONDS)
    assert answer.status_code == 303
    assert answer.headers["location"] == "./sign-in?to=setup"
    with watched(chromium) as (page, _):
        page.goto(f"{fresh.url}/sign-in?to=setup")
        sign_in(page, "bob")
        expect(page.get_by_text("for the administrators")).to_be_visible()


def test_a_secret_is_rotated_while_deliveries_signed_with_the_old_one_still_come(
    chromium: Browser, rig: Rig, fresh: Service
):
    ping = {"zen": "Design for failure.", "hook_id": 1}
    with watched(chromium) as (page, _):
        register(page, fresh)
        page.get_by_role("button", name="Rotate the secret").click()
        expect(page.get_by_role("button", name="Rotate the secret")).to_be_visible()
        assert rig.world.hook_secret != SECRET
        assert rig.deliver(fresh.webhook, "ping", ping, secret=rig.world.hook_secret) == 200
        assert rig.deliver(fresh.webhook, "ping", ping, secret=SECRET) == 200
        page.get_by_role("button", name="Rotate the secret").click()
        expect(page.get_by_role("button", name="Rotate the secret")).to_be_visible()
        assert rig.deliver(fresh.webhook, "ping", ping, secret=SECRET) == 401


def test_a_form_without_its_token_does_nothing(chromium: Browser, rig: Rig, fresh: Service):
    with watched(chromium) as (page, _):
        register(page, fresh)
        answer = page.request.post(f"{fresh.url}/setup/rotate", form={"csrf": "guess"})
        assert answer.status == 403
        assert page.request.post(f"{fresh.url}/setup/rotate").status == 403
    assert rig.world.hook_secret == SECRET


def test_neither_log_nor_page_shows_a_secret_of_the_app(chromium: Browser, rig: Rig, fresh: Service, database_url: str):
    with watched(chromium) as (page, _):
        register(page, fresh)
        shown = page.content() + fresh.log()
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT private_key, webhook_secret, client_secret FROM registration").fetchone()
    assert row
    assert [secret for secret in row if secret in shown] == []
