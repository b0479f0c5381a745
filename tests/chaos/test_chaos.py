"""A short storm, and a verdict that is no mere nod."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from preship.bot.review.marker import Kind, Marker, write_marker
from tests.chaos.storm import Storm, rage
from tests.chaos.town import Offer, Town
from tests.chaos.verdict import KEY, of_offer
from tests.rig.github import Rig
from tests.rig.world import APP_LOGIN, CheckRun, ReviewComment


def test_a_short_storm_leaves_one_review_of_each_last_head_and_loses_nothing() -> None:
    assert rage(Storm(seed=3, deliveries=24, kills=3), print).faults == ()


@pytest.fixture
def offer(tmp_path: Path) -> Iterator[Offer]:
    """A pull request on which everything stands once."""
    with Rig(tmp_path) as rig:
        town = Town(rig, 1, 1)
        list(town.events(1))
        offer = town.offers[0]
        head = offer.repository.head(offer.number)
        offer.repository.review_as(APP_LOGIN, offer.number, "A review.")
        offer.repository.comment_as(APP_LOGIN, offer.number, f"A summary of {head}.")
        check(offer, "push", "completed")
        comment(offer)
        yield offer


def check(offer: Offer, trigger: str, status: str) -> None:
    head = offer.repository.head(offer.number)
    name = f"{offer.repository.stored.id}:{offer.number}:{head}:{trigger}"
    run = CheckRun(len(offer.repository.stored.check_runs), "preship", "preship", head, name, status, "", "failure")
    offer.repository.stored.check_runs.append(run)


def comment(offer: Offer) -> None:
    head = offer.repository.head(offer.number)
    body = write_marker(Marker(Kind.COMMENT, offer.number, head, ("ab",)), KEY)
    standing = offer.repository.stored.review_comments.setdefault(offer.number, [])
    standing.append(ReviewComment(len(standing), APP_LOGIN, body, "app/actions.ts", head, "", 1))


def test_a_pull_request_on_which_everything_stands_once_is_in_order(offer: Offer) -> None:
    assert list(of_offer(offer)) == []


def test_a_second_review_of_a_head_is_a_fault(offer: Offer) -> None:
    offer.repository.review_as(APP_LOGIN, offer.number, "A review.")
    assert "2 reviews of the last head" in list(of_offer(offer))


def test_a_head_without_review_is_a_fault(offer: Offer) -> None:
    offer.repository.push(f"change-{offer.number}", {"app/more.ts": "export const more = 1\n"})
    assert "0 reviews of the last head" in list(of_offer(offer))


def test_a_finding_that_is_told_twice_is_a_fault(offer: Offer) -> None:
    comment(offer)
    assert list(of_offer(offer)) == ["comment about ab stands 2 times"]


def test_a_check_run_that_never_ends_is_a_fault(offer: Offer) -> None:
    check(offer, "comment:7", "in_progress")
    [fault] = of_offer(offer)
    assert "in_progress for ever" in fault


def test_a_second_check_run_of_a_push_is_a_fault(offer: Offer) -> None:
    check(offer, "push", "completed")
    assert any("2 check runs" in fault for fault in of_offer(offer))


def test_a_second_summary_is_a_fault(offer: Offer) -> None:
    offer.repository.comment_as(APP_LOGIN, offer.number, "Another summary.")
    assert list(of_offer(offer)) == ["2 summaries, or one of an old head"]
