"""One commit, several pull requests: whoever concludes does so alone, and a killed run leaves nothing half said."""

import itertools

import pytest

from preship.bot.review.forge import Refused
from preship.bot.review.pull_request import Conclusion
from preship.bot.store.reviews import Key
from tests.bot.jobs.conftest import NOTHING_TOUCHED
from tests.bot.jobs.fake_forge import HEAD, Check, Killed, Nth, On

OTHER = Key(77, 9, HEAD, "push")


def other_says(context, conclusion="failure"):
    """Another pull request has the same head, and its review was concluded."""
    context.fake_forge.checks[50] = Check(HEAD, str(OTHER), (Conclusion(conclusion), "2 new faults"), 1)
    review = context.store.reviews.started_check(context.store.reviews.begin(OTHER, "acme/shop"), 50)
    context.store.verdicts.note(review.id, conclusion, "2 new faults", "2 new faults.")


def endings(context):
    return {check.ending for check in context.fake_forge.checks.values()}


def test_a_job_waits_while_another_process_concludes_for_the_same_commit(context):
    context.accept()
    with context.store.database.sole_holder(f"commit:77:{HEAD}"):
        assert context.serve() is not None
        assert endings(context) == {None}
    assert context.serve() is None
    assert [ending[0] for ending in endings(context)] == [Conclusion.FAILURE]
    assert len(context.fake_forge.reviews) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_instant_all_runs_of_the_commit_agree_in_the_end(context, moment):
    survived = False
    for number in itertools.count(1):
        context.fake_forge = type(context.fake_forge)()
        context.analysis = NOTHING_TOUCHED
        context.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        other_says(context)
        context.accept()
        setattr(context.fake_forge, moment, Nth(number, Killed()))
        try:
            context.serve()
            survived = True
        except Killed:
            context.serve()
        assert endings(context) == {(Conclusion.FAILURE, "Pull request 9: 2 new faults")}
        if survived:
            break
    assert number > 5, "every call of the job was tried"


def test_a_review_that_is_given_up_does_not_paint_over_a_failure(context):
    other_says(context)
    context.fake_forge.before = On("comparison", Refused(403, "no"))
    context.accept()
    context.serve()
    assert context.state()[0] == "failed"
    assert endings(context) == {(Conclusion.FAILURE, "Pull request 9: 2 new faults")}


def test_a_failure_is_not_softened_by_a_success_that_was_there_first(context):
    other_says(context, "success")
    context.accept()
    context.serve()
    assert {ending[0] for ending in endings(context)} == {Conclusion.FAILURE}
