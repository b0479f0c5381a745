"""Turns are booked in one row by all processes, and by the database's own clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from preship.bot.store.store import Store, open_store
from preship.bot.store.turns import Turns, closed_by, turn_after

QUOTAS = ((60.0, 3), (3600.0, 5))


def turns(next_turn: float = 0.0, created: tuple[float, ...] = (), closed_until: float = 0.0, strikes: int = 0):
    return Turns(next_turn, created, closed_until, strikes)


@pytest.mark.parametrize(
    ("row", "turn"),
    [
        (turns(), 1000),
        (turns(next_turn=1001), 1001),
        (turns(closed_until=1090), 1090),
        (turns(created=(950, 970)), 1000),
        (turns(created=(950, 970, 990)), 1010),
        (turns(created=(900, 910, 970)), 1000),
        (turns(created=(100, 200, 300, 400, 500)), 3700),
    ],
)
def test_the_first_moment_that_breaks_no_quota_is_the_turn(row: Turns, turn: float) -> None:
    assert turn_after(row, 1000, QUOTAS) == turn


def test_an_edit_uses_up_no_quota() -> None:
    assert turn_after(turns(created=(997, 998, 999)), 1000, ()) == 1000


def test_a_wait_that_was_too_short_doubles_and_is_forgotten_after_a_while() -> None:
    assert closed_by(turns(), 1000, 60, grows=True) == (1060, 1)
    assert closed_by(turns(closed_until=1060, strikes=1), 1070, 60, grows=True) == (1190, 2)
    assert closed_by(turns(closed_until=1060, strikes=9), 1070, 60, grows=True) == (1070 + 32 * 60, 10)
    assert closed_by(turns(closed_until=1060, strikes=9), 5000, 60, grows=True) == (5060, 1)


def test_a_wait_that_was_advised_does_not_grow_and_none_gets_shorter() -> None:
    assert closed_by(turns(closed_until=1060, strikes=3), 1070, 60, grows=False) == (1130, 4)
    assert closed_by(turns(closed_until=2000, strikes=1), 1070, 60, grows=False) == (2000, 2)


@pytest.mark.parametrize(
    ("created", "owners", "repository", "turn"),
    [
        # Alone, a repository has three quarters of twelve.
        (range(990, 998), [1] * 8, 1, 1000),
        (range(990, 999), [1] * 9, 1, 1050),
        # The next one has three quarters of the rest, and so has the one after it.
        (range(990, 999), [1] * 9, 2, 1000),
        (range(989, 1000), [1] * 9 + [2] * 2, 2, 1058),
        (range(989, 1000), [1] * 9 + [2] * 2, 3, 1000),
        # What was created long ago, or nobody knows for whom, is no share of anybody's.
        (range(900, 909), [1] * 9, 1, 1000),
        (range(990, 999), [], 1, 1000),
        (range(990, 999), [1] * 9, 0, 1000),
    ],
)
def test_a_repository_has_a_share_of_what_the_others_leave(
    created: range, owners: list[int], repository: int, turn: float
) -> None:
    row = Turns(0.0, tuple(float(moment) for moment in created), 0.0, 0, tuple(owners))
    assert turn_after(row, 1000, ((60.0, 12),), repository) == turn


def test_a_greedy_repository_leaves_turns_to_others(store: Store) -> None:
    quotas = ((86_400.0, 12),)
    greedy = [store.turns.book(7, 0.0, quotas, 1.0, repository=1) for _ in range(12)]
    assert [pause < 1 for pause in greedy] == [True] * 9 + [False] * 3
    assert [store.turns.book(7, 0.0, quotas, 1.0, repository=2) < 1 for _ in range(3)] == [True, True, False]
    assert store.turns.book(7, 0.0, quotas, 1.0, repository=3) < 1


def test_processes_that_book_at_the_same_time_get_turns_one_after_another(store: Store, database_url: str) -> None:
    stores = [open_store(database_url) for _ in range(3)]
    with ThreadPoolExecutor(12) as pool:
        booked = list(pool.map(lambda n: stores[n % 3].turns.book(7, 100.0, QUOTAS[:0], 1e9), range(12)))
    for one in stores:
        one.close()
    assert [round(pause, -2) for pause in sorted(booked)] == [100.0 * n for n in range(12)]


def test_installations_do_not_wait_for_each_other(store: Store) -> None:
    assert store.turns.book(7, 100.0, (), 1.0) == 0
    assert store.turns.book(8, 100.0, (), 1.0) == 0


def test_a_turn_that_is_too_far_off_is_not_taken(store: Store) -> None:
    assert store.turns.book(7, 10_000.0, (), 10.0) == 0
    pauses = [store.turns.book(7, 10_000.0, (), 10.0) for _ in range(3)]
    assert all(9_000 < pause <= 10_000 for pause in pauses)


def test_what_was_created_counts_for_the_next_process(store: Store, database_url: str) -> None:
    quotas = ((86_400.0, 3),)
    for _ in range(3):
        assert store.turns.book(7, 0.0, quotas, 1.0) == 0
    other = open_store(database_url)
    assert 80_000 < other.turns.book(7, 0.0, quotas, 1.0) <= 86_400
    other.close()


def test_a_closed_installation_is_closed_for_reading_and_writing(store: Store) -> None:
    assert store.turns.closed_seconds(7) == 0
    assert 3_000 < store.turns.close(7, 3_600, grows=False) <= 3_600
    assert 3_000 < store.turns.closed_seconds(7) <= 3_600
    assert 3_000 < store.turns.book(7, 0.0, (), 1.0) <= 3_600
    assert store.turns.closed_seconds(8) == 0
