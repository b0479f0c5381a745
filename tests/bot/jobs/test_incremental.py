"""What a pull request's next head, or its next base, changes in what stands there already."""

from dataclasses import replace

import pytest

from analyzers.analysis import Analysis, Answer, Stats
from bot.review.forge import Refused, Unavailable
from bot.review.pull_request import Conclusion
from tests.bot.jobs.conftest import ACTION, ANALYSIS, FAULT, PUSHED
from tests.bot.jobs.forum import HEAD, NEXT, Killed, Nth, On

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


def push(desk, head, number, action="synchronize"):
    """A head comes, is delivered and reviewed."""
    desk.forum.push(head)
    guid = f"p-{number}"
    desk.accept(replace(PUSHED, guid=guid, action=action, head_sha=head))
    assert desk.serve(guid) is None
    return desk.state(guid)


@pytest.fixture
def told(desk):
    """A pull request whose one fault was told."""
    push(desk, HEAD, 1)
    return desk


def test_a_push_that_mends_a_fault_resolves_its_thread(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    assert told.forum.resolved == {"t0"}
    assert len(told.forum.reviews) == 1


def test_a_fault_that_comes_back_opens_its_thread_again_and_is_not_posted_twice(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    told.analysis = ANALYSIS
    push(told, HEAD, 3)
    assert told.forum.resolved == set()
    assert len(told.forum.reviews) == 1
    (summary,) = told.forum.conversation.values()
    assert HEAD[:12] in summary


def test_a_force_push_back_to_a_reviewed_head_is_reviewed_anew_and_concluded(told):
    told.analysis = MENDED
    push(told, NEXT, 2)
    told.analysis = ANALYSIS
    assert push(told, HEAD, 3) == ("done", "concluded: failure")
    assert [(check.head_sha, check.ending[0]) for check in told.forum.checks.values()] == [
        (HEAD, Conclusion.FAILURE),
        (NEXT, Conclusion.SUCCESS),
        (HEAD, Conclusion.FAILURE),
    ]


def test_the_same_head_delivered_again_is_not_reviewed_again(told):
    assert push(told, HEAD, 2, action="reopened") == ("done", "this commit is reviewed already")
    assert told.analysed == 1


def test_another_base_reviews_the_same_head_anew(told):
    told.forum.pull = replace(told.forum.pull, base_ref="release")
    other = replace(FAULT, fingerprint="fedcba9876543210", line=4, end_line=4, rule="missing-ownership-check")
    told.analysis = replace(ANALYSIS, actions=(replace(ACTION, findings=(FAULT, other)),))
    assert push(told, HEAD, 2, action="edited") == ("done", "concluded: failure")
    assert [[comment.line for comment in comments] for comments in told.forum.inline.values()] == [[3], [4]]
    assert len(told.forum.conversation) == 1


def test_a_review_against_the_old_base_is_cancelled_where_it_was_not_done(desk):
    desk.accept()
    desk.forum.before = On("comparison", Unavailable("away"))
    assert desk.serve() is not None
    desk.forum.before = lambda call: None
    desk.forum.pull = replace(desk.forum.pull, base_ref="release")
    push(desk, HEAD, 2, action="edited")
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.CANCELLED, Conclusion.FAILURE]


def test_a_thread_that_somebody_answered_is_left_to_the_people(told):
    told.forum.answered = {"t0"}
    told.analysis = MENDED
    push(told, NEXT, 2)
    assert told.forum.resolved == set()
    assert "turn_threads" not in told.forum.calls


def test_a_thread_that_somebody_answered_while_we_were_down_is_left_too(told):
    told.analysis = MENDED
    told.forum.push(NEXT)
    told.accept(replace(PUSHED, guid="p-2", head_sha=NEXT))
    told.forum.before = On("turn_threads", Unavailable("away"), times=1)
    assert told.serve("p-2") is not None
    told.forum.answered = {"t0"}
    assert told.serve("p-2") is None
    assert told.forum.resolved == set()


def test_a_finding_whose_comment_was_deleted_is_not_told_again(told):
    told.forum.inline.clear()
    push(told, NEXT, 2)
    assert len(told.forum.reviews) == 1


def test_a_finding_whose_thread_a_person_resolved_is_not_told_again_nor_opened(told):
    told.forum.resolved = {"t0"}
    push(told, NEXT, 2)
    assert (told.forum.resolved, len(told.forum.reviews)) == ({"t0"}, 1)


def test_a_forge_that_lets_nobody_resolve_still_gets_its_review(told):
    told.analysis = MENDED
    told.forum.before = On("turn_threads", Refused(200, "Resource not accessible by integration"))
    assert push(told, NEXT, 2) == ("done", "concluded: success")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 12))
def test_killed_at_any_instant_a_mended_fault_is_resolved_all_the_same(told, moment, number):
    told.analysis = MENDED
    told.forum.push(NEXT)
    told.accept(replace(PUSHED, guid="p-2", head_sha=NEXT))
    setattr(told.forum, moment, Nth(number, Killed()))
    try:
        told.serve("p-2")
    except Killed:
        assert told.serve("p-2") is None
    assert (told.forum.resolved, len(told.forum.reviews)) == ({"t0"}, 1)
    assert [check.ending[0] for check in told.forum.checks.values()] == [Conclusion.FAILURE, Conclusion.SUCCESS]
