"""What becomes of a pull request's threads, summary and check runs as it goes on, through the real service."""

from __future__ import annotations

import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.e2e.test_api_calls import MOST_CALLS, calls
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository


@pytest.fixture
def opened(rig: Rig, service: Service) -> tuple[RigRepository, int]:
    """A pull request with four faults, reviewed."""
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    return repository, number


def resolved(repository: RigRepository, number: int) -> list[str]:
    return [str(comment.line) for comment in repository.review_comments(number) if comment.resolved_by]


def settle(rig: Rig, service: Service, repository: RigRepository, number: int, action: str) -> None:
    """Deliver, and wait until one more check run of the head is concluded."""
    head, done = repository.head(number), ended(repository, repository.head(number))
    assert rig.deliver(service.webhook, "pull_request", repository.pull_request_event(number, action)) == 202
    eventually(lambda: ended(repository, head) > done, "reviewed once more", service.is_running)


def ended(repository: RigRepository, head: str) -> int:
    return sum(run.status == "completed" for run in repository.check_runs(head))


def test_threads_follow_the_faults_back_and_forth(
    rig: Rig, service: Service, opened: tuple[RigRepository, int]
) -> None:
    repository, number = opened
    first = repository.head(number)
    repository.push("invoices", files("mended"))
    settle(rig, service, repository, number, "synchronize")
    mended = resolved(repository, number)
    assert len(mended) == 2
    repository.force_push("invoices", first)
    settle(rig, service, repository, number, "synchronize")
    assert resolved(repository, number) == []
    assert (len(repository.reviews(number)), len(repository.review_comments(number))) == (1, 4)
    [summary] = repository.conversation(number)
    assert (summary.edits, first[:12] in summary.body) == (2, True)


def test_a_rebase_repeats_nothing(rig: Rig, service: Service, opened: tuple[RigRepository, int]) -> None:
    repository, number = opened
    repository.push("main", {"README.md": "# Invoices\n"})
    repository.rebase("invoices", files("feature"))
    settle(rig, service, repository, number, "synchronize")
    assert (len(repository.reviews(number)), len(repository.review_comments(number))) == (1, 4)
    assert resolved(repository, number) == []


def test_another_base_is_compared_with(rig: Rig, service: Service, opened: tuple[RigRepository, int]) -> None:
    repository, number = opened
    repository.push("release", files("feature"))
    repository.set_base(number, "release")
    settle(rig, service, repository, number, "edited")
    [summary] = repository.conversation(number)
    assert "this pull request touches no Server Action any more." in summary.body
    assert [run.conclusion for run in repository.check_runs(repository.head(number))] == ["failure", "success"]
    # Against another base nothing proves that the faults are mended.
    assert resolved(repository, number) == []


def test_a_draft_is_reviewed_when_it_is_ready(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices", draft=True)
    assert rig.deliver(service.webhook, "pull_request", repository.pull_request_event(number, "opened")) == 202
    repository.stored.pulls[number].draft = False
    deliver(rig, service, repository, number, "ready_for_review")
    assert len(repository.review_comments(number)) == 4


def test_a_push_that_mends_costs_eight_calls_even_where_every_token_is_asked_for_anew(
    rig: Rig, service: Service, opened: tuple[RigRepository, int]
) -> None:
    repository, number = opened
    service.stop()
    service.start()
    before = len(calls(rig))
    repository.push("invoices", files("mended"))
    deliver(rig, service, repository, number, "synchronize")
    assert resolved(repository, number)
    assert len(calls(rig)[before:]) <= MOST_CALLS, calls(rig)[before:]
