"""When writes may go out, and what everybody is told when GitHub asks us to wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from preship.bot.github.access import GitHubAccess
from preship.bot.github.forge import github_forges
from preship.bot.github.pacing import LONGEST_PAUSE_SECONDS, Pacing
from preship.bot.review.forge import RateLimited
from preship.bot.store.store import Store
from tests.bot.github.conftest import Scene
from tests.rig.faults import SECONDARY_LIMIT, Failing

ACCESS = GitHubAccess("1", "key that is not asked for")


class Booked:
    """A ledger whose next turn is so many seconds off."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.asked: list[tuple[float, Sequence[tuple[float, int]]]] = []

    def book(
        self,
        installation: int,
        spacing_seconds: float,
        quotas: Sequence[tuple[float, int]],
        patience_seconds: float,
        repository: int = 0,
    ) -> float:
        self.asked.append((spacing_seconds, quotas))
        return self.pause

    def close(self, installation: int, seconds: float, grows: bool) -> float:
        return seconds

    def closed_seconds(self, installation: int) -> float:
        return 0.0


def test_a_short_pause_is_waited_for() -> None:
    slept: list[float] = []
    Pacing(Booked(1.5), ACCESS, slept.append).wait_for_turn(7, creates=True)
    assert slept == [1.5]


def test_a_long_pause_ends_the_job_instead_of_holding_it() -> None:
    slept: list[float] = []
    with pytest.raises(RateLimited) as limit:
        Pacing(Booked(LONGEST_PAUSE_SECONDS + 590), ACCESS, slept.append).wait_for_turn(7, creates=True)
    assert round((limit.value.until - datetime.now(UTC)) / timedelta(minutes=1)) == 10
    assert slept == []


def test_what_creates_content_is_counted_and_an_edit_is_only_spaced() -> None:
    ledger = Booked(0)
    for creates in (True, False):
        Pacing(ledger, ACCESS).wait_for_turn(7, creates=creates)
    assert ledger.asked == [(1.0, ((60.0, 80), (3600.0, 500))), (1.0, ())]


@pytest.mark.parametrize(
    "fault",
    [
        Failing(403, SECONDARY_LIMIT, {"Retry-After": "600"}),
        Failing(200, body={"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}),
    ],
)
def test_a_limit_that_one_process_met_keeps_all_others_from_asking(scene: Scene, store: Store, fault: Failing) -> None:
    scene.rig.fail("POST", "/graphql", fault)
    one, other = (github_forges(scene.rig.access(), store.turns)(scene.repository.typed) for _ in range(2))
    with pytest.raises(RateLimited) as limit:
        one.pull_request(scene.number)
    asked = len(scene.rig.calls())
    with pytest.raises(RateLimited) as same:
        other.comparison(scene.base, scene.head)
    assert len(scene.rig.calls()) == asked
    assert abs(limit.value.until - same.value.until) < timedelta(seconds=5)


def test_a_limit_without_advice_lasts_longer_each_time(scene: Scene, store: Store) -> None:
    scene.rig.fail("POST", "/graphql", Failing(403, SECONDARY_LIMIT), times=3)
    waits = []
    for _ in range(3):
        store.database.rows("UPDATE write_turns SET closed_until = extract(epoch FROM now())")
        with pytest.raises(RateLimited) as limit:
            github_forges(scene.rig.access(), store.turns)(scene.repository.typed).pull_request(scene.number)
        waits.append(round((limit.value.until - datetime.now(UTC)).total_seconds() / 60))
    assert waits == [1, 2, 4]
