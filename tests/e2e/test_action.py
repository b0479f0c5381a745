"""The composite action, run step by step on a depth-1 checkout against a GitHub of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.e2e.app import files
from tests.e2e.posted import assert_golden, posted
from tests.rig.github import Rig, RigRepository
from tests.rig.runner import READING, WRITING, Runner

ACTION = Path(__file__).parent.parent.parent / "deploy" / "action"


@pytest.fixture
def runner(rig: Rig, tmp_path: Path) -> Runner:
    return Runner(rig, tmp_path / "runner")


def opened(rig: Rig, stage: str = "feature", app: str = "blog", fork: str | None = None) -> tuple[RigRepository, int]:
    """A pull request of an app of ours, whose base branch has gone on since."""
    repository = rig.repository(files("main", app))
    repository.push("change", files(stage, app), fork=fork)
    repository.push("main", {"README.md": "# A blog\n"})
    return repository, repository.open_pull_request("change", fork=fork)


def test_the_action_posts_the_review_and_fills_the_page_of_its_job(rig: Rig, runner: Runner) -> None:
    repository, number = opened(rig)
    ran = runner.run(ACTION, repository, number, WRITING)
    assert (ran.status, ran.errors) == (1, "")
    assert ran.output.startswith("Reviewing commits against main, which parted at ")
    assert ran.output.endswith("2 Server Actions in 1 file · 1 introduced\nThe review stands on the pull request.\n")
    assert "::error" not in ran.output
    assert ran.summary.startswith("# 1 fault to fix in 2 touched Server Actions: failure\n")
    assert "/preship " not in posted(rig, repository, number)
    assert_golden("action.md", posted(rig, repository, number))


def test_a_second_run_repeats_nothing_and_edits_the_summary(rig: Rig, runner: Runner) -> None:
    repository, number = opened(rig)
    runner.run(ACTION, repository, number, WRITING)
    said = [comment.body for comment in repository.review_comments(number)]
    runner.run(ACTION, repository, number, WRITING)
    assert [comment.body for comment in repository.review_comments(number)] == said
    assert len(repository.reviews(number)) == 1
    head = repository.push("change", {"lib/more.ts": "export const more = 1\n"})
    assert runner.run(ACTION, repository, number, WRITING).status == 1
    assert [comment.body for comment in repository.review_comments(number)] == said
    (summary,) = repository.conversation(number)
    assert head[:12] in summary.body


def test_a_run_of_a_fork_that_may_not_write_leaves_annotations_and_sarif(rig: Rig, runner: Runner) -> None:
    repository, number = opened(rig, fork="eve")
    ran = runner.run(ACTION, repository, number, READING, sarif_file="preship.sarif")
    assert ran.status == 1
    assert re.search(r"^::error file=app/actions.ts,line=\d+,endLine=\d+,title=Critical%3A no auth", ran.output, re.M)
    assert ran.errors == (
        "The review could not be posted (Resource not accessible by integration: the run's token may not write, as for"
        " a fork's pull request or without `pull-requests: write`); its findings are annotations of this run.\n"
    )
    assert (repository.reviews(number), repository.conversation(number)) == ([], [])
    sarif = json.loads((runner.directory / "workspace" / "preship.sarif").read_text())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["missing-authentication"]
    assert "1 fault to fix" in ran.summary
    assert "In place of line 7:\n\n```ts\n  await currentUser()\n" in ran.summary
    assert "<!--" not in ran.summary


def test_a_change_that_touches_no_action_is_clean_and_says_nothing_on_the_pull_request(
    rig: Rig, runner: Runner
) -> None:
    repository = rig.repository(files("main", "blog"))
    repository.push("words", {"README.md": "# A blog\n"})
    number = repository.open_pull_request("words")
    ran = runner.run(ACTION, repository, number, WRITING)
    assert (ran.status, ran.errors) == (0, "")
    assert (repository.reviews(number), repository.conversation(number)) == ([], [])
    assert ran.output.endswith(
        "\nno Server Action touched · no findings\nNothing is posted: there is nothing to say on the pull request.\n"
    )
    assert ran.summary.startswith("# No Server Action is touched: success\n")


def test_what_fails_a_job_is_the_repositorys_choice_or_the_workflows(rig: Rig, runner: Runner) -> None:
    repository, number = opened(rig)
    assert runner.run(ACTION, repository, number, WRITING, fail_on="never").status == 0
    assert runner.run(ACTION, repository, number, WRITING, fail_on="critical").status == 1
    repository.push("main", {".github/preship.yml": "fail-on: never\n"})
    repository.set_base(number, "main")
    assert runner.run(ACTION, repository, number, WRITING).status == 0


def test_a_job_may_leave_the_pull_request_alone(rig: Rig, runner: Runner) -> None:
    repository, number = opened(rig)
    ran = runner.run(ACTION, repository, number, WRITING, comment="false")
    assert (ran.status, ran.errors) == (1, "")
    assert "::error file=app/actions.ts" in ran.output
    assert (repository.reviews(number), repository.conversation(number)) == ([], [])


def test_no_step_of_the_action_puts_an_expression_into_its_script() -> None:
    """What a pull request names would run as code there: values come by the environment."""
    steps = re.findall(r"run: \|\n((?: {8}.*\n)+)", (ACTION / "action.yml").read_text())
    assert len(steps) == 2
    assert not any("${{" in step for step in steps)
