"""A service that was down fetches what it missed."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.rig.github import Rig


def test_a_pull_request_that_was_opened_while_the_service_was_down_is_reviewed(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    with Service(rig, database_url, tmp_path / "service", PRESHIP_MISSED_SECONDS="1") as service:
        webhook = service.webhook
        service.kill()
        event = repository.pull_request_event(number, "opened")
        assert rig.deliver(webhook, "pull_request", event) == 502
        service.start()
        head = repository.head(number)
        eventually(
            lambda: any(run.status == "completed" for run in repository.check_runs(head)),
            "concluded",
            service.is_running,
        )
    assert len(repository.reviews(number)) == 1
