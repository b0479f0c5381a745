"""Requests made up from the service's own OpenAPI description, on a real server."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, given, settings

from preship.bot.app import create_app
from preship.bot.settings import load_settings
from tests.e2e.service import Service, environment
from tests.fuzz.webhooks import unhandled
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig

EXAMPLES = 16
"""Requests for each route and method."""

UNAVAILABLE = 503
"""The one fault that is an answer: the database is away."""


def description(app: FastAPI) -> dict[str, object]:
    """What the service takes; it is not served, for nobody outside needs it."""
    return get_openapi(title=app.title, version=app.version, routes=app.routes)


def test_no_request_that_the_description_allows_makes_a_fault_of_ours(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    import schemathesis  # a second of computing, which every worker would spend

    app = create_app(load_settings(environment(rig, database_url, tmp_path / "described")))
    schema = schemathesis.openapi.from_dict(description(app))
    faults: list[tuple[str, int]] = []
    asked: set[str] = set()
    with Service(rig, database_url, tmp_path / "service", PRESHIP_WORKER="off") as service:
        address = service.webhook.removesuffix("/webhook")

        def ask(case: schemathesis.Case) -> None:
            response = case.call(base_url=address)
            asked.add(f"{case.method} {case.path}")
            if response.status_code >= 500 and response.status_code != UNAVAILABLE:
                faults.append((case.as_curl_command(), response.status_code))

        for operation in schema.get_all_operations():
            requests = operation.ok().as_strategy()
            made_up = settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )
            made_up(given(requests)(ask))()
        assert list(unhandled(service.log())) == []
    assert faults == []
    assert {"POST /webhook", "GET /rules/{rule_id}", "GET /healthz"} <= asked
