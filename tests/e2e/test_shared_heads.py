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
def shared(rig: Rig) -> RigRepository:
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
    rig: Rig, service: Service, shared: RigRepository, order: tuple[int, int]
) -> None:
    head = shared.head(BAD)
    send(rig, service, shared, order[0], "opened")
    until(service, shared, head, ["failure" if order[0] == BAD else "success"])
    send(rig, service, shared, order[1], "opened")
    runs = until(service, shared, head, ["failure", "failure"])
    assert {run.title for run in runs} == {"Pull request 1: 4 faults to fix in 8 touched Server Actions"}
    assert all(str(run.summary).startswith(SAID) for run in runs)
    shared.close(BAD)
    send(rig, service, shared, BAD, "closed")
    until(service, shared, head, ["success", "success"])
    shared.stored.pulls[BAD].state = "open"
    send(rig, service, shared, BAD, "reopened")
    until(service, shared, head, ["failure", "failure"])


def test_another_base_or_another_head_of_the_worst_lets_the_others_be(
    rig: Rig, service: Service, shared: RigRepository
) -> None:
    head = shared.head(BAD)
    send(rig, service, shared, BAD, "opened")
    until(service, shared, head, ["failure"])
    send(rig, service, shared, FINE, "opened")
    until(service, shared, head, ["failure", "failure"])
    shared.set_base(BAD, "release")
    send(rig, service, shared, BAD, "edited")
    # The run of the first review was replaced by that of the second.
    until(service, shared, head, ["failure", "success", "success"])
    shared.set_base(BAD, "main")
    send(rig, service, shared, BAD, "edited")
    until(service, shared, head, ["failure", "failure", "success", "failure"])
    shared.push("invoices", {"README.md": "# Invoices\n"})
    send(rig, service, shared, BAD, "synchronize")
    until(service, shared, head, ["failure", "success", "success", "success"])
    until(service, shared, shared.head(BAD), ["failure"])


@pytest.mark.parametrize("action", ["rerequested", "requested_action"])
def test_asking_again_for_the_good_one_does_not_paint_over_the_bad_one(
    rig: Rig, service: Service, shared: RigRepository, action: str
) -> None:
    head = shared.head(BAD)
    for number, wanted in ((BAD, ["failure"]), (FINE, ["failure", "failure"])):
        send(rig, service, shared, number, "opened")
        until(service, shared, head, wanted)
    event = shared.check_run_event(shared.check_runs(head)[-1], action, "grace")
    assert rig.deliver(service.webhook, "check_run", event) == 202
    until(service, shared, head, ["failure"] * 3)


def test_a_group_of_a_merge_queue_speaks_for_a_pull_request_with_the_same_head_too(
    rig: Rig, service: Service, shared: RigRepository
) -> None:
    head = shared.head(BAD)
    send(rig, service, shared, BAD, "opened")
    until(service, shared, head, ["failure"])
    shared.stored.git.set_ref("refs/heads/gh-readonly-queue/release/pr-2", head)
    event = shared.merge_group_event("refs/heads/gh-readonly-queue/release/pr-2", "refs/heads/release")
    assert rig.deliver(service.webhook, "merge_group", event) == 202
    runs = until(service, shared, head, ["failure", "failure"])
    assert "- a group of the merge queue: success, No Server Action is touched" in str(runs[-1].summary)


def test_reviews_that_end_at_the_same_moment_agree(rig: Rig, service: Service, shared: RigRepository) -> None:
    head = shared.head(BAD)
    for number in (FINE, BAD):
        send(rig, service, shared, number, "opened")
    runs = until(service, shared, head, ["failure", "failure"])
    assert len({run.title for run in runs}) == 1


def test_a_commit_of_one_pull_request_is_asked_about_no_other(
    rig: Rig, service: Service, shared: RigRepository
) -> None:
    shared.push("copy", {"README.md": "# Invoices\n"})
    send(rig, service, shared, BAD, "opened")
    until(service, shared, shared.head(BAD), ["failure"])
    send(rig, service, shared, FINE, "opened")
    runs = until(service, shared, shared.head(FINE), ["success"])
    assert runs[0].title == "No Server Action is touched"
    assert shows(shared, shared.head(BAD)) == ["failure"]
