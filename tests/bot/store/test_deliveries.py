"""A delivery and its job are one; a repeated delivery is none; a newer push makes older ones needless."""

from dataclasses import replace

import psycopg
import pytest

from preship.bot.store.database import Database
from preship.bot.store.deliveries import Deliveries, Delivery, State
from preship.bot.store.queue import JobQueue
from preship.bot.store.schema import migrate
from preship.bot.store.store import Store

OPENED = Delivery(
    guid="d-1",
    event="pull_request",
    action="opened",
    repository_id=77,
    repository="acme/shop",
    installation=5,
    number=3,
    head_sha="a" * 40,
    actor="ada",
    trigger="push",
)
PUSHED = replace(OPENED, guid="d-2", action="synchronize", head_sha="b" * 40)
COMMAND = replace(
    OPENED, guid="d-3", event="issue_comment", action="created", head_sha=None, actor="bob", trigger="comment:9"
)


def jobs(store: Store) -> list[tuple[str, str]]:
    rows = store.database.rows("SELECT args->>'guid' AS guid, status FROM procrastinate_jobs ORDER BY id")
    return [(row["guid"], row["status"]) for row in rows]


def test_a_delivery_is_written_with_its_job(store):
    assert store.deliveries.accept(OPENED)
    assert store.deliveries.get("d-1") == OPENED
    assert jobs(store) == [("d-1", "todo")]


def test_the_same_delivery_again_is_a_no_op(store):
    store.deliveries.accept(OPENED)
    assert not store.deliveries.accept(OPENED)
    assert len(jobs(store)) == 1


def test_the_same_delivery_again_is_served_if_its_first_run_failed(store):
    store.deliveries.accept(OPENED)
    store.deliveries.finish("d-1", State.FAILED, "no answer")
    assert store.deliveries.accept(OPENED)
    assert [record.state for record in store.deliveries.recent()] == [State.QUEUED]


class QueueOutOfOrder(JobQueue):
    def defer(self, connection, guid, lock):
        super().defer(connection, guid, lock)
        raise ConnectionError("the machine died here")


def test_no_delivery_without_its_job_and_no_job_without_its_delivery(store):
    with pytest.raises(ConnectionError):
        Deliveries(store.database, QueueOutOfOrder()).accept(OPENED)
    assert store.deliveries.recent() == []
    assert jobs(store) == []


def test_a_newer_push_takes_older_waiting_ones_out_of_the_queue(store):
    store.deliveries.accept(OPENED)
    store.deliveries.accept(COMMAND)
    store.deliveries.accept(replace(OPENED, guid="other", number=4))
    store.deliveries.accept(PUSHED)
    assert [guid for guid, _ in jobs(store)] == ["d-3", "other", "d-2"]
    assert {record.guid: record.state for record in store.deliveries.recent()}["d-1"] == State.SUPERSEDED


def test_a_push_that_already_runs_is_left_to_notice_by_itself(store):
    store.deliveries.accept(OPENED)
    store.database.rows("UPDATE procrastinate_jobs SET status = 'doing'")
    assert not store.deliveries.newer_push("d-1")
    store.deliveries.accept(PUSHED)
    assert ("d-1", "doing") in jobs(store)
    assert store.deliveries.newer_push("d-1")
    assert not store.deliveries.newer_push("d-2")


def test_failures_are_counted_across_tries(store):
    store.deliveries.accept(OPENED)
    assert [store.deliveries.count_failure("d-1") for _ in range(2)] == [1, 2]


def test_migrating_twice_changes_nothing(database_url):
    migrate(database_url)
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY 1")]
    assert "0001_deliveries_and_reviews.sql" in names
    assert "procrastinate/03.04.00_50_post_add_retry_failed_job_procedure.sql" in names


def test_an_older_queue_schema_takes_only_the_steps_since(database_url):
    migrate(database_url)
    latest = "procrastinate/03.04.00_50_post_add_retry_failed_job_procedure.sql"
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM migrations WHERE name = %s", (latest,))
        connection.execute("DROP FUNCTION procrastinate_retry_job_v1")
    migrate(database_url)
    database = Database(database_url)
    database.open()
    assert database.rows("SELECT 1 AS found FROM migrations WHERE name = %s", latest) == [{"found": 1}]
    database.close()
