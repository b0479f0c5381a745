"""The whole service, as an operator starts it: set-up mode, a real server, a real database that comes and goes."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from preship.bot.intake.signature import signature
from preship.bot.store.deliveries import State
from preship.bot.store.store import open_store
from tests.bot.intake.test_reading import example
from tests.bot.running import SERVE, WORK, running, serving
from tests.patience import PATIENCE_SECONDS

SECRET = "whisper"
PRESHIP = Path(sys.executable).parent / "preship"


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, text_format = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(encoding, text_format, serialization.NoEncryption()).decode()


@pytest.fixture
def registered(private_key: str) -> dict[str, str]:
    return {"PRESHIP_APP_ID": "7", "PRESHIP_PRIVATE_KEY": private_key, "PRESHIP_WEBHOOK_SECRET": SECRET}


def deliver(url: str, guid: str = "d-1") -> int:
    body = json.dumps(example("pull_request", "opened")).encode()
    headers = {
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": guid,
        "X-Hub-Signature-256": signature(SecretStr(SECRET), body),
    }
    return httpx.post(f"{url}/webhook", content=body, headers=headers, timeout=PATIENCE_SECONDS).status_code


def test_without_an_app_it_shows_where_to_begin_and_takes_no_webhook(directory):
    with serving({"PRESHIP_DATA": str(directory)}) as service:
        said = service.wait_for("set up Preship: open ")["event"]
        page = httpx.get(service.url, timeout=PATIENCE_SECONDS)
        assert page.status_code == 200
        assert "Open the link in the log" in page.text
        address = said.split()[-1].replace("http://127.0.0.1:0", service.url)
        with httpx.Client(timeout=PATIENCE_SECONDS, follow_redirects=True) as browser:
            setup = browser.get(address)
        assert "https://github.com/settings/apps/new?state=" in setup.text
        assert f"{service.url}/webhook" in setup.text
        assert "GitHub’s servers cannot reach" in setup.text
        assert deliver(service.url) == 503
        assert httpx.get(f"{service.url}/readyz", timeout=PATIENCE_SECONDS).status_code == 503
        assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
        assert service.end() == 0


def test_an_address_that_cannot_be_had_is_said_in_one_sentence_before_anything_is_begun(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = {}
        for host in ("127.0.0.1", "192.0.2.1"):
            variables = {"PRESHIP_HOST": host, "PRESHIP_PORT": str(port), "PRESHIP_DATA": str(tmp_path / "data")}
            ended = subprocess.run([PRESHIP, "serve"], env={**os.environ, **variables}, capture_output=True, text=True)
            said[host] = (ended.returncode, ended.stderr)
    assert said == {
        "127.0.0.1": (
            2,
            f"preship: PRESHIP_PORT: another program listens on 127.0.0.1:{port}; is Preship running already?\n",
        ),
        "192.0.2.1": (
            2,
            f"preship: PRESHIP_PORT: nobody can listen on 192.0.2.1:{port} here (Cannot assign requested address);"
            " PRESHIP_HOST names the address\n",
        ),
    }
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "localhost"), ("127.0.0.1", "127.0.0.1")])
def test_the_link_that_sets_up_names_an_address_that_a_browser_can_open(database_url, host, shown):
    settings = {"DATABASE_URL": database_url, "PRESHIP_PORT": "0", "PRESHIP_HOST": host}
    with running(SERVE, settings) as service:
        assert f"open http://{shown}:0/setup?key=" in service.wait_for("set up Preship")["event"]
        assert service.end() == 0


def test_what_the_server_says_of_itself_is_not_called_an_error(database_url):
    settings = {"DATABASE_URL": database_url, "PRESHIP_PORT": "0"}
    with running(SERVE, settings) as service:
        said = service.wait_for("Uvicorn running on")
        assert (said["logger"], said["level"]) == ("uvicorn", "info")
        assert service.end() == 0


def test_a_delivery_is_stored_with_its_job_before_it_is_accepted(registered, database_url):
    with serving({**registered, "DATABASE_URL": database_url, "PRESHIP_WORKER": "off"}) as service:
        service.wait_for("the database is open")
        assert httpx.get(f"{service.url}/intakez", timeout=PATIENCE_SECONDS).text == "ready\n"
        ready = httpx.get(f"{service.url}/readyz", timeout=PATIENCE_SECONDS)
        assert (ready.status_code, ready.text) == (503, "no worker lives: deliveries wait until one is started\n")
        assert deliver(service.url) == 202
        service.end(signal.SIGKILL)
    store = open_store(database_url)
    assert store.queue() == {"todo": 1}
    assert store.deliveries.get("d-1").action == "opened"
    store.close()


def test_the_status_page_lists_deliveries_and_names_no_repository(registered, database_url):
    token = "a token for figures"
    settings = {**registered, "DATABASE_URL": database_url, "PRESHIP_WORKER": "off", "PRESHIP_METRICS_TOKEN": token}
    with serving(settings) as service:
        service.wait_for("the database is open")
        deliver(service.url, "guid-of-the-delivery")
        page = httpx.get(service.url, timeout=PATIENCE_SECONDS).text
        assert "guid-of-the-delivery" in page
        assert example("pull_request", "opened")["repository"]["name"] not in page
        headers = {"Authorization": f"Bearer {token}"}
        figures = httpx.get(f"{service.url}/metrics", headers=headers, timeout=PATIENCE_SECONDS).text
        assert 'preship_webhooks_total{event="pull_request",status="202"} 1.0' in figures


def test_a_database_that_is_away_is_answered_with_503(registered):
    with serving({**registered, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}) as service:
        assert deliver(service.url) == 503
        assert httpx.get(f"{service.url}/readyz", timeout=PATIENCE_SECONDS).status_code == 503
        assert httpx.get(service.url, timeout=PATIENCE_SECONDS).status_code == 200
        assert service.end() == 0


def test_the_embedded_database_is_started_again_when_it_was_killed(registered, directory):
    settings = {**registered, "PRESHIP_DATA": str(directory), "PRESHIP_API_URL": "http://127.0.0.1:1"}
    with serving(settings) as service:
        service.wait_for("the database is open")
        os.kill(int((directory / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        service.wait_for("the database is back")
        assert deliver(service.url) == 202
        assert service.end() == 0
    assert not (directory / "postgres" / "postmaster.pid").exists()


def test_deliveries_that_are_long_done_are_forgotten_when_it_starts(registered, database_url):
    settings = {**registered, "DATABASE_URL": database_url, "PRESHIP_WORKER": "off"}
    with serving(settings) as service:
        service.wait_for("the database is open")
        deliver(service.url)
    store = open_store(database_url)
    store.deliveries.finish("d-1", State.DONE)
    store.database.rows("UPDATE deliveries SET received_at = received_at - interval '31 days'")
    with serving(settings) as service:
        assert service.wait_for("what is over is dropped")["deliveries"] == 1
    assert store.deliveries.recent() == []
    store.close()


def test_a_worker_of_its_own_serves_what_the_webhook_took(registered, database_url):
    settings = {**registered, "DATABASE_URL": database_url, "PRESHIP_API_URL": "http://127.0.0.1:1"}
    with serving({**settings, "PRESHIP_WORKER": "off"}) as service:
        service.wait_for("the database is open")
        deliver(service.url)
    with running(WORK, settings) as worker:
        entry = worker.wait_for("job runs again")
        assert entry["delivery"] == "d-1"
        assert entry["api_calls"] > 0
        assert worker.end() == 0
