"""What page, `/readyz` and figures say at each moment: red when something is wrong, and green again when it is over."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from preship.bot.store.deliveries import State
from preship.bot.store.store import open_store
from tests.bot.running import WORK, running
from tests.e2e.service import METRICS_TOKEN, Service, environment, eventually
from tests.e2e.test_people import Place
from tests.e2e.test_people import place as place
from tests.e2e.visits import signed_in
from tests.patience import PATIENCE_SECONDS
from tests.rig.faults import Failing
from tests.rig.github import Rig


def said(service: Service, path: str = "/readyz", method: str = "GET") -> tuple[int, str]:
    answer = httpx.request(method, f"{service.url}{path}", timeout=PATIENCE_SECONDS)
    return answer.status_code, answer.text


def figures(service: Service, token: str = METRICS_TOKEN) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{service.url}/metrics", headers=headers, timeout=PATIENCE_SECONDS)


def test_without_a_worker_it_is_red_and_still_takes_deliveries_and_with_one_it_is_green(
    rig: Rig, database_url: str, tmp_path: Path
):
    with Service(rig, database_url, tmp_path, PRESHIP_WORKER="off", PRESHIP_STALLED_SECONDS="5") as service:
        assert said(service) == (503, "no worker lives: deliveries wait until one is started\n")
        assert said(service, "/intakez") == (200, "ready\n")
        assert "No worker lives" in said(service, "/")[1]
        assert 'preship_problems{kind="workers"} 1.0' in figures(service).text
        told = {**environment(rig, database_url, tmp_path / "worker"), "PRESHIP_METRICS_PORT": "0"}
        with running(WORK, {**told, "PRESHIP_STALLED_SECONDS": "5"}) as worker:
            address = worker.wait_for("figures are shown on")["event"].split()[-1]
            eventually(lambda: said(service)[0] == 200, "a worker", service.is_running)
            assert "All is well" in said(service, "/")[1]
            assert "preship_workers 1.0" in httpx.get(address, timeout=PATIENCE_SECONDS).text
            assert "preship_problems" not in figures(service).text.replace("TYPE preship_problems", "").replace(
                "HELP preship_problems", ""
            )
            worker.process.kill()
            worker.process.wait()
            eventually(lambda: said(service)[0] == 503, "its death seen", service.is_running)


def test_a_github_that_does_not_answer_is_red_until_it_does_again(rig: Rig, database_url: str, tmp_path: Path):
    away = [True]
    rig.let_fail(lambda method, path: Failing(503) if away else None, lambda: None)
    with Service(rig, database_url, tmp_path, PRESHIP_PROBE_SECONDS="0.1") as service:
        eventually(lambda: "GitHub did not answer" in said(service)[1], "red", service.is_running)
        assert said(service, "/intakez")[0] == 200
        assert re.search(r'preship_forge_calls_total{outcome="unavailable"} [1-9]', figures(service).text)
        away.clear()
        eventually(lambda: said(service) == (200, "ready\n"), "green", service.is_running)


def test_jobs_that_fail_one_after_another_are_red_and_one_that_does_not_is_green(place: Place):
    store, service = place.store, place.service
    eventually(lambda: said(service)[0] == 200, "well", service.is_running)
    for number in range(4):
        store.database.rows(
            "INSERT INTO deliveries SELECT (jsonb_populate_record(deliveries, jsonb_build_object('guid', %s::text,"
            " 'position', %s::int))).* FROM deliveries WHERE guid = %s",
            f"copy-{number}",
            10**6 + number,
            place.guid,
        )
    assert said(service) == (503, "the last 5 jobs failed; the log and the deliveries say why\n")
    store.deliveries.finish("copy-1", State.FAILED, "too large", "cannot-review")
    assert said(service)[0] == 200
    store.deliveries.finish("copy-1", State.FAILED, "away", "forge-away")
    assert said(service)[0] == 503
    store.deliveries.finish("copy-2", State.DONE)
    assert said(service)[0] == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/intakez", "/readyz", "/rules", "/sign-in", "/no/such/page"])
def test_head_is_answered_as_get_without_a_body(service: Service, path: str):
    status, text = said(service, path, "HEAD")
    assert (status, text) == (said(service, path)[0], "")


def test_figures_are_for_those_with_the_token(service: Service):
    assert figures(service, "a guess").status_code == 401
    assert httpx.get(f"{service.url}/metrics", timeout=PATIENCE_SECONDS).status_code == 401
    text = figures(service).text
    for name in ("preship_queue", "preship_oldest_job_seconds", "preship_workers", "preship_findings_day"):
        assert f"# TYPE {name} gauge" in text
    assert re.search(r'preship_build_info{python="3\.\d+\.\d+",version="[\d.]+"} 1\.0', text)


def test_without_a_token_there_are_no_figures_beside_the_pages(rig: Rig, database_url: str, tmp_path: Path):
    with Service(rig, database_url, tmp_path, PRESHIP_METRICS_TOKEN="", PRESHIP_METRICS_PORT="0") as service:
        assert said(service, "/metrics")[0] == 403
        found = re.search(r"figures are shown on (http://\S+/metrics)", service.log())
        assert found
        assert "preship_queue" in httpx.get(found[1], timeout=PATIENCE_SECONDS).text


def test_limits_are_shown_to_those_who_have_repositories_in_the_installation(place: Place, database_url: str):
    store = open_store(database_url)
    store.turns.book(99, 0.0, ((3600.0, 500),), 10.0, place.repository)
    store.turns.book(77, 0.0, ((3600.0, 500),), 10.0, 5)
    page = signed_in(place.rig, place.service, "ada").get("/operation").text
    assert "<td>99</td>" in page
    assert "<td>77</td>" not in page
    store.close()


def test_a_disk_with_little_room_is_red_and_says_so(rig: Rig, database_url: str, tmp_path: Path):
    with Service(rig, database_url, tmp_path, PRESHIP_SCARCE_MEGABYTES=str(10**9)) as service:
        eventually(lambda: "no worker lives" not in said(service)[1], "a worker", service.is_running)
        status, text = said(service)
        left = "N MB are left on the disk of PRESHIP_DATA: make room there\n"
        assert (status, re.sub(r"\d+", "N", text)) == (503, left)
        # The database is on a disk of its own.
        assert said(service, "/intakez") == (200, "ready\n")
        assert "MB are left on the disk of PRESHIP_DATA: make room there." in said(service, "/")[1]
        shown = figures(service).text
        assert 'preship_problems{kind="disk"} 1.0' in shown
        assert re.search(r"^preship_disk_free_bytes [\d.e+]+$", shown, re.MULTILINE)
