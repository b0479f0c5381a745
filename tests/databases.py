"""A real Postgres for the tests: one server for a whole run, one database for each test."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from preship.bot.store.embedded import EmbeddedPostgres


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server that goes away, with all it holds."""
    directory = Path(tempfile.mkdtemp(prefix="preship-"))
    server = EmbeddedPostgres(directory)
    try:
        yield server.url()
    finally:
        server.close()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The address of an empty database on that server."""
    name = f"t{uuid.uuid4().hex}"
    _alone(server_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield server_url.replace("/postgres?", f"/{name}?", 1)
    finally:
        _alone(server_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def age_heartbeats(url: str) -> None:
    """Let the last sign of life of every worker lie a day back: whoever lives gives the next one soon."""
    _alone(url, sql.SQL("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 day'"))


def emptied(url: str) -> None:
    """Delete every row that a service wrote while it served; workers that live stay known."""
    with psycopg.connect(url) as connection:
        kept = ["migrations", "procrastinate_workers"]
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", (kept,)
        )
        for (table,) in tables.fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _alone(url: str, statement: sql.Composable) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
