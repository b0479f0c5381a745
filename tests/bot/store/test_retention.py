"""What is dropped when its time is over, and what is kept however old it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preship.bot.store.deliveries import State
from preship.bot.store.history import ToldRow
from preship.bot.store.retention import Terms
from preship.bot.store.reviews import FoundRow, Key
from preship.bot.store.store import Store
from tests.bot.store.test_deliveries import COMMAND, OPENED

TERMS = Terms(deliveries=30, reviews=400, lost=7)
KEY = Key(OPENED.repository_id, OPENED.number, "a" * 40, "push")
FOUND = FoundRow("f" * 16, "missing-authentication", "high", "introduced", "app/actions.ts", 3, "save", None)


def reviewed(store: Store, key: Key = KEY) -> None:
    review = store.reviews.begin(key, OPENED.repository)
    store.reviews.found(review, [FOUND], ["lib/x.ts: too large"])
    store.reviews.concluded(review, "failure")
    store.history.tell(key.repository_id, key.number, [ToldRow("f" * 16, FOUND.rule, FOUND.path, "save", "b" * 40)])


def age(store: Store, table: str, column: str, days: int) -> None:
    store.database.rows(f"UPDATE {table} SET {column} = {column} - make_interval(days => %s)", days)


def counts(store: Store) -> dict[str, int]:
    tables = ("deliveries", "reviews", "review_findings", "review_steps", "told", "repositories")
    return {table: store.database.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables}


def test_old_deliveries_go_and_what_waits_stays(store: Store):
    store.deliveries.accept(OPENED)
    store.deliveries.accept(COMMAND)
    store.deliveries.finish("d-1", State.DONE)
    age(store, "deliveries", "received_at", 29)
    assert store.retention.forget(TERMS) == {}
    age(store, "deliveries", "received_at", 2)
    assert store.retention.forget(TERMS) == {"deliveries": 1}
    assert [record.guid for record in store.deliveries.recent()] == ["d-3"]


def test_old_reviews_go_with_all_that_hangs_on_them_and_one_without_an_end_stays(store: Store):
    store.deliveries.accept(OPENED)
    reviewed(store)
    store.reviews.begin(replace(KEY, head_sha="c" * 40), OPENED.repository)
    for table, column in (("reviews", "ended_at"), ("reviews", "begun_at"), ("told", "told_at")):
        age(store, table, column, 401)
    assert store.retention.forget(TERMS) == {"reviews": 1}
    assert counts(store) == {
        "deliveries": 1, "reviews": 1, "review_findings": 0, "review_steps": 0, "told": 1, "repositories": 1
    }  # fmt: skip
    store.database.rows("DELETE FROM reviews")
    assert store.retention.forget(TERMS) == {"told": 1}


def test_a_repository_that_was_taken_away_goes_after_a_week_and_one_that_came_back_stays(store: Store):
    store.deliveries.accept(OPENED)
    reviewed(store)
    store.inventories.keep(OPENED.repository_id, "main", "c" * 40, "{}")
    store.repositories.lost(OPENED.installation, None, "the app was uninstalled")
    age(store, "repositories", "lost_at", 6)
    assert store.retention.forget(TERMS) == {}
    store.deliveries.accept(replace(OPENED, guid="d-9"))
    age(store, "repositories", "heard_at", 6)
    assert store.retention.forget(TERMS) == {}
    store.repositories.lost(OPENED.installation, (OPENED.repository_id,), "taken from the installation")
    age(store, "repositories", "lost_at", 8)
    assert store.retention.known() == {OPENED.repository_id}
    assert store.retention.forget(TERMS) == {"repositories": 1}
    assert set(counts(store).values()) == {0}
    assert store.inventories.of(OPENED.repository_id) is None
    assert store.retention.known() == set()


@pytest.mark.parametrize("other", [OPENED.repository_id + 1])
def test_another_repository_of_the_installation_stays_where_one_was_taken(store: Store, other: int):
    store.deliveries.accept(OPENED)
    store.deliveries.accept(replace(OPENED, guid="d-8", repository_id=other))
    store.repositories.lost(OPENED.installation, (OPENED.repository_id,), "taken from the installation")
    age(store, "repositories", "lost_at", 8)
    store.retention.forget(TERMS)
    assert store.retention.known() == {other}
