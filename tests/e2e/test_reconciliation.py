"""A check run that was begun is concluded, whatever happened in between."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.e2e.app import files
from tests.e2e.service import METRICS_TOKEN, Service, eventually
from tests.e2e.test_power_cuts import states
from tests.patience import PATIENCE_SECONDS
from tests.rig.faults import Failing, Fault, Striking, When
from tests.rig.github import Rig, RigRepository
from tests.rig.world import CheckRun

REPO = "/repos/acme/shop"


@pytest.fixture
def hasty(rig: Rig, database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service that gives up soon, and reconciles often."""
    changes = {"PRESHIP_ATTEMPTS": "2", "PRESHIP_RECONCILE_SECONDS": "0.5"}
    with Service(rig, database_url, tmp_path / "service", **changes) as service:
        yield service


_NOT_OF_ONE_REPOSITORY = ("/installation/repositories", "/app/installations/")


class Outage:
    """GitHub answers 503 from the start of a check run on, until it is over.

    Unless it `is_whole`, it goes on to say which repositories the app has, so that the fault may be in the job's own.
    """

    def __init__(self, rig: Rig, *, is_whole: bool = False) -> None:
        self.is_on, self.is_whole = False, is_whole
        rig.let_fail(self._api, lambda: 503 if self.is_on else None)
        rig.fail("POST", f"{REPO}/check-runs", Striking(self._begin, When.AFTER, drops=False))

    def _begin(self) -> None:
        self.is_on = True

    def _api(self, method: str, path: str) -> Fault | None:
        is_met = self.is_on and (self.is_whole or not path.startswith(_NOT_OF_ONE_REPOSITORY))
        return Failing(503) if is_met else None


def opened(rig: Rig, service: Service) -> RigRepository:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    event = repository.pull_request_event(repository.open_pull_request("invoices"), "opened")
    assert rig.deliver(service.webhook, "pull_request", event) == 202
    return repository


def run_of(repository: RigRepository) -> CheckRun:
    [run] = repository.check_runs(repository.head(1))
    return run


def page(service: Service, path: str) -> str:
    with urllib.request.urlopen(service.webhook.replace("/webhook", path), timeout=PATIENCE_SECONDS) as answer:
        return str(answer.read().decode())


def test_an_outage_is_waited_for_however_often_it_is_met(rig: Rig, hasty: Service) -> None:
    outage = Outage(rig, is_whole=True)
    repository = opened(rig, hasty)
    eventually(lambda: hasty.log().count("job runs again") > 3, "tried in vain", hasty.is_running)
    assert run_of(repository).status == "in_progress"
    outage.is_on = False
    eventually(lambda: run_of(repository).status == "completed", "concluded", hasty.is_running)
    assert run_of(repository).conclusion == "failure"
    assert len(repository.reviews(1)) == 1


def test_an_outage_that_outlasts_a_day_leaves_no_check_run_in_progress(
    rig: Rig, hasty: Service, database_url: str
) -> None:
    outage = Outage(rig, is_whole=True)
    repository = opened(rig, hasty)
    eventually(lambda: outage.is_on, "away", hasty.is_running)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE deliveries SET received_at = now() - interval '25 hours'")
    eventually(lambda: states(database_url) == ["failed"], "given up", hasty.is_running)
    assert run_of(repository).status == "in_progress"
    eventually(lambda: "a check run waits to be concluded" in hasty.log(), "tried in vain", hasty.is_running)
    outage.is_on = False
    eventually(lambda: run_of(repository).status == "completed", "concluded", hasty.is_running)
    run = run_of(repository)
    assert (run.conclusion, run.title) == ("neutral", "Not reviewed")
    assert str(run.summary).endswith("(2 tries)")
    assert run.history == ["in_progress", "neutral"]


def figures(service: Service) -> str:
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{service.url}/metrics", headers=headers)) as answer:
        return str(answer.read().decode())


def test_the_final_failure_is_logged_shown_and_counted(rig: Rig, hasty: Service, database_url: str) -> None:
    Outage(rig)
    opened(rig, hasty)
    eventually(lambda: states(database_url) == ["failed"], "given up", hasty.is_running)
    eventually(lambda: "failed for good" in hasty.log(), "logged", hasty.is_running)
    [entry] = [json.loads(line) for line in hasty.log().splitlines() if "failed for good" in line]
    assert (entry["level"], entry["cause"], entry["repository"]) == ("error", "forge-away", "acme/shop")
    assert entry["reason"].endswith("(2 tries)")
    assert 'preship_failures_total{cause="forge-away",event="pull_request"} 1.0' in figures(hasty)
    shown = page(hasty, "/")
    assert "GitHub did not answer" in shown
    assert "acme" not in shown


def test_a_crash_that_took_the_job_leaves_no_check_run_in_progress(rig: Rig, hasty: Service, database_url: str) -> None:
    rig.fail("GET", f"{REPO}/compare/", Striking(hasty.kill))
    repository = opened(rig, hasty)
    eventually(lambda: not hasty.is_running(), "killed")
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    hasty.start()
    eventually(lambda: run_of(repository).status == "completed", "concluded", hasty.is_running)
    assert (run_of(repository).conclusion, states(database_url)) == ("neutral", ["failed"])
    assert "The job that served it is gone" in str(run_of(repository).summary)


def test_a_check_run_whose_start_got_no_answer_is_found_and_concluded(
    rig: Rig, hasty: Service, database_url: str
) -> None:
    outage = Outage(rig)
    rig.fail("POST", f"{REPO}/check-runs", Failing(502, when=When.AFTER))
    repository = opened(rig, hasty)
    outage.is_on = True
    eventually(lambda: states(database_url) == ["failed"], "given up", hasty.is_running)
    outage.is_on = False
    eventually(
        lambda: all(run.status == "completed" for run in repository.check_runs(repository.head(1))),
        "concluded",
        hasty.is_running,
    )


def test_a_review_that_is_asked_for_again_after_that_is_made(rig: Rig, hasty: Service, database_url: str) -> None:
    outage = Outage(rig)
    repository = opened(rig, hasty)
    eventually(lambda: states(database_url) == ["failed"], "given up", hasty.is_running)
    outage.is_on = False
    eventually(lambda: run_of(repository).status == "completed", "concluded", hasty.is_running)
    repository.stored.permissions["grace"] = "write"
    event = repository.check_run_event(run_of(repository), "rerequested", "grace")
    assert rig.deliver(hasty.webhook, "check_run", event) == 202
    eventually(lambda: len(repository.reviews(1)) == 1, "reviewed", hasty.is_running)
