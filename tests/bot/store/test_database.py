"""One holder at a time, told when the lock is lost; a database that is away is said to be away."""

import psycopg
import pytest

from preship.bot.store.database import Busy, Database, LockLost, StoreUnavailable


def test_two_cannot_hold_the_same_lock(store):
    with store.database.sole_holder("one"):
        with pytest.raises(Busy), store.database.sole_holder("one"):
            pass
        with store.database.sole_holder("two") as lock:
            lock.ensure()
    with store.database.sole_holder("one"):
        pass


def test_a_holder_whose_connection_died_is_told_before_it_acts(store, database_url):
    with store.database.sole_holder("one") as lock:
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'")
        with pytest.raises(LockLost):
            lock.ensure()
        with store.database.sole_holder("one"):
            pass


def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(store, database_url):
    [mine] = store.database.rows("SELECT pg_backend_pid() AS pid")
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (mine["pid"],))
    [next_one] = store.database.rows("SELECT pg_backend_pid() AS pid")
    assert next_one != mine


def test_work_is_done_as_a_whole_or_not_at_all_and_a_statement_alone_at_once(store, database_url):
    def half_done():
        with store.database.transaction() as connection:
            connection.execute("INSERT INTO shared_keys VALUES ('half', 'done')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    store.database.rows("INSERT INTO shared_keys VALUES ('alone', 'done')")
    with psycopg.connect(database_url) as other:
        assert other.execute("SELECT name FROM shared_keys").fetchall() == [("alone",)]


def test_a_database_that_is_away_is_said_to_be_away():
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        database.open()
    with pytest.raises(StoreUnavailable), database.sole_holder("one"):
        pass
    database.close()
