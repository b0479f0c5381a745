"""Old and new processes share a database while an upgrade rolls over the machines."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources

import psycopg
import pytest

from preship.bot.store.deliveries import Delivery, State
from preship.bot.store.reviews import Key
from preship.bot.store.schema import migrate
from preship.bot.store.store import Store, open_store

PUSHED = Delivery("d-0", "pull_request", "opened", 77, "acme/shop", 5, 3, "a" * 40, "ada", "push")

OURS = ("deliveries", "reviews", "summaries", "write_turns", "errands")

# From the fifth time on psycopg lets the server prepare a statement, and a prepared one refuses to change its answer.
OFTEN = 7


def work(store: Store, round_: int) -> None:
    """Everything that a process asks of the store, about a pull request of its own."""
    delivery = replace(PUSHED, guid=f"d-{round_}", number=round_)
    store.deliveries.accept(delivery)
    store.deliveries.get(delivery.guid)
    store.deliveries.known([delivery.guid])
    store.deliveries.count_failure(delivery.guid)
    store.deliveries.age_seconds(delivery.guid)
    store.deliveries.newer_push(delivery.guid)
    store.deliveries.other_head(delivery.guid, "b" * 40)
    store.deliveries.finish(delivery.guid, State.DONE)
    assert store.deliveries.recent(1)[0].guid == delivery.guid
    reviews, key = store.reviews, Key(77, round_, "a" * 40, "push")
    review = reviews.started_check(reviews.begin(key, "acme/shop"), 1)
    review = reviews.reviewed(reviews.replanned(reviews.planned(review, "{}"), "{}"), 2)
    assert [one.id for one in reviews.unfinished(77, round_, "push")] == [review.id]
    reviews.posted_for_others(review)
    reviews.remember_summary(77, round_, 3)
    reviews.summary_id(77, round_)
    reviews.concluded(reviews.summarised(reviews.commented(review)), "success")
    store.turns.book(7, 0.0, ((60.0, 80),), 100.0, repository=77)
    store.turns.close(8, 0.0, grows=True)
    store.turns.closed_seconds(7)
    with store.scheduled_tasks.due("sweep", 0):
        pass
    assert store.queue() == {"todo": round_}


def add_columns(url: str) -> None:
    """What a newer version's migrations may do: bring columns, tables and indexes."""
    with psycopg.connect(url) as connection:
        for table in OURS:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN news text, ADD COLUMN more integer NOT NULL DEFAULT 7")
            connection.execute(f"CREATE INDEX ON {table} (news)")
        connection.execute("CREATE TABLE news (id bigint)")
        connection.execute("INSERT INTO migrations VALUES ('9999_news.sql', now())")


def test_an_older_process_keeps_working_after_a_newer_ones_migration_ran(store: Store, database_url: str) -> None:
    for round_ in range(1, OFTEN):
        work(store, round_)
    add_columns(database_url)
    for round_ in range(OFTEN, 2 * OFTEN):
        work(store, round_)


def test_an_older_process_may_start_on_a_newer_schema(store: Store, database_url: str) -> None:
    add_columns(database_url)
    migrate(database_url)
    again = open_store(database_url)
    work(again, 1)
    again.close()


NARROWING = re.compile(
    r"\bDROP\b|\bRENAME\b|\bALTER\s+COLUMN\b|\bTRUNCATE\b|ADD\s+CONSTRAINT|ADD\s+CHECK"
    r"|ADD\s+COLUMN\s+(?:(?!,|;|DEFAULT).)*NOT\s+NULL(?:(?!,|;|DEFAULT).)*(?:,|;)",
    re.IGNORECASE | re.DOTALL,
)
"""What an older process would not survive."""


def ours() -> list[tuple[str, str]]:
    folder = resources.files("preship.bot.store") / "migrations"
    return [(file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".sql")]


@pytest.mark.parametrize(("name", "statements"), ours())
def test_a_migration_only_adds(name: str, statements: str) -> None:
    assert not NARROWING.search(statements), name


@pytest.mark.parametrize(
    ("statement", "narrows"),
    [
        ("ALTER TABLE reviews DROP COLUMN plan;", True),
        ("ALTER TABLE reviews ADD COLUMN mood text NOT NULL;", True),
        ("ALTER TABLE reviews ADD COLUMN mood text NOT NULL DEFAULT '';", False),
        ("ALTER TABLE reviews ADD COLUMN mood text;", False),
        ("ALTER TABLE reviews ALTER COLUMN plan SET NOT NULL;", True),
        ("ALTER TABLE reviews RENAME TO judgements;", True),
    ],
)
def test_what_narrows_is_told_from_what_adds(statement: str, narrows: bool) -> None:
    assert bool(NARROWING.search(statement)) is narrows
