"""One commit that several pull requests offer, through the real service: its check runs speak for the commit."""

from __future__ import annotations

import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.rig.github import Rig, RigRepository
from tests.rig.world import CheckRun

BAD, FINE = 1, 2
"""Against `main` the branch brings four faults, against `release` nothing at all."""

SAID = (
    "This commit is the head of several open pull requests. The check run speaks for the commit, and so for the worst"
    " of them:\n\n"
    "- pull request 1: failure, 4 faults to fix in 8 touched Server Actions\n"
    "- pull request 2: success, No Server Action is touched\n\n"
    "Of pull request 1:\n\n4 faults to fix in 8 touched Server Actions.\n\n"
)


@pytest.fixture
def offered_twice(rig: Rig) -> RigRepository:
    """Two pull requests with one head; the second comes from a branch of its own."""
    repository = rig.repository(files("main"))
    repository.push("release", files("feature"))
    head = repository.push("invoices", files("feature"))
    repository.stored.git.set_ref("refs/heads/copy", head)
    assert (repository.open_pull_request("invoices"), repository.open_pull_request("copy", base="release")) == (1, 2)
    repository.stored.permissions["grace"] = "write"
    return repository


def send(rig: Rig, service: Service, repository: RigRepository, number: int, action: str) -> None:
    event = repository.pull_request_event(number, action)
    assert rig.deliver(service.webhook, "pull_request", event) == 202


def shows(repository: RigRepository, head: str) -> list[str | None]:
    return [run.conclusion for run in repository.check_runs(head)]


def until(service: Service, repository: RigRepository, head: str, wanted: list[str]) -> list[CheckRun]:
    eventually(
        lambda: shows(repository, head) == wanted,
        f"{wanted}, instead of {shows(repository, head)}",
        service.is_running,
    )
    return list(repository.check_runs(head))


@pytest.mark.parametrize("order", [(BAD, FINE), (FINE, BAD)])
def test_all_runs_of_a_commit_show_its_worst_pull_request_until_that_is_closed(
    rig: Rig, service: Service, offered_twice: RigRepository, order: tuple[int, int]
) -> None:
    head = offered_twice.head(BAD)
    send(rig, service, offered_twice, order[0], "opened")
    until(service, offered_twice, head, ["failure" if order[0] == BAD else "success"])
    send(rig, service, offered_twice, order[1], "opened")
    runs = until(service, offered_twice, head, ["failure", "failure"])
    assert {run.title for run in runs} == {"Pull request 1: 4 faults to fix in 8 touched Server Actions"}
    assert all(str(run.summary).startswith(SAID) for run in runs)
    offered_twice.close(BAD)
    send(rig, service, offered_twice, BAD, "closed")
    until(service, offered_twice, head, ["success", "success"])
    offered_twice.stored.pulls[BAD].state = "open"
    send(rig, service, offered_twice, BAD, "reopened")
    until(service, offered_twice, head, ["failure", "failure"])


def test_another_base_or_another_head_of_the_worst_lets_the_others_be(
    rig: Rig, service: Service, offered_twice: RigRepository
) -> None:
    head = offered_twice.head(BAD)
    send(rig, service, offered_twice, BAD, "opened")
    until(service, offered_twice, head, ["failure"])
    send(rig, service, offered_twice, FINE, "opened")
    until(service, offered_twice, head, ["failure", "failure"])
    offered_twice.set_base(BAD, "release")
    send(rig, service, offered_twice, BAD, "edited")
    # The run of the first review was replaced by that of the second.
    until(service, offered_twice, head, ["failure", "success", "success"])
    offered_twice.set_base(BAD, "main")
    send(rig, service, offered_twice, BAD, "edited")
    until(service, offered_twice, head, ["failure", "failure", "success", "failure"])
    offered_twice.push("invoices", {"README.md": "# Invoices\n"})
    send(rig, service, offered_twice, BAD, "synchronize")
    until(service, offered_twice, head, ["failure", "success", "success", "success"])
    until(service, offered_twice, offered_twice.head(BAD), ["failure"])


@pytest.mark.parametrize("action", ["rerequested", "requested_action"])
def test_asking_again_for_the_good_one_does_not_paint_over_the_bad_one(
    rig: Rig, service: Service, offered_twice: RigRepository, action: str
) -> None:
    head = offered_twice.head(BAD)
    for number, wanted in ((BAD, ["failure"]), (FINE, ["failure", "failure"])):
        send(rig, service, offered_twice, number, "opened")
        until(service, offered_twice, head, wanted)
    event = offered_twice.check_run_event(offered_twice.check_runs(head)[-1], action, "grace")
    assert rig.deliver(service.webhook, "check_run", event) == 202
    until(service, offered_twice, head, ["failure"] * 3)


def test_a_group_of_a_merge_queue_speaks_for_a_pull_request_with_the_same_head_too(
    rig: Rig, service: Service, offered_twice: RigRepository
) -> None:
    head = offered_twice.head(BAD)
    send(rig, service, offered_twice, BAD, "opened")
    until(service, offered_twice, head, ["failure"])
    offered_twice.stored.git.set_ref("refs/heads/gh-readonly-queue/release/pr-2", head)
    event = offered_twice.merge_group_event("refs/heads/gh-readonly-queue/release/pr-2", "refs/heads/release")
    assert rig.deliver(service.webhook, "merge_group", event) == 202
    runs = until(service, offered_twice, head, ["failure", "failure"])
    assert "- a group of the merge queue: success, No Server Action is touched" in str(runs[-1].summary)


def test_reviews_that_end_at_the_same_moment_agree(rig: Rig, service: Service, offered_twice: RigRepository) -> None:
    head = offered_twice.head(BAD)
    for number in (FINE, BAD):
        send(rig, service, offered_twice, number, "opened")
    runs = until(service, offered_twice, head, ["failure", "failure"])
    assert len({run.title for run in runs}) == 1


def test_a_commit_of_one_pull_request_is_asked_about_no_other(
    rig: Rig, service: Service, offered_twice: RigRepository
) -> None:
    offered_twice.push("copy", {"README.md": "# Invoices\n"})
    send(rig, service, offered_twice, BAD, "opened")
    until(service, offered_twice, offered_twice.head(BAD), ["failure"])
    send(rig, service, offered_twice, FINE, "opened")
    runs = until(service, offered_twice, offered_twice.head(FINE), ["success"])
    assert runs[0].title == "No Server Action is touched"
    assert shows(offered_twice, offered_twice.head(BAD)) == ["failure"]
