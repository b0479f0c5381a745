"""The deliveries of our app, as GitHub lists them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from preship.bot.github.client import PAGE_SIZE
from preship.bot.github.hook import AppHook
from preship.bot.review.forge import RateLimited, Refused
from tests.bot.github.conftest import Scene
from tests.rig.faults import SECONDARY_LIMIT, Failing
from tests.rig.unpaced import Unpaced

NOBODY = "http://127.0.0.1:9/webhook"
HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)


def hook(scene: Scene) -> AppHook:
    return AppHook(scene.rig.access(), Unpaced())


def deliver(scene: Scene, guid: str) -> int:
    event = scene.repository.pull_request_event(scene.number, "opened")
    return scene.rig.deliver(NOBODY, "pull_request", event, delivery=guid)


def test_a_delivery_that_reached_nobody_is_listed_as_failed(scene: Scene) -> None:
    assert deliver(scene, "d-1") == 502
    [attempt] = hook(scene).attempts_since(HOUR_AGO)
    assert (attempt.guid, attempt.status) == ("d-1", 502)
    assert datetime.now(UTC) - attempt.at < timedelta(minutes=1)


def test_every_page_is_read_and_no_further_than_asked(scene: Scene) -> None:
    for number in range(PAGE_SIZE + 5):
        deliver(scene, f"d-{number}")
    attempts = hook(scene).attempts_since(HOUR_AGO)
    assert [one.guid for one in attempts] == [f"d-{number}" for number in reversed(range(PAGE_SIZE + 5))]
    assert [one.guid for one in hook(scene).attempts_since(attempts[1].at)] == [attempts[0].guid]


def test_a_delivery_is_sent_again_under_its_own_name(scene: Scene) -> None:
    deliver(scene, "d-1")
    [first] = hook(scene).attempts_since(HOUR_AGO)
    hook(scene).send_again(first.id)
    while len(attempts := hook(scene).attempts_since(HOUR_AGO)) < 2:
        pass
    assert [one.guid for one in attempts] == ["d-1", "d-1"]


def test_an_attempt_that_github_does_not_know_is_refused(scene: Scene) -> None:
    with pytest.raises(Refused):
        hook(scene).send_again(12345)


def test_a_limit_on_the_app_is_a_limit(scene: Scene) -> None:
    scene.rig.fail("GET", "/app/hook/deliveries", Failing(403, SECONDARY_LIMIT, {"Retry-After": "60"}))
    with pytest.raises(RateLimited):
        hook(scene).attempts_since(HOUR_AGO)
