"""Connections to Postgres, and the lock that lets one process at a time work on a pull request."""

from __future__ import annotations

import hashlib
import selectors
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

# A worker whose machine died must lose its lock in seconds, not after the system's two hours.
_SESSION = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_WAIT_SECONDS = 3.0

# A newer process's migration may add columns while we run, and a statement that the server has prepared refuses to
# change its answer; poolers between us and the server do not keep prepared ones either.
UNPREPARED: dict[str, Any] = {"prepare_threshold": None}


class StoreError(Exception):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The database does not answer; nothing was written, or whatever was begun is rolled back."""


class Busy(StoreError):
    """Another process holds the lock."""


class LockLost(StoreError):
    """The connection that held the lock is gone, so that another process may hold it now."""


class Lock:
    """Being the only one, for as long as the connection stands."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def ensure(self) -> None:
        """Ask the database whether the lock still stands. Raises `LockLost`."""
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise LockLost("the connection that held the lock is gone") from error


def _expect_alive(connection: psycopg.Connection[DictRow]) -> None:
    """Raise where the server has hung up.

    It says nothing unasked over a connection that nobody uses, so that this need not cost a way to it and back.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        has_something = bool(selector.select(0))
    if has_something:
        ConnectionPool.check_connection(connection)


class Database:
    """A pool of connections to one Postgres database."""

    def __init__(self, url: str, size: int = 10) -> None:
        self.url = url
        self._pool: ConnectionPool[psycopg.Connection[DictRow]] = ConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            timeout=_WAIT_SECONDS,
            check=_expect_alive,
            # A statement alone is a transaction, for which the server need not be asked twice more.
            kwargs={
                "row_factory": dict_row,
                "connect_timeout": 5,
                "options": _SESSION,
                "autocommit": True,
                **UNPREPARED,
            },
        )

    def open(self) -> None:
        """Connect. Raises `StoreUnavailable`."""
        try:
            self._pool.open(wait=True, timeout=_WAIT_SECONDS)
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreUnavailable("the database does not answer") from error

    def close(self) -> None:
        """Disconnect."""
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[DictRow]]:
        """A connection whose work is committed at the end, or not at all. Raises `StoreUnavailable`."""
        with self._connection() as connection, connection.transaction():
            yield connection

    def rows(self, query: str, *parameters: Any) -> list[DictRow]:
        """What one statement gives, in a transaction of its own. Raises `StoreUnavailable`."""
        with self._connection() as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.errors.DiskFull as error:
            raise StoreUnavailable("the disk of the database is full") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise StoreUnavailable("the database does not answer") from error

    @contextmanager
    def sole_holder(self, name: str) -> Iterator[Lock]:
        """Hold the lock of this name; a process that dies lets it go at once. Raises `Busy`, `StoreUnavailable`."""
        try:
            connection = psycopg.connect(
                self.url, autocommit=True, row_factory=dict_row, connect_timeout=5, options=_SESSION
            )
        except psycopg.Error as error:
            raise StoreUnavailable("the database does not answer") from error
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s) AS held", (_lock_number(name),)).fetchone()
            if not row or not row["held"]:
                raise Busy(f"another process works on {name}")
            yield Lock(connection)
        finally:
            # The server lets the lock of a closed connection go too, but only in its own time.
            with suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock_all()")
            connection.close()


def _lock_number(name: str) -> int:
    """A signed 64-bit number, as Postgres wants it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
