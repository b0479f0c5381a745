"""A short seed of mutated webhooks, on a real server."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.service import Service
from tests.fuzz.webhooks import fuzz, unhandled
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig


def test_no_mutated_request_makes_a_fault_of_ours(rig: Rig, database_url: str, tmp_path: Path) -> None:
    with Service(rig, database_url, tmp_path / "service", PRESHIP_WORKER="off") as service:
        done = fuzz(service.webhook.removesuffix("/webhook"), service.pid, seed=7, count=600)
        assert done.faults == []
        assert list(unhandled(service.log())) == []
    assert {202, 204, 400, 401} <= done.answers.keys()


def test_an_exception_in_the_log_is_seen() -> None:
    line = json.dumps({"event": "Exception in ASGI application", "level": "error"})
    assert list(unhandled(f'{{"event": "webhook", "level": "info"}}\n{line}\n')) == [line]
