"""A scheduled task is run by one process for all, and again when it is due."""

from __future__ import annotations

import pytest

from preship.bot.store.database import Busy
from preship.bot.store.store import Store, open_store


def test_a_task_that_was_done_a_moment_ago_is_not_due(store: Store) -> None:
    with store.scheduled_tasks.due("sweep", 60) as age:
        assert age is None
    with pytest.raises(Busy), store.scheduled_tasks.due("sweep", 60):
        pass
    with store.scheduled_tasks.due("sweep", 0) as age:
        assert age is not None
        assert age < 60
    with store.scheduled_tasks.due("other", 60) as age:
        assert age is None


def test_two_processes_do_not_run_it_at_the_same_time(store: Store, database_url: str) -> None:
    other = open_store(database_url)
    with store.scheduled_tasks.due("sweep", 0), pytest.raises(Busy), other.scheduled_tasks.due("sweep", 0):
        pass
    other.close()


def test_a_task_that_failed_is_due_at_once(store: Store) -> None:
    with pytest.raises(ValueError, match="half way"), store.scheduled_tasks.due("sweep", 60):
        raise ValueError("half way")
    with store.scheduled_tasks.due("sweep", 60) as age:
        assert age is None
