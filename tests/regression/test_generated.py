"""The test that a review offers: it fails for the change, passes for the fix, and runs as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.options import Exit
from tests.git_repository import GitRepository
from tests.regression.faults import ACTIONS, Fault, faults, shapes
from tests.regression.running import offered, project, ran, served

FAULTS = {fault.name: fault for fault in chain(faults(), shapes())}
SOME = (
    "Auth.js, Prisma: no session",
    "Better Auth, Drizzle: too late",
    "the document deletes itself, Mongoose",
    "raw SQL scoped, postgres.js",
)
"""Of either runner, and of both kinds of callers; `python -m tests.regression` runs all."""


@pytest.mark.parametrize("name", SOME)
def test_it_fails_for_the_fault_and_passes_for_the_fix(name: str):
    fault = FAULTS[name]
    [test] = offered(fault)
    with project() as before, project() as after:
        faulty, sound = (
            ran(fault, fault.faulty, test, before),
            ran(fault, fault.sound, served(test), after),
        )
    assert not faulty.has_passed
    assert "AssertionError" in faulty.said or "expect(received)" in faulty.said
    assert sound.has_passed, sound.said


def manifest(fault: Fault, **content: object) -> Fault:
    return replace(fault, sound={**fault.sound, "package.json": json.dumps(content)})


@pytest.mark.parametrize(
    ("content", "runner"),
    [
        ({"devDependencies": {"vitest": "4"}}, "vitest"),
        ({"devDependencies": {"jest": "30"}}, "jest"),
        ({"devDependencies": {"jest": "30", "vitest": "4"}, "scripts": {"test": "vitest run"}}, "vitest"),
        ({"devDependencies": {"jest": "30", "vitest": "4"}, "scripts": {"test": "jest"}}, "jest"),
        ({"scripts": {"test": "node --test"}}, None),
        ({"devDependencies": None}, None),
        ([], None),
    ],
)
def test_it_is_written_for_the_runner_of_the_project(content: object, runner: str | None):
    fault = FAULTS[SOME[0]]
    fault = replace(fault, faulty={**fault.faulty, "package.json": json.dumps(content)})
    assert [test.runner for test in offered(fault)] == ([runner] if runner else [])


def test_a_package_of_a_workspace_goes_by_its_own_manifest():
    fault = FAULTS[SOME[0]]
    [test] = offered(replace(fault, faulty={**fault.faulty, "app/package.json": '{"devDependencies": {"jest": "1"}}'}))
    assert test.runner == "jest"


def test_who_calls_is_who_the_fault_is_about():
    for name, said in ((SOME[0], 1), ("Better Auth, Prisma: not theirs", 2)):
        [test] = offered(FAULTS[name])
        callers = [line.split('"')[1] for line in test.text.splitlines() if line.startswith("test(")]
        assert callers == ["act refuses a caller without a session", "act refuses another user"][:said]


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """A change that opens an action, not committed."""
    made, fault = GitRepository(tmp_path / "app"), FAULTS[SOME[0]]
    made.commit(fault.sound)
    made.write({ACTIONS: fault.faulty[ACTIONS]})
    return made


def test_a_review_writes_it_beside_the_code(repository: GitRepository, capsys: pytest.CaptureFixture[str]):
    [test] = offered(FAULTS[SOME[0]])
    for _ in range(2):
        assert run(["review", str(repository.path), "--tests"]) == Exit.FINDINGS
        assert capsys.readouterr().err == f"{test.path} fails until what it says is fixed\n"
        assert (repository.path / test.path).read_text() == test.text


def test_a_file_of_somebody_else_is_kept(repository: GitRepository, capsys: pytest.CaptureFixture[str]):
    [test] = offered(FAULTS[SOME[0]])
    repository.write({test.path: "// mine\n"})
    assert run(["review", str(repository.path), "--tests"]) == Exit.USAGE
    assert capsys.readouterr().err == f"preship: {test.path} is there already, and is no test of ours\n"
    assert (repository.path / test.path).read_text() == "// mine\n"


def test_commits_get_no_file(repository: GitRepository, capsys: pytest.CaptureFixture[str]):
    assert run(["review", str(repository.path), "--tests", "--committed"]) == Exit.USAGE
    assert "`--tests` writes into the work tree" in capsys.readouterr().err


def test_the_summary_has_it_behind_a_click_of_its_own(repository: GitRepository, capsys: pytest.CaptureFixture[str]):
    [test] = offered(FAULTS[SOME[0]])
    run(["review", str(repository.path), "--format", "markdown"])
    said = capsys.readouterr().out
    assert f"<summary>`{test.path}`, for vitest</summary>" in said
    assert test.text.strip() in said
