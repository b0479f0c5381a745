"""What people ask for, through the real service: in comments, on the checks page, and by a merge queue."""

from __future__ import annotations

import psycopg
import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.e2e.test_power_cuts import states
from tests.e2e.test_review import deliver
from tests.rig import webhooks
from tests.rig.github import Rig, RigRepository
from tests.rig.world import CheckRun

Opened = tuple[RigRepository, int]


@pytest.fixture
def opened(rig: Rig, service: Service) -> Opened:
    """A pull request with four faults, reviewed; grace may write."""
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    repository.stored.permissions["grace"] = "write"
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    return repository, number


def replied(rig: Rig, service: Service, opened: Opened, login: str, text: str) -> list[str]:
    """Somebody answers the first comment; the reactions once there is a thumb."""
    repository, number = opened
    first = repository.review_comments(number)[0]
    asked = repository.reply_as(login, number, first.id, text)
    event = repository.review_comment_event(number, asked)
    assert rig.deliver(service.webhook, "pull_request_review_comment", event) == 202
    comment = next(comment for comment in repository.review_comments(number) if comment.id == asked)
    eventually(lambda: bool({"+1", "-1"} & set(comment.reactions)), "answered", service.is_running)
    return comment.reactions


def runs(repository: RigRepository, sha: str) -> list[CheckRun]:
    return [run for run in repository.check_runs(sha) if run.status == "completed"]


def test_a_writer_has_a_finding_ignored_and_nobody_else_does(rig: Rig, service: Service, opened: Opened) -> None:
    repository, number = opened
    text = "/preship ignore missing-authentication -- invoices are public here"
    assert replied(rig, service, opened, "mallory", text) == ["-1"]
    [refusal] = [comment for comment in repository.review_comments(number) if comment.author.endswith("[bot]")][4:]
    assert "Only people with write access" in refusal.body
    assert replied(rig, service, opened, "grace", text) == ["eyes", "+1"]
    [summary] = repository.conversation(number)
    assert "invoices are public here (by `grace` on this pull request)" in summary.body
    first, second = runs(repository, repository.head(number))
    # Three faults are left.
    assert (str(first.title)[:8], str(second.title)[:8]) == ("4 faults", "3 faults")
    assert (first.conclusion, second.conclusion) == ("failure", "failure")


def test_an_answer_stands_in_the_thread_where_it_was_asked(rig: Rig, service: Service, opened: Opened) -> None:
    repository, number = opened
    assert replied(rig, service, opened, "grace", "/preship explain missing-authentication") == ["eyes", "+1"]
    answer = repository.review_comments(number)[-1]
    assert answer.in_reply_to == repository.review_comments(number)[0].id
    assert answer.body.startswith("### `missing-authentication`: ")


@pytest.mark.parametrize("action", ["rerequested", "requested_action"])
def test_the_checks_page_asks_for_another_run(rig: Rig, service: Service, opened: Opened, action: str) -> None:
    repository, number = opened
    [run] = repository.check_runs(repository.head(number))
    assert run.buttons == ["review"]
    assert rig.deliver(service.webhook, "check_run", repository.check_run_event(run, action, "grace")) == 202
    eventually(lambda: len(runs(repository, run.head_sha)) == 2, "run again", service.is_running)
    assert len(repository.reviews(number)) == 1


def test_a_merge_group_is_judged_on_its_own_head(rig: Rig, service: Service, opened: Opened) -> None:
    repository, number = opened
    branch = f"gh-readonly-queue/main/pr-{number}-{repository.head(number)}"
    head = repository.push(branch, files("feature"))
    event = repository.merge_group_event(f"refs/heads/{branch}")
    assert rig.deliver(service.webhook, "merge_group", event) == 202
    eventually(lambda: bool(runs(repository, head)), "judged", service.is_running)
    assert [run.conclusion for run in runs(repository, head)] == ["failure"]
    assert len(repository.reviews(number)) == 1


def recorded_name(database_url: str, repository: RigRepository) -> str:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT full_name FROM repositories WHERE id = %s", (repository.stored.id,))
        [(name,)] = rows.fetchall()
    return str(name)


@pytest.mark.parametrize(
    "events", [("pushed",), ("pushed", "renamed"), ("renamed", "pushed"), ("renamed", "pushed") * 2]
)
def test_a_push_from_before_a_rename_is_reviewed_under_the_new_name_whatever_comes_first(
    rig: Rig, service: Service, opened: Opened, database_url: str, events: tuple[str, ...]
) -> None:
    repository, number = opened
    repository.push("invoices", files("mended"))
    told = {"pushed": ("pull_request", repository.pull_request_event(number, "synchronize"))}
    told["renamed"] = ("repository", repository.rename("store"))
    for event in events:
        assert rig.deliver(service.webhook, *told[event]) == 202
    eventually(lambda: "queued" not in states(database_url), "ended", service.is_running)
    assert "failed" not in states(database_url)
    assert runs(repository, repository.head(number))
    assert recorded_name(database_url, repository) == "acme/store"


def test_a_command_from_before_a_rename_is_obeyed(rig: Rig, service: Service, opened: Opened) -> None:
    repository, _ = opened
    repository.rename("store")
    assert replied(rig, service, opened, "grace", "/preship explain missing-authentication") == ["eyes", "+1"]


def test_a_suspended_installation_ends_its_jobs(rig: Rig, service: Service, opened: Opened) -> None:
    assert rig.deliver(service.webhook, "installation", webhooks.installation_event("suspend")) == 202
    assert rig.deliver(service.webhook, "installation", webhooks.installation_event("deleted")) == 202
    assert service.is_running()
