"""The tables, brought up to date: our numbered SQL files, and those that the queue's library ships."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

import psycopg
from procrastinate.schema import SchemaManager

# Any number that no other program is likely to lock with.
_MIGRATION_LOCK = 7_305_111_968


def migrate(url: str) -> None:
    """Apply what is missing, in one transaction; processes that start together wait for each other."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz)")
        applied = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
        _migrate_queue(connection, applied)
        for file in _sql_files(resources.files("preship.bot.store") / "migrations"):
            if file.name not in applied:
                _apply(connection, file.name, file.read_text(encoding="utf-8"))


def known_migrations() -> list[str]:
    """The names of all migrations that this version has."""
    own = [file.name for file in _sql_files(resources.files("preship.bot.store") / "migrations")]
    shipped = _sql_files(resources.files("procrastinate.sql") / "migrations")
    return [*own, *(f"procrastinate/{file.name}" for file in shipped)]


def _migrate_queue(connection: psycopg.Connection, applied: set[str]) -> None:
    """A fresh database takes the library's whole schema; an older one takes the steps since.

    https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html
    """
    shipped = _sql_files(resources.files("procrastinate.sql") / "migrations")
    names = [f"procrastinate/{file.name}" for file in shipped]
    if not any(name in applied for name in names):
        _apply(connection, names[0], SchemaManager.get_schema())
        for name in names[1:]:
            _record(connection, name)
        return
    for name, file in zip(names, shipped, strict=True):
        if name not in applied:
            _apply(connection, name, file.read_text(encoding="utf-8"))


def _sql_files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)


def _apply(connection: psycopg.Connection, name: str, statements: str) -> None:
    connection.execute(statements.encode())
    _record(connection, name)


def _record(connection: psycopg.Connection, name: str) -> None:
    connection.execute("INSERT INTO migrations VALUES (%s, now())", (name,))
