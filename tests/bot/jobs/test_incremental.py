"""What a pull request's next head, or its next base, changes in what stands there already."""

from dataclasses import replace

import pytest

from preship.analyzers.analysis import Analysis, Answer, Stats
from preship.bot.review.forge import Refused, Unavailable
from preship.bot.review.pull_request import Conclusion
from tests.bot.jobs.conftest import ACTION, ANALYSIS, FAULT, PUSHED
from tests.bot.jobs.fake_forge import HEAD, NEXT, Killed, Nth, On

MENDED = Analysis(
    (
        replace(
            ACTION,
            findings=(),
            checklist=tuple(replace(entry, answer=Answer.YES) for entry in ACTION.checklist),
        ),
    ),
    (),
    Stats(),
)


def push(context, head, number, action="synchronize"):
    """A head comes, is delivered and reviewed."""
    context.fake_forge.push(head)
    guid = f"p-{number}"
    context.accept(replace(PUSHED, guid=guid, action=action, head_sha=head))
    assert context.serve(guid) is None
    return context.state(guid)


@pytest.fixture
def told(context):
    """A pull request whose one fault was told."""
    push(context, HEAD, 1)
    return context


def test_a_push_that_mends_a_fault_resolves_its_thread(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    assert told.fake_forge.resolved == {"t0"}
    assert len(told.fake_forge.reviews) == 1


def test_a_fault_that_comes_back_opens_its_thread_again_and_is_not_posted_twice(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    told.analysis = ANALYSIS
    push(told, HEAD, 3)
    assert told.fake_forge.resolved == set()
    assert len(told.fake_forge.reviews) == 1
    (summary,) = told.fake_forge.conversation.values()
    assert HEAD[:12] in summary


def test_a_force_push_back_to_a_reviewed_head_is_reviewed_anew_and_concluded(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    told.analysis = ANALYSIS
    assert push(told, HEAD, 3) == ("done", "concluded: failure")
    assert [(check.head_sha, check.ending[0]) for check in told.fake_forge.checks.values()] == [
        (HEAD, Conclusion.FAILURE),
        (NEXT, Conclusion.SUCCESS),
        (HEAD, Conclusion.FAILURE),
    ]


def test_the_same_head_delivered_again_is_not_reviewed_again(told):
    assert push(told, HEAD, 2, action="reopened") == ("done", "this commit is reviewed already")
    assert told.analysed == 1


def test_another_base_reviews_the_same_head_anew(told):
    told.fake_forge.pull = replace(told.fake_forge.pull, base_ref="release")
    other = replace(FAULT, fingerprint="fedcba9876543210", line=4, end_line=4, rule="missing-ownership-check")
    told.analysis = replace(ANALYSIS, actions=(replace(ACTION, findings=(FAULT, other)),))
    assert push(told, HEAD, 2, action="edited") == ("done", "concluded: failure")
    assert [[comment.line for comment in comments] for comments in told.fake_forge.inline.values()] == [[3], [4]]
    assert len(told.fake_forge.conversation) == 1


def test_a_review_against_the_old_base_is_cancelled_where_it_was_not_done(context):
    context.accept()
    context.fake_forge.before = On("comparison", Unavailable("away"))
    assert context.serve() is not None
    context.fake_forge.before = lambda call: None
    context.fake_forge.pull = replace(context.fake_forge.pull, base_ref="release")
    push(context, HEAD, 2, action="edited")
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [
        Conclusion.CANCELLED,
        Conclusion.FAILURE,
    ]


def test_a_thread_that_somebody_answered_is_left_to_the_people(told):
    told.fake_forge.answered = {"t0"}
    told.analysis = MENDED
    push(told, NEXT, 2)
    assert told.fake_forge.resolved == set()
    assert "turn_threads" not in told.fake_forge.calls


def test_a_thread_that_somebody_answered_while_we_were_down_is_left_too(told):
    told.analysis = MENDED
    told.fake_forge.push(NEXT)
    told.accept(replace(PUSHED, guid="p-2", head_sha=NEXT))
    told.fake_forge.before = On("turn_threads", Unavailable("away"), times=1)
    assert told.serve("p-2") is not None
    told.fake_forge.answered = {"t0"}
    assert told.serve("p-2") is None
    assert told.fake_forge.resolved == set()


def test_a_finding_whose_comment_was_deleted_is_not_told_again(told):
    told.fake_forge.inline.clear()
    push(told, NEXT, 2)
    assert len(told.fake_forge.reviews) == 1


def test_a_finding_whose_thread_a_person_resolved_is_not_told_again_nor_opened(told):
    told.fake_forge.resolved = {"t0"}
    push(told, NEXT, 2)
    assert (told.fake_forge.resolved, len(told.fake_forge.reviews)) == ({"t0"}, 1)


def test_a_forge_that_lets_nobody_resolve_still_gets_its_review(told):
    told.analysis = MENDED
    told.fake_forge.before = On("turn_threads", Refused(200, "Resource not accessible by integration"))
    assert push(told, NEXT, 2) == ("done", "concluded: success")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 12))
def test_killed_at_any_instant_a_mended_fault_is_resolved_all_the_same(told, moment, number):
    told.analysis = MENDED
    told.fake_forge.push(NEXT)
    told.accept(replace(PUSHED, guid="p-2", head_sha=NEXT))
    setattr(told.fake_forge, moment, Nth(number, Killed()))
    try:
        told.serve("p-2")
    except Killed:
        assert told.serve("p-2") is None
    assert (told.fake_forge.resolved, len(told.fake_forge.reviews)) == ({"t0"}, 1)
    assert [check.ending[0] for check in told.fake_forge.checks.values()] == [Conclusion.FAILURE, Conclusion.SUCCESS]
