"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.databases import fresh_database, running_server

# Whoever runs the suite in a workflow sees what a person sees; what workflows see is asked for by the tests about them.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(_name, None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A Postgres server of this run."""
    with running_server() as url:
        yield url


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """An empty database of this test."""
    with fresh_database(postgres_url) as url:
        yield url
