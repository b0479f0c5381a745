"""One commit, several pull requests: whoever concludes does so alone, and a killed run leaves nothing half said."""

import itertools

import pytest

from bot.review.forge import Refused
from bot.review.pull_request import Conclusion
from bot.store.reviews import Key
from tests.bot.jobs.conftest import NOTHING_TOUCHED
from tests.bot.jobs.forum import HEAD, Check, Killed, Nth, On

OTHER = Key(77, 9, HEAD, "push")


def other_says(desk, conclusion="failure"):
    """Another pull request has the same head, and its review was concluded."""
    desk.forum.checks[50] = Check(HEAD, str(OTHER), (Conclusion(conclusion), "2 new faults"), 1)
    review = desk.store.reviews.started_check(desk.store.reviews.begin(OTHER, "acme/shop"), 50)
    desk.store.verdicts.note(review.id, conclusion, "2 new faults", "2 new faults.")


def endings(desk):
    return {check.ending for check in desk.forum.checks.values()}


def test_a_job_waits_while_another_process_concludes_for_the_same_commit(desk):
    desk.accept()
    with desk.store.database.sole_holder(f"commit:77:{HEAD}"):
        assert desk.serve() is not None
        assert endings(desk) == {None}
    assert desk.serve() is None
    assert [ending[0] for ending in endings(desk)] == [Conclusion.FAILURE]
    assert len(desk.forum.reviews) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_instant_all_runs_of_the_commit_agree_in_the_end(desk, moment):
    survived = False
    for number in itertools.count(1):
        desk.forum = type(desk.forum)()
        desk.analysis = NOTHING_TOUCHED
        desk.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        other_says(desk)
        desk.accept()
        setattr(desk.forum, moment, Nth(number, Killed()))
        try:
            desk.serve()
            survived = True
        except Killed:
            desk.serve()
        assert endings(desk) == {(Conclusion.FAILURE, "Pull request 9: 2 new faults")}
        if survived:
            break
    assert number > 5, "every call of the job was tried"


def test_a_review_that_is_given_up_does_not_paint_over_a_failure(desk):
    other_says(desk)
    desk.forum.before = On("comparison", Refused(403, "no"))
    desk.accept()
    desk.serve()
    assert desk.state()[0] == "failed"
    assert endings(desk) == {(Conclusion.FAILURE, "Pull request 9: 2 new faults")}


def test_a_failure_is_not_softened_by_a_success_that_was_there_first(desk):
    other_says(desk, "success")
    desk.accept()
    desk.serve()
    assert {ending[0] for ending in endings(desk)} == {Conclusion.FAILURE}
