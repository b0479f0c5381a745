"""What `preship doctor` finds well, and what not."""

from __future__ import annotations

import pytest

from preship.bot.options import Exit
from tests.bot.terminal import on_terminal
from tests.bot.test_cli import told
from tests.rig.fixtures import rig as rig
from tests.rig.github import PRIVATE_KEY, Rig
from tests.rig.world import APP_ID, APP_SLUG


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, rig: Rig, database_url: str) -> pytest.MonkeyPatch:
    """A server that has everything."""
    for name, value in {
        "PRESHIP_APP_ID": str(APP_ID),
        "PRESHIP_PRIVATE_KEY": PRIVATE_KEY,
        "PRESHIP_WEBHOOK_SECRET": "a secret",
        "PRESHIP_API_URL": rig.api_url,
        "PRESHIP_GIT_URL": rig.git_url,
        "DATABASE_URL": database_url,
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_an_application_that_github_knows_is_well(capsys, environment):
    code, out, err = told(capsys, "doctor")
    assert (code, err) == (Exit.CLEAN, "")
    assert f"ok      app: GitHub knows it as {APP_SLUG}[bot]\n" in out


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
    assert f"not ok  app: GitHub does not say who app {APP_ID} is: GitHub did not answer (ConnectionError)\n" in out


def test_it_fits_a_persons_terminal(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    code, seen = on_terminal("doctor", cwd=tmp_path)
    assert code == Exit.CLEAN
    assert "settings: no GitHub App yet" in seen
    assert [line for line in seen.split("\n") if len(line) > 80] == []
