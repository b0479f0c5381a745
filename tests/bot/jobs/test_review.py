"""What stands on the pull request when a job has ended, however often it was killed, refused or overtaken."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.desk import CannotReview
from bot.review.forge import Gone, RateLimited, Refused, Unavailable
from bot.review.pull_request import Conclusion
from tests.bot.jobs.conftest import NOTHING_TOUCHED, PUSHED
from tests.bot.jobs.forum import COMPARISON, HEAD, NEXT, Forum, Killed, Nth, On

NEWER = replace(PUSHED, guid="d-2", action="synchronize", head_sha=NEXT)
COMMAND = replace(PUSHED, guid="d-9", event="issue_comment", head_sha=None, trigger="comment:9")


def stands_once(forum: Forum) -> None:
    """One review with its comment, one summary, one check run, concluded once."""
    (review,) = forum.reviews.values()
    assert review.commit_sha == HEAD
    ((comment,),) = forum.inline.values()
    assert (comment.path, comment.line) == ("app/actions.ts", 3)
    (summary,) = forum.conversation.values()
    assert "removePost" in summary
    (check,) = forum.checks.values()
    assert check.ending is not None
    assert check.ending[0] is Conclusion.FAILURE


def test_a_push_gets_one_review_one_summary_and_one_concluded_check(desk):
    desk.accept()
    assert desk.serve() is None
    stands_once(desk.forum)
    assert desk.state() == ("done", "concluded: failure")
    assert [call for call in desk.forum.calls if call.startswith(("post", "start", "conclude"))] == [
        "start_check",
        "post_review",
        "post_comment",
        "conclude_check",
    ]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_instant_and_run_again_it_stands_once(desk, moment):
    survived = False
    for number in itertools.count(1):
        desk.forum, desk.analysed = Forum(), 0
        desk.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        desk.accept()
        setattr(desk.forum, moment, Nth(number, Killed()))
        try:
            desk.serve()
            survived = True
        except Killed:
            desk.serve()
        stands_once(desk.forum)
        assert desk.state() == ("done", "concluded: failure")
        if survived:
            break
    assert number > 8, "every call of the job was tried"


def test_killed_over_and_over_it_still_ends(desk):
    desk.accept()
    for number in range(1, 40):
        desk.forum.after = Nth(1 + number % 5, Killed())
        try:
            desk.serve()
            break
        except Killed:
            continue
    stands_once(desk.forum)


def test_killed_while_it_analyses_it_analyses_again(desk):
    def die():
        desk.analysis = lambda: pytest.fail("not reached") if desk.analysed < 2 else desk.found
        raise Killed

    desk.found, desk.analysis = desk.analysis, die
    desk.accept()
    with pytest.raises(Killed):
        desk.serve()
    desk.serve()
    stands_once(desk.forum)


def test_what_was_planned_is_not_analysed_again(desk):
    desk.accept()
    desk.forum.before = On("post_review", Unavailable("no answer"), times=1)
    assert desk.serve() is not None
    assert desk.serve() is None
    assert desk.analysed == 1


def test_a_post_that_happened_though_the_answer_was_an_error_is_not_repeated(desk):
    desk.accept()
    desk.forum.after = On("post_review", Unavailable("502"), times=1)
    assert desk.serve() is not None
    desk.forum.after = On("post_comment", Unavailable("time-out"), times=1)
    assert desk.serve() is not None
    assert desk.serve() is None
    stands_once(desk.forum)


def test_a_job_that_runs_twice_posts_once(desk):
    desk.accept()
    desk.serve()
    calls = len(desk.forum.calls)
    desk.serve()
    stands_once(desk.forum)
    assert not [call for call in desk.forum.calls[calls:] if call.startswith("post")]


def test_two_deliveries_for_one_head_give_one_review(desk):
    desk.accept()
    desk.accept(replace(PUSHED, guid="d-2", action="reopened"))
    desk.serve("d-2")
    desk.serve("d-1")
    stands_once(desk.forum)


def test_a_rate_limit_ends_the_job_until_it_is_over(desk):
    until = datetime.now(UTC) + timedelta(minutes=40)
    desk.accept()
    desk.forum.before = On("post_review", RateLimited(until), times=1)
    later = desk.serve()
    assert later is not None
    assert later.at == until
    assert desk.serve() is None
    stands_once(desk.forum)


def test_a_forge_that_stays_away_is_tried_with_growing_waits_and_then_given_up(desk):
    desk.accept()
    desk.forum.before = On("comparison", Unavailable("GitHub answered 500"))
    waits = []
    while (later := desk.serve()) is not None:
        waits.append(round((later.at - datetime.now(UTC)).total_seconds() / 10))
    assert waits == [1, 2]
    assert desk.state() == ("failed", "GitHub answered 500 (3 tries)")
    (check,) = desk.forum.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")


def test_a_delivery_that_failed_is_served_when_it_is_sent_again(desk):
    desk.accept()
    desk.forum.before = On("comparison", Refused(403, "Resource not accessible by integration"), times=1)
    desk.serve()
    assert desk.state()[0] == "failed"
    desk.accept()
    desk.serve()
    stands_once(desk.forum)


def test_a_change_that_cannot_be_analysed_is_told_so(desk):
    def too_long():
        raise CannotReview("the analysis took longer than it may")

    desk.analysis = too_long
    desk.accept()
    desk.serve()
    assert desk.state() == ("failed", "the analysis took longer than it may")
    (check,) = desk.forum.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")
    assert not desk.forum.reviews


def test_an_error_of_ours_is_told_in_words_and_not_retried(desk):
    def broken():
        raise KeyError("oops")

    desk.analysis = broken
    desk.accept()
    assert desk.serve() is None
    assert desk.state() == ("failed", "Preship met an error of its own; its log has the details.")
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.NEUTRAL]


def test_a_pull_request_that_is_gone_ends_quietly(desk):
    desk.accept()
    desk.forum.before = On("pull_request", Gone(404, "Not Found"))
    assert desk.serve() is None
    assert desk.state()[0] == "failed"
    assert not desk.forum.checks


def test_nothing_touched_is_a_concluded_check_and_no_comment(desk):
    desk.analysis = NOTHING_TOUCHED
    desk.accept()
    desk.serve()
    assert not desk.forum.reviews
    assert not desk.forum.conversation
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.SUCCESS]


def test_the_next_push_edits_the_summary_and_does_not_repeat_a_finding(desk):
    desk.accept()
    desk.serve()
    desk.forum.push(NEXT)
    desk.accept(NEWER)
    desk.serve("d-2")
    assert len(desk.forum.reviews) == 1
    assert len(desk.forum.conversation) == 1
    assert "edit_comment" in desk.forum.calls
    assert [check.head_sha for check in desk.forum.checks.values() if check.ending] == [HEAD, NEXT]


def test_a_push_that_leaves_no_action_touched_edits_the_old_summary_to_say_so(desk):
    desk.accept()
    desk.serve()
    (before,) = desk.forum.conversation
    desk.forum.push(NEXT)
    desk.accept(NEWER)
    desk.analysis = NOTHING_TOUCHED
    assert desk.serve("d-2") is None
    ((id_, body),) = desk.forum.conversation.items()
    assert id_ == before
    assert "this pull request touches no Server Action any more." in body
    assert NEXT[:12] in body
    assert "removePost" not in body


def test_a_summary_that_somebody_deleted_is_posted_again(desk):
    desk.accept()
    desk.serve()
    desk.forum.conversation.clear()
    desk.forum.push(NEXT)
    desk.accept(NEWER)
    desk.serve("d-2")
    assert len(desk.forum.conversation) == 1


def test_a_head_that_was_overtaken_while_it_was_analysed_is_cancelled_and_not_posted(desk):
    def push_meanwhile():
        desk.forum.push(NEXT)
        desk.store.deliveries.accept(NEWER)
        desk.analysis = found
        return found

    found, desk.analysis = desk.analysis, push_meanwhile
    desk.accept()
    assert desk.serve() is not None
    assert desk.serve() is None
    assert desk.state()[0] == "superseded"
    assert not desk.forum.reviews
    desk.serve("d-2")
    assert [review.commit_sha for review in desk.forum.reviews.values()] == [NEXT]
    assert [(check.head_sha, check.ending[0]) for check in desk.forum.checks.values()] == [
        (HEAD, Conclusion.CANCELLED),
        (NEXT, Conclusion.FAILURE),
    ]


def test_a_check_run_whose_start_could_not_be_noted_is_cancelled_with_its_head(desk):
    desk.forum.after = On("start_check", Unavailable("502"), times=1)
    desk.accept()
    assert desk.serve() is not None
    desk.forum.push(NEXT)
    desk.accept(NEWER)
    assert desk.serve("d-2") is None
    assert [(check.head_sha, check.ending[0]) for check in desk.forum.checks.values()] == [
        (HEAD, Conclusion.CANCELLED),
        (NEXT, Conclusion.FAILURE),
    ]


def test_a_check_run_whose_start_could_not_be_noted_ends_with_a_review_that_is_given_up(desk):
    desk.forum.after = On("start_check", Unavailable("502"), times=1)
    desk.accept()
    assert desk.serve() is not None
    desk.forum.before = On("start_check", Refused(403, "Resource not accessible by integration"), times=1)
    assert desk.serve() is None
    [check] = desk.forum.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")


def test_a_head_that_the_api_does_not_show_yet_is_waited_for(desk):
    desk.accept(NEWER)
    later = desk.serve("d-2")
    assert later is not None
    assert not desk.forum.checks
    desk.forum.push(NEXT)
    desk.serve("d-2")
    assert [review.commit_sha for review in desk.forum.reviews.values()] == [NEXT]


def test_a_head_that_never_shows_up_gives_way_to_the_one_that_stands(desk):
    desk.accept(NEWER)
    desk.store.database.rows("UPDATE deliveries SET received_at = received_at - interval '2 minutes'")
    desk.serve("d-2")
    stands_once(desk.forum)


def test_a_draft_is_reviewed_where_the_repository_wants_it(desk):
    desk.forum.pull = replace(desk.forum.pull, is_draft=True)
    desk.drafts_wanted = True
    desk.accept()
    desk.serve()
    assert desk.analysed == 1


def test_a_repository_may_leave_drafts_alone_that_the_server_reviews(desk):
    desk.forum.pull = replace(desk.forum.pull, is_draft=True)
    desk.review_drafts, desk.drafts_wanted = True, False
    desk.accept()
    desk.serve()
    assert desk.analysed == 0


@pytest.mark.parametrize(("change", "reason"), [({"is_open": False}, "closed"), ({"is_draft": True}, "a draft")])
def test_closed_pull_requests_and_drafts_get_no_review(desk, change, reason):
    desk.forum.pull = replace(desk.forum.pull, **change)
    desk.accept()
    desk.serve()
    assert desk.state() == ("done", f"the pull request is {reason}")
    assert not desk.forum.checks


def test_a_worker_that_lost_its_lock_does_not_post(desk):
    def stalled():
        desk.store.database.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        desk.analysis = found
        return found

    found, desk.analysis = desk.analysis, stalled
    desk.accept()
    assert desk.serve() is not None
    assert not desk.forum.reviews
    desk.serve()
    stands_once(desk.forum)


def test_a_worker_that_another_has_overtaken_does_not_post(desk):
    def overtaken():
        desk.analysis = found
        desk.store.database.rows("UPDATE reviews SET step = 'concluded'")
        return found

    found, desk.analysis = desk.analysis, overtaken
    desk.accept()
    assert desk.serve() is not None
    assert not desk.forum.reviews


def test_while_one_works_on_a_pull_request_another_waits(desk):
    desk.accept()
    with desk.store.database.sole_holder("pull-request:77:3"):
        assert desk.serve() is not None
    assert desk.forum.calls == []


def test_a_worker_that_is_told_to_stop_queues_its_job_again(desk):
    desk.accept()
    desk.stopping.set()
    assert desk.serve() is not None
    assert not desk.forum.checks


REFUSED = Refused(422, "pull_request_review_thread.line")
ELSEWHERE = "@@ -9,2 +9,3 @@\n }\n+\n }"


def test_a_comment_outside_of_the_forges_own_diff_moves_to_its_file(desk):
    desk.accept()
    desk.forum.compared = replace(COMPARISON, files=(replace(COMPARISON.files[0], patch=ELSEWHERE),))
    desk.forum.before = On("post_review", REFUSED, times=1)
    desk.serve()
    assert [comment.path for comment in desk.forum.file_comments.values()] == ["app/actions.ts"]
    assert list(desk.forum.inline.values()) == [()]
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.FAILURE]


def test_comments_that_the_forges_own_diff_vouches_for_are_tried_one_by_one(desk):
    desk.accept()
    desk.forum.before = On("post_review", REFUSED, times=1)
    desk.serve()
    assert list(desk.forum.inline.values()) == [()]
    assert [comment.path for comment in desk.forum.line_comments.values()] == ["app/actions.ts"]
    assert not desk.forum.file_comments


@pytest.mark.parametrize("refused", [("post_line_comment",), ("post_line_comment", "post_file_comment")])
def test_a_comment_that_is_refused_alone_moves_to_its_file_and_at_last_to_the_summary(desk, refused):
    def refuse(call):
        if call in refused or (call == "post_review" and desk.forum.calls.count(call) == 1):
            raise REFUSED

    desk.accept()
    desk.forum.before = refuse
    desk.serve()
    assert len(desk.forum.file_comments) == 2 - len(refused)
    (summary,) = desk.forum.conversation.values()
    assert "No session is required in `removePost`" in summary
    assert desk.state() == ("done", "concluded: failure")


def test_a_review_that_is_refused_because_somebody_pushed_gives_way_to_the_new_head(desk):
    def push(call):
        if call == "post_review" and desk.forum.pull.head_sha == HEAD:
            desk.forum.push(NEXT)
            desk.store.deliveries.accept(NEWER)
            raise REFUSED

    desk.accept()
    desk.forum.before = push
    assert desk.serve() is not None
    desk.serve()
    desk.serve("d-2")
    assert [review.commit_sha for review in desk.forum.reviews.values()] == [NEXT]
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.CANCELLED, Conclusion.FAILURE]


def test_a_push_that_was_delivered_out_of_order_stops_no_review(desk):
    desk.accept()
    desk.accept(replace(NEWER, trigger="comment:1", guid="d-0"))
    desk.store.database.rows("UPDATE deliveries SET trigger = 'push', head_sha = %s WHERE guid = 'd-0'", NEXT)
    desk.serve()
    stands_once(desk.forum)


@pytest.mark.parametrize("number", range(1, 20))
@pytest.mark.parametrize("patch", [ELSEWHERE, COMPARISON.files[0].patch])
def test_comments_apart_from_the_review_are_not_repeated_after_a_kill(desk, number, patch):
    desk.accept()
    desk.forum.compared = replace(COMPARISON, files=(replace(COMPARISON.files[0], patch=patch),))
    desk.forum.before = On("post_review", REFUSED, times=1)
    desk.forum.after = Nth(number, Killed())
    try:
        desk.serve()
    except Killed:
        desk.serve()
    assert len(desk.forum.reviews) == 1
    (inline,) = desk.forum.inline.values()
    assert len(inline) + len(desk.forum.file_comments) + len(desk.forum.line_comments) == 1
    assert [check.ending[0] for check in desk.forum.checks.values()] == [Conclusion.FAILURE]


def test_a_command_is_seen_obeyed_and_acknowledged(desk):
    desk.accept()
    desk.serve()
    desk.forum.permissions["bob"] = "write"
    desk.accept(replace(COMMAND, actor="bob"))
    desk.serve("d-9")
    assert desk.forum.reactions == [(9, "eyes"), (9, "+1")]
    assert [check.external_id.split(":")[3] for check in desk.forum.checks.values()] == ["push", "comment"]


def test_the_author_may_ask_without_write_permission(desk):
    desk.accept(COMMAND)
    desk.serve("d-9")
    assert desk.forum.reactions == [(9, "eyes"), (9, "+1")]
    stands_once(desk.forum)


def test_a_command_on_a_draft_is_obeyed(desk):
    desk.forum.pull = replace(desk.forum.pull, is_draft=True)
    desk.accept(COMMAND)
    desk.serve("d-9")
    stands_once(desk.forum)


@pytest.mark.parametrize("permission", ["none", "read"])
def test_others_may_not_ask(desk, permission):
    desk.forum.permissions["mallory"] = permission
    desk.accept(replace(COMMAND, actor="mallory"))
    desk.serve("d-9")
    assert desk.forum.reactions == [(9, "-1")]
    assert not desk.forum.checks


def test_a_command_that_cannot_be_obeyed_is_answered_with_a_thumb_down(desk):
    desk.accept(COMMAND)
    desk.forum.before = On("comparison", Refused(403, "no"))
    desk.serve("d-9")
    assert desk.forum.reactions == [(9, "eyes"), (9, "-1")]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_command_killed_at_any_instant_is_obeyed_once(desk, moment):
    for number in range(1, 16):
        desk.forum = Forum()
        desk.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        desk.accept(COMMAND)
        setattr(desk.forum, moment, Nth(number, Killed()))
        try:
            desk.serve("d-9")
        except Killed:
            desk.serve("d-9")
        stands_once(desk.forum)
        assert desk.forum.reactions == [(9, "eyes"), (9, "+1")]
