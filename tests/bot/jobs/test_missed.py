"""Deliveries that never reached us come again: those that failed, once each, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from preship.bot.jobs.missed import fetch_missed, missed_attempts
from preship.bot.review.forge import RateLimited, Refused
from preship.bot.review.hook import Attempt
from preship.bot.store.database import Busy
from preship.bot.store.store import Store
from tests.bot.jobs.conftest import PUSHED

NOW = datetime.now(UTC)


def attempt(number: int, guid: str, status: int, age: timedelta = timedelta(0)) -> Attempt:
    return Attempt(number, guid, NOW + timedelta(milliseconds=number) - age, status)


@dataclass
class ListedHook:
    """A hook with these attempts."""

    attempts: Sequence[Attempt]
    refuses: Exception | None = None
    asked_since: list[datetime] = field(default_factory=list)
    sent_again: list[int] = field(default_factory=list)

    def attempts_since(self, since: datetime) -> Sequence[Attempt]:
        self.asked_since.append(since)
        return [one for one in self.attempts if one.at > since]

    def send_again(self, attempt_id: int) -> None:
        if self.refuses:
            raise self.refuses
        self.sent_again.append(attempt_id)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503, 504])
def test_what_failed_on_the_way_was_missed(status: int) -> None:
    assert [one.id for one in missed_attempts([attempt(1, "a", status)])] == [1]


@pytest.mark.parametrize("status", [200, 202, 204, 400, 413])
def test_what_was_taken_or_can_never_be_was_not_missed(status: int) -> None:
    assert missed_attempts([attempt(1, "a", status)]) == []


def test_one_attempt_that_was_taken_is_enough_and_the_last_one_is_repeated() -> None:
    attempts = [attempt(1, "a", 502), attempt(2, "b", 502), attempt(3, "a", 202), attempt(4, "b", 503)]
    assert [one.id for one in missed_attempts(reversed(attempts))] == [4]


def test_each_missed_delivery_is_asked_for_once(store: Store) -> None:
    hook = ListedHook([attempt(1, "a", 502), attempt(2, "b", 202)])
    assert fetch_missed(store, hook, 3600) == 1
    with pytest.raises(Busy):
        fetch_missed(store, hook, 3600)
    assert hook.sent_again == [1]


def test_a_delivery_whose_answer_alone_was_lost_is_not_asked_for(store: Store) -> None:
    store.deliveries.accept(replace(PUSHED, guid="a"))
    hook = ListedHook([attempt(1, "a", 504)])
    assert fetch_missed(store, hook, 3600) == 0


def test_the_first_look_goes_three_days_back_and_the_next_one_to_the_last(store: Store) -> None:
    hook = ListedHook([attempt(1, "a", 502, timedelta(days=2, hours=23)), attempt(2, "b", 502, timedelta(days=4))])
    fetch_missed(store, hook, 0)
    fetch_missed(store, hook, 0)
    assert hook.sent_again == [1]
    assert NOW - hook.asked_since[1] < timedelta(hours=1)


def test_one_that_is_too_old_keeps_no_other_from_coming(store: Store) -> None:
    hook = ListedHook([attempt(1, "a", 502)], refuses=Refused(422, "too old"))
    assert fetch_missed(store, hook, 3600) == 0


def test_a_look_that_was_cut_short_is_not_done(store: Store) -> None:
    limited = ListedHook([attempt(1, "a", 502)], refuses=RateLimited(NOW))
    with pytest.raises(RateLimited):
        fetch_missed(store, limited, 3600)
    assert fetch_missed(store, ListedHook([attempt(1, "a", 502)]), 3600) == 1
