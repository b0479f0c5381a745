"""The processes of `compose.yml`, started here by their own commands and environment, and asked by their own checks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.deploy.test_files import COMPOSE, DEPLOY
from tests.e2e.app import files
from tests.e2e.service import environment, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig


class Process:
    """One service of the file, as a process of this machine."""

    def __init__(self, name: str, told: dict[str, str], directory: Path) -> None:
        service = COMPOSE["services"][name]
        own = {key: value for key, value in service["environment"].items() if "${" not in value}
        # A port for each, where each container would have them all.
        own["PRESHIP_METRICS_PORT"] = "0"
        directory.mkdir()
        self._log = directory / "log"
        preship = Path(sys.executable).parent / "preship"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [preship, *service["command"]], env={**told, **own}, cwd=directory, stdout=log, stderr=log
            )

    def log(self) -> str:
        return self._log.read_text()

    def port(self, pattern: str) -> str:
        eventually(lambda: bool(re.search(pattern, self.log())), pattern, self.is_running)
        found = re.search(pattern, self.log())
        assert found
        return found[1]

    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(PATIENCE_SECONDS)


@contextmanager
def started(name: str, told: dict[str, str], directory: Path) -> Iterator[Process]:
    process = Process(name, told, directory)
    try:
        yield process
    finally:
        process.stop()


def check(command: list[str], port: str, written: str) -> int:
    """How a health check ends, asked at the port that the process has here."""
    words = [word.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}") for word in command]
    return subprocess.run([sys.executable, *words[1:]], capture_output=True, env=dict(os.environ)).returncode


def test_web_and_worker_review_a_pull_request_together_and_their_checks_say_that_they_are_well(
    rig: Rig, database_url: str, tmp_path: Path
):
    told = dict(environment(rig, database_url, tmp_path)) | {"PRESHIP_PORT": "0"}
    subprocess.run([Path(sys.executable).parent / "preship", "migrate"], env=told, check=True)
    with started("web", told, tmp_path / "web") as web, started("worker", told, tmp_path / "worker") as worker:
        port = web.port(r"Uvicorn running on http://[\d.]+:(\d+)")
        figures = worker.port(r"figures are shown on http://[\d.]+:(\d+)/metrics")
        [text] = re.findall(r"HEALTHCHECK.*\n\s+CMD \[\"python\", (.+)\]", (DEPLOY / "Dockerfile").read_text())
        assert check(["python", *re.findall(r'"([^"]+)"', text)], port, "8000") == 0
        eventually(
            lambda: check(COMPOSE["services"]["worker"]["healthcheck"]["test"][1:], figures, "9000") == 0, "well"
        )
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: httpx.get(f"{url}/readyz", timeout=PATIENCE_SECONDS).status_code == 200, "ready")
        repository = rig.repository(files("main", "blog"))
        repository.push("feature", files("feature", "blog"))
        number = repository.open_pull_request("feature")
        assert rig.deliver(f"{url}/webhook", "pull_request", repository.pull_request_event(number, "opened")) == 202
        runs = repository.check_runs
        eventually(lambda: any(run.conclusion for run in runs(repository.head(number))), "reviewed", worker.is_running)
        assert check(["python", *re.findall(r'"([^"]+)"', text)], "1", "8000") != 0
