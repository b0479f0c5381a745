"""When writes may go out, told by a clock that only moves when somebody sleeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.github.pacing import Clock, InProcessPacing
from bot.review.forge import RateLimited


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


def test_writes_of_one_installation_are_spaced() -> None:
    time = Time()
    pacing = InProcessPacing(1.0, 500, time.clock())
    for _ in range(3):
        pacing.wait_for_turn(7)
    assert time.slept == [1.0, 1.0]


def test_installations_do_not_wait_for_each_other() -> None:
    time = Time()
    pacing = InProcessPacing(1.0, 500, time.clock())
    pacing.wait_for_turn(7)
    pacing.wait_for_turn(8)
    assert time.slept == []


def test_a_pause_between_writes_is_counted() -> None:
    time = Time()
    pacing = InProcessPacing(1.0, 500, time.clock())
    pacing.wait_for_turn(7)
    time.now += 0.75
    pacing.wait_for_turn(7)
    assert time.slept == [0.25]


def test_threads_book_turns_one_after_another() -> None:
    booked: list[float] = []
    pacing = InProcessPacing(1.0, 500, Clock(lambda: 0.0, booked.append))
    threads = [threading.Thread(target=pacing.wait_for_turn, args=(7,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(booked) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_an_hour_that_is_used_up_ends_the_job_instead_of_holding_it() -> None:
    time = Time()
    pacing = InProcessPacing(0.0, 2, time.clock())
    pacing.wait_for_turn(7)
    time.now += 600
    pacing.wait_for_turn(7)
    with pytest.raises(RateLimited) as limit:
        pacing.wait_for_turn(7)
    assert round((limit.value.until - datetime.now(UTC)) / timedelta(minutes=1)) == 50
    time.now += 3001
    pacing.wait_for_turn(7)
    assert time.slept == []


def test_a_turn_that_was_refused_is_not_taken() -> None:
    time = Time()
    slept: list[float] = []
    pacing = InProcessPacing(20.0, 500, Clock(lambda: time.now, slept.append))
    pacing.wait_for_turn(7)
    pacing.wait_for_turn(7)
    for _ in range(3):
        with pytest.raises(RateLimited):
            pacing.wait_for_turn(7)
    time.now += 15
    pacing.wait_for_turn(7)
    assert slept == [20.0, 25.0]
