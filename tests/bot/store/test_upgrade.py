"""What an older version left is understood by this one."""

from __future__ import annotations

from importlib import resources

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from preship.bot.store.store import open_store

OLD = "0015_operations.sql"
"""The last migration of the version before people could sign in."""


@pytest.fixture
def old_database_url(database_url: str) -> str:
    """A database of that version, with a review that ended and one that did not."""
    folder = resources.files("preship.bot.store") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql") and file.name <= OLD)
    shipped = sorted(
        file.name
        for file in (resources.files("procrastinate.sql") / "migrations").iterdir()
        if file.name.endswith(".sql")
    )
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz)")
        connection.execute(SchemaManager.get_schema().encode())
        for name in names:
            connection.execute((folder / name).read_text(encoding="utf-8").encode())
        for name in (*names, *(f"procrastinate/{each}" for each in shipped)):
            connection.execute("INSERT INTO migrations VALUES (%s, now())", (name,))
        for number, step in ((1, "concluded"), (2, "planned")):
            connection.execute(
                "INSERT INTO reviews (repository_id, repository, number, head_sha, trigger, step, conclusion)"
                " VALUES (501, 'acme/shop', %s, 'abc', 'push', %s, 'failure')",
                (number, step),
            )
        connection.execute("INSERT INTO repositories (id, full_name, installation) VALUES (501, 'acme/shop', 99)")
        connection.execute(
            "INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number, actor,"
            " trigger) VALUES ('d-1', 'pull_request', 'opened', 501, 'acme/shop', 99, 1, 'ada', 'push')"
        )
    return database_url


def test_reviews_and_deliveries_of_an_older_version_are_listed(old_database_url: str):
    store = open_store(old_database_url)
    unfinished, ended = store.listings.reviews([501], 10)
    assert (ended.step, ended.findings, unfinished.seconds) == ("concluded", 0, None)
    assert ended.seconds is not None
    details = store.listings.review(ended.id)
    assert details is not None
    assert (details.steps, details.findings, details.unseen, details.api_calls) == ((), (), (), 0)
    [(_, delivery)] = store.listings.deliveries([501], 10)
    assert delivery.guid == "d-1"
    assert store.retention.known() == {501}
    store.close()
