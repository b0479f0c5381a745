"""kill -9 at every step of the job: one review, never two, never none."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest

from tests.databases import age_heartbeats
from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.faults import Striking, When
from tests.rig.github import Rig, RigRepository

REPO = "/repos/acme/shop"


@pytest.mark.parametrize(
    ("method", "path", "when"),
    [
        ("POST", "/graphql", When.BEFORE),
        ("POST", f"{REPO}/check-runs", When.BEFORE),
        ("POST", f"{REPO}/check-runs", When.AFTER),
        ("GET", f"{REPO}/compare/", When.AFTER),
        ("POST", f"{REPO}/pulls/1/reviews", When.BEFORE),
        ("POST", f"{REPO}/pulls/1/reviews", When.AFTER),
        ("POST", f"{REPO}/issues/1/comments", When.BEFORE),
        ("POST", f"{REPO}/issues/1/comments", When.AFTER),
        ("PATCH", f"{REPO}/check-runs/", When.BEFORE),
        ("PATCH", f"{REPO}/check-runs/", When.AFTER),
    ],
)
def test_a_power_cut_leads_to_exactly_one_review(
    rig: Rig, service: Service, database_url: str, method: str, path: str, when: When
) -> None:
    cut = Cut(service)
    rig.fail(method, path, Striking(cut, when))
    reviewed_after_a_cut(rig, service, database_url, cut)


def test_a_power_cut_while_git_fetches_leads_to_exactly_one_review(
    rig: Rig, service: Service, database_url: str
) -> None:
    cut = Cut(service)
    rig.strike_git(cut)
    reviewed_after_a_cut(rig, service, database_url, cut)


class Cut:
    """A power cut that comes once the delivery is answered: a fast worker may be at its job before that."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.may_come = threading.Event()

    def __call__(self) -> None:
        """Kill the service."""
        assert self.may_come.wait(PATIENCE_SECONDS)
        self._service.kill()


def reviewed_after_a_cut(rig: Rig, service: Service, database_url: str, cut: Cut) -> None:
    """Open a pull request, wait for the cut, start again, and find one review."""
    repository = opened(rig, service)
    cut.may_come.set()
    eventually(lambda: not service.is_running(), "killed")
    age_heartbeats(database_url)
    service.start()
    eventually(lambda: states(database_url) == ["done"], "served", service.is_running)
    assert_reviewed_once(repository)


def test_a_worker_that_stalls_and_wakes_up_posts_nothing_twice(
    rig: Rig, own_service: Service, database_url: str, tmp_path: Path
) -> None:
    stalled = threading.Event()

    def stall() -> None:
        own_service.pause()
        stalled.set()

    rig.fail("GET", f"{REPO}/compare/", Striking(stall, When.AFTER, drops=False))
    repository = opened(rig, own_service)
    eventually(stalled.is_set, "stalled")
    age_heartbeats(database_url)
    with Service(rig, database_url, tmp_path / "second") as second:
        eventually(lambda: "job runs again" in second.log(), "tried by the second worker", second.is_running)
        own_service.resume()
        eventually(lambda: states(database_url) == ["done"], "served", second.is_running)
    assert_reviewed_once(repository)


def test_a_delivery_that_github_sends_again_is_no_second_review(rig: Rig, service: Service, database_url: str) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    event = repository.pull_request_event(repository.open_pull_request("invoices"), "opened")
    for delivery in ("1c3a5e10-0000-0000-0000-000000000001", "1c3a5e10-0000-0000-0000-000000000002") * 2:
        assert rig.deliver(service.webhook, "pull_request", event, delivery=delivery) == 202
    eventually(lambda: "queued" not in states(database_url), "served", service.is_running)
    assert len(states(database_url)) == 2
    assert_reviewed_once(repository)


def opened(rig: Rig, service: Service) -> RigRepository:
    """A repository whose pull request was just opened, and whose delivery was accepted."""
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    event = repository.pull_request_event(repository.open_pull_request("invoices"), "opened")
    assert rig.deliver(service.webhook, "pull_request", event) == 202
    return repository


def assert_reviewed_once(repository: RigRepository) -> None:
    """One review with its four comments, one summary, one check run."""
    assert len(repository.reviews(1)) == 1
    assert len(repository.review_comments(1)) == 4
    assert len(repository.conversation(1)) == 1
    [run] = repository.check_runs(repository.head(1))
    assert run.conclusion == "failure"


def states(database_url: str) -> list[str]:
    """The state of every delivery, the oldest first."""
    with psycopg.connect(database_url) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM deliveries ORDER BY position")]
