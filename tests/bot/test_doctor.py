"""What `preship doctor` finds well, and what not."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import psycopg
import pytest

from preship.bot.credentials import app_of
from preship.bot.options import Exit
from preship.bot.settings import load_settings
from preship.bot.store.store import open_store
from preship.bot.web.registration import EVENTS, PERMISSIONS
from tests.bot.terminal import on_terminal
from tests.bot.test_cli import told
from tests.rig.faults import Failing
from tests.rig.fixtures import rig as rig
from tests.rig.github import PRIVATE_KEY, Rig
from tests.rig.world import APP_ID, APP_SLUG


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, rig: Rig, database_url: str, tmp_path: Path) -> pytest.MonkeyPatch:
    """A server that has everything."""
    for name, value in {
        "PRESHIP_APP_ID": str(APP_ID),
        "PRESHIP_PRIVATE_KEY": PRIVATE_KEY,
        "PRESHIP_WEBHOOK_SECRET": "a secret",
        "PRESHIP_API_URL": rig.api_url,
        "PRESHIP_GIT_URL": rig.git_url,
        "DATABASE_URL": database_url,
        "PRESHIP_DATA": str(tmp_path / "data"),
        "PRESHIP_PUBLIC_URL": "https://preship.acme.dev",
    }.items():
        monkeypatch.setenv(name, value)
    rig.world.granted = {need.name: need.access for need in PERMISSIONS}
    rig.world.events = tuple(need.name for need in EVENTS)
    rig.world.hook_url = "https://preship.acme.dev/webhook"
    return monkeypatch


def test_an_application_that_github_knows_is_well(capsys, environment):
    code, out, err = told(capsys, "doctor")
    assert (code, err) == (Exit.CLEAN, "")
    assert f"ok      app: GitHub knows it as {APP_SLUG}[bot]\n" in out


def test_a_server_that_has_everything_is_well_in_every_line(capsys, environment, tmp_path):
    code, out, _ = told(capsys, "doctor")
    assert code == Exit.CLEAN
    says = dict(line.removeprefix("ok      ").split(": ", 1) for line in out.splitlines())
    assert list(says) == [
        "preship", "git", "data", "database", "migrations", "settings", "app", "permissions", "events", "clock",
        "webhook",
    ]  # fmt: skip
    assert says["data"].startswith(f"{tmp_path / 'data'}, ")
    assert says["migrations"].endswith("to come, when `serve` or `worker` starts next")
    assert says["settings"] == f"GitHub App {APP_ID} at {os.environ['PRESHIP_API_URL']}, by the environment"
    assert says["permissions"] == "all 6 that reviews need"
    assert says["events"] == "all 7 that reviews wait for"
    assert says["webhook"] == "deliveries go to https://preship.acme.dev/webhook"


def not_well(capsys: pytest.CaptureFixture[str], name: str) -> str:
    """What is said of the one thing that is not well."""
    code, out, _ = told(capsys, "doctor")
    assert code == Exit.USAGE
    [line] = [line for line in out.splitlines() if line.startswith("not ok")]
    assert line.startswith(f"not ok  {name}: ")
    return line.partition(": ")[2]


def test_a_permission_that_is_missing_is_named_with_where_to_grant_it(capsys, environment, rig):
    rig.world.granted = {**rig.world.granted, "checks": "read", "issues": "read"}
    assert not_well(capsys, "permissions") == (
        f"missing: checks (write), issues (write). Add them under Permissions & events of {APP_SLUG} at {rig.git_url},"
        " and accept them where it is installed"
    )


def test_an_event_that_is_not_sent_is_named(capsys, environment, rig):
    rig.world.events = rig.world.events[1:]
    assert not_well(capsys, "events").startswith("not sent: pull_request. Add them under ")


@pytest.mark.parametrize("address", ["", "https://old.acme.dev/webhook", "https://preship.acme.dev"])
def test_deliveries_that_go_elsewhere_are_told_with_where_they_should_go(capsys, environment, rig, address):
    rig.world.hook_url = address
    where = address or "nowhere"
    assert not_well(capsys, "webhook") == f"deliveries go to {where}: change that to https://preship.acme.dev/webhook"


def test_an_address_that_github_cannot_reach_is_told(capsys, environment, rig):
    environment.setenv("PRESHIP_PUBLIC_URL", "http://localhost:8000")
    rig.world.hook_url = "http://localhost:8000/webhook"
    assert not_well(capsys, "webhook") == "GitHub cannot reach http://localhost:8000/webhook: set a public one"


def test_a_clock_that_is_wrong_is_told(capsys, environment, rig):
    rig.world.clock_seconds = 300
    assert not_well(capsys, "clock").endswith(
        " s beside GitHub’s: let it be set by NTP, tokens are refused beyond 60 s"
    )


@pytest.mark.parametrize("written", ["{0}, {0}", "{1} -0000"])
def test_a_time_that_does_not_name_its_zone_is_of_utc(capsys, environment, rig, written):
    now = format_datetime(datetime.now(UTC), usegmt=True)
    body = {"slug": APP_SLUG, "permissions": rig.world.granted, "events": list(rig.world.events)}
    date = written.format(now, now.removesuffix(" GMT"))
    rig.fail("GET", "/app", Failing(200, headers={"Date": date}, body=body))
    code, out, _ = told(capsys, "doctor")
    assert (code, "clock: within 30 s of GitHub’s" in out) == (Exit.CLEAN, True)


def test_an_enterprise_server_may_reach_an_address_of_the_network_that_it_shares(capsys, environment, rig):
    environment.setenv("PRESHIP_PUBLIC_URL", "http://10.0.0.7:8000")
    rig.world.hook_url = "http://10.0.0.7:8000/webhook"
    code, out, _ = told(capsys, "doctor")
    assert (code, "webhook: deliveries go to http://10.0.0.7:8000/webhook" in out) == (Exit.CLEAN, True)


def test_data_that_others_can_read_is_told(capsys, environment, tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "data").chmod(0o755)
    assert not_well(capsys, "data") == f"others can read {tmp_path / 'data'}: chmod 700 it"


def test_a_database_of_a_newer_version_is_told(capsys, environment, database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz)")
        connection.execute("INSERT INTO migrations VALUES ('9000_future.sql', now())")
    assert not_well(capsys, "migrations") == (
        "a newer Preship has changed the tables (9000_future.sql): install that version here, too"
    )


def test_the_app_that_the_set_up_page_registered_is_looked_at(capsys, environment, rig, database_url):
    store = open_store(database_url)
    app = app_of(load_settings())
    assert app is not None
    assert store.registration.register(replace(app, slug=APP_SLUG, public_url="https://preship.acme.dev"))
    store.close()
    for name in ("PRESHIP_APP_ID", "PRESHIP_PRIVATE_KEY", "PRESHIP_WEBHOOK_SECRET", "PRESHIP_PUBLIC_URL"):
        environment.delenv(name)
    code, out, _ = told(capsys, "doctor")
    assert code == Exit.CLEAN
    assert "registered by the set-up page" in out
    assert "ok      webhook: deliveries go to https://preship.acme.dev/webhook" in out


def test_an_application_that_github_does_not_know_is_not_well(capsys, environment):
    environment.setenv("PRESHIP_APP_ID", "999")
    code, out, err = told(capsys, "doctor")
    assert (code, err) == (Exit.USAGE, "")
    assert "not ok  app: GitHub does not say who app 999 is: " in out
    assert "ok      database: " in out


def test_a_github_that_does_not_answer_is_not_well(capsys, environment):
    environment.setenv("PRESHIP_API_URL", "http://127.0.0.1:9")
    code, out, _ = told(capsys, "doctor")
    assert code == Exit.USAGE
    assert f"not ok  app: GitHub does not say who app {APP_ID} is: GitHub did not answer (ConnectionError); " in out


def test_it_fits_a_persons_terminal(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    code, seen = on_terminal("doctor", cwd=tmp_path)
    assert code == Exit.CLEAN
    assert "settings: no GitHub App yet" in seen
    assert [line for line in seen.split("\n") if len(line) > 80] == []
