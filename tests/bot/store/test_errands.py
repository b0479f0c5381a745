"""An errand is run by one process for all, and again when it is due."""

from __future__ import annotations

import pytest

from bot.store.database import Busy
from bot.store.store import Store, open_store


def test_an_errand_that_was_done_a_moment_ago_is_not_due(store: Store) -> None:
    with store.errands.due("sweep", 60) as age:
        assert age is None
    with pytest.raises(Busy), store.errands.due("sweep", 60):
        pass
    with store.errands.due("sweep", 0) as age:
        assert age is not None
        assert age < 60
    with store.errands.due("other", 60) as age:
        assert age is None


def test_two_processes_do_not_run_it_at_the_same_time(store: Store, database_url: str) -> None:
    other = open_store(database_url)
    with store.errands.due("sweep", 0), pytest.raises(Busy), other.errands.due("sweep", 0):
        pass
    other.close()


def test_an_errand_that_failed_is_due_at_once(store: Store) -> None:
    with pytest.raises(ValueError, match="half way"), store.errands.due("sweep", 60):
        raise ValueError("half way")
    with store.errands.due("sweep", 60) as age:
        assert age is None
