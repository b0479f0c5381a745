"""Nobody who may ask can use up what everybody has: not by asking again and again, and not from one repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.e2e.test_power_cuts import states
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository


def writes(rig: Rig) -> list[str]:
    """Everything that was written so far."""
    return [
        f"{asked.method} {asked.path}"
        for asked in rig.log
        if asked.method in ("POST", "PATCH", "PUT") and asked.path.startswith("/repos/")
    ]


def asked(rig: Rig, service: Service, database_url: str, repository: RigRepository, login: str) -> list[str]:
    """Somebody asks for a review; what was written until that is served."""
    before = len(writes(rig))
    comment = repository.comment_as(login, 1, "/preship review")
    assert rig.deliver(service.webhook, "issue_comment", repository.comment_event(comment)) == 202
    eventually(lambda: "queued" not in states(database_url), "served", service.is_running)
    return writes(rig)[before:]


@pytest.fixture
def reviewed(rig: Rig, service: Service) -> RigRepository:
    """A pull request of ada's that is reviewed."""
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    repository.stored.permissions["grace"] = "write"
    deliver(rig, service, repository, repository.open_pull_request("invoices"), "opened")
    return repository


def test_who_asks_for_a_review_that_was_just_made_finds_it_standing(
    rig: Rig, service: Service, database_url: str, reviewed: RigRepository
) -> None:
    assert "POST /repos/acme/shop/check-runs" in asked(rig, service, database_url, reviewed, "ada")
    for login in ("grace", "ada", "mallory", "ada"):
        assert asked(rig, service, database_url, reviewed, login) == []
    event = reviewed.check_run_event(reviewed.check_runs(reviewed.head(1))[0], "rerequested", "grace")
    before = len(writes(rig))
    assert rig.deliver(service.webhook, "check_run", event) == 202
    eventually(lambda: "queued" not in states(database_url), "served", service.is_running)
    assert writes(rig)[before:] == []


def test_after_a_push_somebody_may_ask_again(
    rig: Rig, service: Service, database_url: str, reviewed: RigRepository
) -> None:
    asked(rig, service, database_url, reviewed, "ada")
    reviewed.push("invoices", files("mended"))
    deliver(rig, service, reviewed, 1, "synchronize")
    assert "POST /repos/acme/shop/check-runs" in asked(rig, service, database_url, reviewed, "grace")


def test_once_the_time_is_over_somebody_may_ask_again(rig: Rig, database_url: str, tmp_path: Path) -> None:
    with Service(rig, database_url, tmp_path / "service", PRESHIP_COOLDOWN_SECONDS="0") as service:
        repository = rig.repository(files("main"))
        repository.push("invoices", files("feature"))
        deliver(rig, service, repository, repository.open_pull_request("invoices"), "opened")
        for _ in range(2):
            assert "POST /repos/acme/shop/check-runs" in asked(rig, service, database_url, repository, "ada")


def test_one_repository_cannot_use_up_the_writes_of_an_installation(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    with Service(rig, database_url, tmp_path / "service", PRESHIP_WRITES_PER_HOUR="24") as service:
        greedy = rig.repository(files("main"), "acme/greedy")
        for number in range(1, 11):
            greedy.push(f"change-{number}", {**files("feature"), "note.txt": f"{number}"})
            event = greedy.pull_request_event(greedy.open_pull_request(f"change-{number}"), "opened")
            assert rig.deliver(service.webhook, "pull_request", event) == 202
        eventually(lambda: "rate limited until" in service.log(), "at its limit", service.is_running)
        quiet = rig.repository(files("main"), "acme/quiet")
        quiet.push("invoices", files("feature"))
        deliver(rig, service, quiet, quiet.open_pull_request("invoices"), "opened")
        assert len(quiet.reviews(1)) == 1
