"""What a Postgres database saw of a request: the statements of its log, and which tables changed.

The log is proof where answers are not: it has statements that matched nothing, that failed, and that were taken back.
Nothing is written: the connection is read-only.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from preship.bot.probe.statements import Seen, bare, same_table, statements_of

LARGEST = 8 * 1024 * 1024
"""Bytes of a table whose rows are compared before and after each request; of larger ones only the log tells."""

PATIENCE_SECONDS = 5.0
"""How long the server may take to write its log."""

NEEDS = (
    "the log of its statements cannot be read: start the server with `logging_collector=on`, `log_destination=jsonlog`"
    " and `log_statement=all`, and let the role read it: `GRANT pg_monitor, pg_read_server_files TO …`, and"
    " `GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint) TO …`"
)


class CannotWatch(Exception):
    """The database does not show what it did."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment."""

    offset: int
    rows: Mapping[str, tuple[int, int]]


class Witness:
    """A database that is watched."""

    def __init__(self, url: str) -> None:
        """Raises `CannotWatch`."""
        try:
            self._connection = psycopg.connect(
                url, autocommit=True, options="-c default_transaction_read_only=on", connect_timeout=10
            )
            self._log = self._log_file()
            self._tables = self._small_tables()
        except psycopg.Error as error:
            raise CannotWatch(f"the database cannot be watched: {str(error).strip()}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def mark(self) -> Mark:
        """This moment: what happens from here on is seen."""
        self._settle()
        return Mark(self._size(), self._rows())

    def since(self, mark: Mark) -> Seen:
        """What happened since a moment."""
        self._settle()
        entries = self._entries(mark.offset)
        rows = self._rows()
        changed = tuple(sorted(name for name in rows if rows[name] != mark.rows.get(name)))
        return Seen(tuple(statements_of(entries)), changed)

    def record(self, table: str, found: Mapping[str, str]) -> dict[str, Any] | None:
        """A row of a table in which a column holds a value; by an empty name, in any column."""
        name = self.table_like(table)
        if name is None:
            return None
        for column, value in found.items():
            for each in [column] if column else self._naming_columns(name):
                query = sql.SQL("SELECT * FROM {} WHERE {}::text = %s LIMIT 1").format(
                    sql.Identifier(*name.split(".")), sql.Identifier(each)
                )
                cursor = self._connection.execute(query, (value,))
                row = cursor.fetchone()
                if row is not None:
                    return {c.name: v for c, v in zip(cursor.description or (), row, strict=True)}
        return None

    def table_like(self, name: str) -> str | None:
        """The table that code calls by a name: `post` for `"Post"` and `posts`."""
        return next((each for each in self._tables if same_table(each, name)), None)

    def key_of(self, table: str) -> str:
        """The column of a table's primary key."""
        row = self._connection.execute(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indisprimary AND i.indrelid = %s::regclass",
            (quoted(table),),
        ).fetchone()
        return str(row[0]) if row is not None else "id"

    def _naming_columns(self, table: str) -> list[str]:
        """The columns that may say whose a row is, but for the row's own key."""
        rows = self._connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND format_type(atttypid, NULL) IN ('uuid', 'text', 'character varying', 'integer', 'bigint')",
            (quoted(table),),
        ).fetchall()
        return [name for (name,) in rows if name != self.key_of(table)]

    def _log_file(self) -> str:
        settings = {name: self._setting(name) for name in ("log_statement", "logging_collector")}
        try:
            row = self._connection.execute("SELECT pg_current_logfile('jsonlog')").fetchone()
            file = row[0] if row is not None else None
            if settings != {"log_statement": "all", "logging_collector": "on"} or file is None:
                raise CannotWatch(NEEDS)
            self._connection.execute("SELECT pg_read_binary_file(%s, 0, 1)", (file,))
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotWatch(NEEDS) from error
        return str(file)

    def _setting(self, name: str) -> str:
        row = self._connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        return str(row[0]) if row is not None else ""

    def _small_tables(self) -> list[str]:
        rows = self._connection.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
            " AND pg_total_relation_size(c.oid) < %s AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
            (LARGEST,),
        ).fetchall()
        return [name for (name,) in rows]

    def _rows(self) -> dict[str, tuple[int, int]]:
        """Each table's rows, counted and hashed."""
        parts = [
            sql.SQL("SELECT {}::text, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t").format(
                sql.Literal(name), sql.Identifier(*name.split("."))
            )
            for name in self._tables
        ]
        if not parts:
            return {}
        rows = self._connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()
        return {bare(name): (count, digest) for name, count, digest in rows}

    def _size(self) -> int:
        name = self._log.rpartition("/")[2]
        row = self._connection.execute("SELECT size FROM pg_ls_logdir() WHERE name = %s", (name,)).fetchone()
        return int(row[0]) if row is not None else 0

    def _settle(self) -> None:
        """Wait until the log has what happened: once it has a statement of ours, it has all that came before."""
        start, note = self._size(), f"preship-{uuid.uuid4().hex}"
        self._connection.execute(sql.SQL("SELECT {}").format(sql.Literal(note)))
        until = time.monotonic() + PATIENCE_SECONDS
        while note.encode() not in self._read(start):
            if time.monotonic() > until:
                raise CannotWatch("the database has not written its log")
            time.sleep(0.01)

    def _read(self, offset: int) -> bytes:
        row = self._connection.execute(
            "SELECT pg_read_binary_file(%s, %s, %s)", (self._log, offset, max(0, self._size() - offset))
        ).fetchone()
        return bytes(row[0]) if row is not None else b""

    def _entries(self, offset: int) -> Iterator[Mapping[str, Any]]:
        """What clients of this database ran, but for our own statements."""
        for line in self._read(offset).splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            is_client = entry.get("backend_type") == "client backend" and entry.get("pid") != self._pid
            if is_client and entry.get("dbname") == self._connection.info.dbname:
                yield entry

    @property
    def _pid(self) -> int:
        return self._connection.info.backend_pid


def quoted(table: str) -> str:
    """A table's name as Postgres reads it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))
