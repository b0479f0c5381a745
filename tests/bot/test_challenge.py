"""`--challenge`: the rate is printed, in a scan and in a review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preship.bot.cli import run
from tests.bot.test_matrix import ACTIONS, APPLICATION
from tests.git_repository import GitRepository


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "app")
    made.commit(APPLICATION)
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    run([str(argument) for argument in arguments])
    return capsys.readouterr().out


def test_a_scan_prints_how_many_answers_change_without_their_check(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(capsys, "scan", repository.path, "--challenge", "--fail-on", "never").splitlines()
    assert [line for line in lines if "taken out" in line] == [
        "5 of 5 answers change once their check is taken out,"
        " 1 rest on no check that could be taken out, or were not tried"
    ]
    report = json.loads(printed(capsys, "scan", repository.path, "--challenge", "--format", "json"))
    assert report["challenge"] == {"flipped": 5, "unflipped": [], "left": 1}


def test_nothing_is_said_where_nobody_asks(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert "taken out" not in printed(capsys, "scan", repository.path)
    assert json.loads(printed(capsys, "scan", repository.path, "--format", "json"))["challenge"] is None


def test_a_review_challenges_the_actions_that_it_touches(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("checkout", "-q", "-b", "change")
    first = ACTIONS.replace("where: { id } })", "where: { id: String(id) } })", 1)
    repository.commit({"app/do.ts": first})
    lines = printed(capsys, "review", repository.path, "--committed", "--base", "main", "--challenge").splitlines()
    assert [line for line in lines if "taken out" in line] == ["2 of 2 answers change once their check is taken out"]
