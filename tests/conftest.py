"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import fresh_database, running_server

# Whoever runs the suite in a workflow sees what a person sees; what workflows see is asked for by the tests about them.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(_name, None)

# The suite starts our programs hundreds of times. Where nothing may be written beside the sources, each of them would
# compile all that it imports: what is compiled is kept in a folder of this run, which the workers inherit.
_BYTECODE = "PRESHIP_TESTS_BYTECODE"
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None) and _BYTECODE not in os.environ:
    os.environ[_BYTECODE] = os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="preship-bytecode-")

_SERVED = frozenset({"chaos", "deploy", "e2e"})
"""Where tests start the service, and wait for what it does."""

# A busy machine takes longer, and no example is wrong for that.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Half as many again as there are processors: some tests wait, for clocks or for programs that start."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    processors = os.cpu_count() or 1
    return processors + (processors + 1) // 2


def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget what was compiled for this run, when the last worker has ended."""
    if not hasattr(config, "workerinput") and _BYTECODE in os.environ:
        shutil.rmtree(os.environ[_BYTECODE], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of what waits or takes seconds, so that none ends long after others.

    The first worker is given the first part of the list, and so on; what is left at the end is what others take over.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    kinds: list[list[pytest.Item]] = [[], [], []]
    for item in items:
        folders = item.path.parts
        kinds[2 if "analyzers" in folders else 1 if _SERVED.isdisjoint(folders) else 0].append(item)
    items[:] = [
        item
        for worker in range(workers)
        for kind in kinds
        for item in kind[len(kind) * worker // workers : len(kind) * (worker + 1) // workers]
    ]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A Postgres server of this run."""
    with running_server() as url:
        yield url


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory for an embedded Postgres, which as root is a user of its own and may not enter pytest's folders."""
    path = Path(tempfile.mkdtemp(prefix="preship-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """An empty database of this test."""
    with fresh_database(postgres_url) as url:
        yield url
