"""A service and a GitHub for it: those of all tests of this process, or, for a test that needs them, its own.

A service takes seconds to start, so one serves test after test, and ends with the last: one that idles takes a
twentieth of a processor. Each finds an empty GitHub, an empty database, and
repositories that the service has never met.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.databases import emptied, fresh_database
from tests.e2e.service import Service, eventually
from tests.rig.github import Rig


@dataclass(frozen=True, slots=True)
class Shared:
    """What tests share, one after the other."""

    rig: Rig
    service: Service
    database_url: str

    def is_idle(self) -> bool:
        """Whether the service has nothing to do now."""
        with psycopg.connect(self.database_url) as connection:
            waiting = "status = 'doing' OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
            [(jobs,)] = connection.execute(f"SELECT count(*) FROM procrastinate_jobs WHERE {waiting}").fetchall()
        return not jobs


@pytest.fixture(scope="package")
def shared(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """`preship serve`, started once."""
    folder = tmp_path_factory.mktemp("shared")
    with (
        Rig(folder / "github") as rig,
        fresh_database(postgres_url) as url,
        Service(rig, url, folder / "service") as service,
    ):
        yield Shared(rig, service, url)


@pytest.fixture
def started_anew(request: pytest.FixtureRequest) -> Shared | None:
    """The shared ones, emptied, for a test that asks for `service`; None for one that starts a service itself."""
    if "service" not in request.fixturenames:
        return None
    shared: Shared = request.getfixturevalue("shared")
    if not shared.service.is_running():
        shared.service.start()
    eventually(shared.is_idle, "idle", shared.service.is_running)
    emptied(shared.database_url)
    shared.rig.empty()
    return shared


@pytest.fixture
def rig(started_anew: Shared | None, tmp_path: Path) -> Iterator[Rig]:
    """A GitHub where nothing has happened yet; a test that says anything GitHub does not document has failed."""
    if started_anew is not None:
        yield started_anew.rig
        assert not started_anew.rig.violations
        return
    with Rig(tmp_path / "github") as rig:
        yield rig
        assert not rig.violations


@pytest.fixture
def database_url(started_anew: Shared | None, postgres_url: str) -> Iterator[str]:
    """An empty database."""
    if started_anew is not None:
        yield started_anew.database_url
        return
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
def service(started_anew: Shared) -> Iterator[Service]:
    """`preship serve` on an empty database; whoever kills it need not start it again."""
    known = len(started_anew.service.log())
    yield started_anew.service
    # Shown with a test that failed.
    sys.stderr.write(started_anew.service.log()[known:][-20_000:])


@pytest.fixture
def own_service(rig: Rig, database_url: str, tmp_path: Path) -> Iterator[Service]:
    """`preship serve`, just started."""
    with Service(rig, database_url, tmp_path / "service") as service:
        yield service
