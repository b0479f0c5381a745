"""The embedded server is shared by processes, and outlives a kill -9 of theirs or of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from preship.bot.store.embedded import EmbeddedDatabaseError, EmbeddedPostgres

USE_AND_DIE = """
import os, signal, sys
from pathlib import Path
import psycopg
from preship.bot.store.embedded import EmbeddedPostgres
with psycopg.connect(EmbeddedPostgres(Path(sys.argv[1])).url()) as connection:
    connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
os.kill(os.getpid(), signal.SIGKILL)
"""


def server_pid(directory: Path) -> int:
    return int((directory / "postgres" / "postmaster.pid").read_text().split()[0])


def test_what_a_killed_process_wrote_is_there_for_the_next_one(directory):
    killed = subprocess.run([sys.executable, "-c", USE_AND_DIE, directory], check=False)
    assert killed.returncode == -signal.SIGKILL
    server = EmbeddedPostgres(directory)
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    server.close()
    assert not (directory / "postgres" / "postmaster.pid").exists(), "the dead process still held the server"


def test_a_killed_server_starts_again(directory):
    server = EmbeddedPostgres(directory)
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server_pid(directory), signal.SIGKILL)
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    server.close()


def test_a_process_number_that_now_belongs_to_another_program_is_no_server(directory):
    server = EmbeddedPostgres(directory)
    server.url()
    pid_file = directory / "postgres" / "postmaster.pid"
    record = pid_file.read_text()
    server.close()
    pid_file.write_text(record.replace(record.split()[0], str(os.getpid()), 1))
    server = EmbeddedPostgres(directory)
    psycopg.connect(server.url()).close()
    server.close()


def test_a_file_of_another_users_in_the_folder_for_temporary_ones_keeps_no_server_from_starting(directory, tmp_path):
    """What may not be opened for its owner cannot be opened by anybody where it is a folder."""
    (tmp_path / ".lockfile").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", USE_AND_DIE, directory],
        env={**os.environ, "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    server = EmbeddedPostgres(directory)
    server.url()
    server.close()


def test_why_it_does_not_start_is_said_in_postgres_own_words(directory):
    (directory / "postgres").mkdir()
    (directory / "postgres" / "notes.txt").write_text("of somebody else's")
    with pytest.raises(EmbeddedDatabaseError) as caught:
        EmbeddedPostgres(directory).url()
    folder = directory.resolve() / "postgres"
    assert str(caught.value) == (
        f'the database in {folder} does not start: initdb: error: directory "{folder}" exists but is not empty'
    )


def test_why_a_server_that_has_data_does_not_start_is_said_as_well(directory):
    server = EmbeddedPostgres(directory)
    server.url()
    server.close()
    with (directory / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"FATAL:  configuration file .* contains errors"):
        EmbeddedPostgres(directory).url()
