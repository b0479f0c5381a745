"""An opened store for the tests of the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from preship.bot.store.store import Store, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with its tables, empty."""
    opened = open_store(database_url)
    yield opened
    opened.close()
