"""What stands on the pull request when a job has ended, however often it was killed, refused or overtaken."""

import errno
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preship.bot.git.errors import GitMissing, NoSpace, NotOnRemote, RemoteAway, RemoteError, RemoteRefused
from preship.bot.jobs.contexts import CannotReview
from preship.bot.review.forge import Gone, RateLimited, Refused, Unavailable
from preship.bot.review.pull_request import Conclusion
from preship.bot.store.repositories import Address
from preship.bot.watch import problems_of
from tests.bot.jobs.conftest import ANALYSIS, NOTHING_TOUCHED, PUSHED
from tests.bot.jobs.fake_forge import COMPARISON, HEAD, NEXT, FakeForge, Killed, Nth, On

NEWER = replace(PUSHED, guid="d-2", action="synchronize", head_sha=NEXT)
COMMAND = replace(PUSHED, guid="d-9", event="issue_comment", head_sha=None, trigger="comment:9")


def stands_once(fake_forge: FakeForge) -> None:
    """One review with its comment, one summary, one check run, concluded once."""
    (review,) = fake_forge.reviews.values()
    assert review.commit_sha == HEAD
    ((comment,),) = fake_forge.inline.values()
    assert (comment.path, comment.line) == ("app/actions.ts", 3)
    (summary,) = fake_forge.conversation.values()
    assert "removePost" in summary
    (check,) = fake_forge.checks.values()
    assert check.ending is not None
    assert check.ending[0] is Conclusion.FAILURE


def test_a_push_gets_one_review_one_summary_and_one_concluded_check(context):
    context.accept()
    assert context.serve() is None
    stands_once(context.fake_forge)
    assert context.state() == ("done", "concluded: failure")
    assert [call for call in context.fake_forge.calls if call.startswith(("post", "start", "conclude"))] == [
        "start_check",
        "post_review",
        "post_comment",
        "conclude_check",
    ]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_instant_and_run_again_it_stands_once(context, moment):
    survived = False
    for number in itertools.count(1):
        context.fake_forge, context.analysed = FakeForge(), 0
        context.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        context.accept()
        setattr(context.fake_forge, moment, Nth(number, Killed()))
        try:
            context.serve()
            survived = True
        except Killed:
            context.serve()
        stands_once(context.fake_forge)
        assert context.state() == ("done", "concluded: failure")
        if survived:
            break
    assert number > 8, "every call of the job was tried"


def test_killed_over_and_over_it_still_ends(context):
    context.accept()
    for number in range(1, 40):
        context.fake_forge.after = Nth(1 + number % 5, Killed())
        try:
            context.serve()
            break
        except Killed:
            continue
    stands_once(context.fake_forge)


def test_killed_while_it_analyses_it_analyses_again(context):
    def die():
        context.analysis = lambda: pytest.fail("not reached") if context.analysed < 2 else context.found
        raise Killed

    context.found, context.analysis = context.analysis, die
    context.accept()
    with pytest.raises(Killed):
        context.serve()
    context.serve()
    stands_once(context.fake_forge)


def test_what_was_planned_is_not_analysed_again(context):
    context.accept()
    context.fake_forge.before = On("post_review", Unavailable("no answer"), times=1)
    assert context.serve() is not None
    assert context.serve() is None
    assert context.analysed == 1


def test_a_post_that_happened_though_the_answer_was_an_error_is_not_repeated(context):
    context.accept()
    context.fake_forge.after = On("post_review", Unavailable("502"), times=1)
    assert context.serve() is not None
    context.fake_forge.after = On("post_comment", Unavailable("time-out"), times=1)
    assert context.serve() is not None
    assert context.serve() is None
    stands_once(context.fake_forge)


def test_a_job_that_runs_twice_posts_once(context):
    context.accept()
    context.serve()
    calls = len(context.fake_forge.calls)
    context.serve()
    stands_once(context.fake_forge)
    assert not [call for call in context.fake_forge.calls[calls:] if call.startswith("post")]


def test_two_deliveries_for_one_head_give_one_review(context):
    context.accept()
    context.accept(replace(PUSHED, guid="d-2", action="reopened"))
    context.serve("d-2")
    context.serve("d-1")
    stands_once(context.fake_forge)


def test_a_rate_limit_ends_the_job_until_it_is_over(context):
    until = datetime.now(UTC) + timedelta(minutes=40)
    context.accept()
    context.fake_forge.before = On("post_review", RateLimited(until), times=1)
    later = context.serve()
    assert later is not None
    assert later.at == until
    assert context.serve() is None
    stands_once(context.fake_forge)


def test_a_forge_that_stays_away_is_tried_with_growing_waits_and_then_given_up(context):
    context.accept()
    context.fake_forge.before = On("comparison", Unavailable("GitHub answered 500"))
    waits = []
    while (later := context.serve()) is not None:
        waits.append(round((later.at - datetime.now(UTC)).total_seconds() / 10))
    assert waits == [1, 2]
    assert context.state() == ("failed", "GitHub answered 500 (3 tries)")
    (check,) = context.fake_forge.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")


def away(call):
    raise Unavailable("GitHub did not answer")


def full(call):
    raise OSError(errno.ENOSPC, "No space left on device")


def no_space():
    raise NoSpace("git fetch found the disk full")


@pytest.mark.parametrize("trouble", [away, full])
def test_what_fails_every_job_costs_none_of_them_a_try(context, trouble):
    context.accept()
    context.fake_forge.before = trouble
    for _ in range(20):
        later = context.serve()
        assert later is not None
        assert round((later.at - datetime.now(UTC)).total_seconds() / 10) == 6
    context.fake_forge.before = lambda call: None
    assert context.serve() is None
    stands_once(context.fake_forge)


def git_is_away():
    raise RemoteAway("the fetch failed: The requested URL returned error: 503")


def test_git_that_is_away_is_a_problem_until_it_answers(context):
    context.accept()
    context.analysis = git_is_away
    said = []
    for _ in range(4):
        assert context.serve() is not None
        problems = problems_of(context.store.health.vitals(60))
        said.append(" ".join(problem.says for problem in problems if problem.kind == "git"))
    red = "git at GitHub did not answer the last {} times"
    assert said == ["", "", red.format(3), red.format(4)]
    context.analysis = ANALYSIS
    assert context.serve() is None
    assert context.store.health.vitals(60).git_failures == 0


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (RemoteRefused("the remote refused: The requested URL returned error: 403"), 0),
        (NotOnRemote("the remote does not have what was asked: not our ref"), 0),
        (CannotReview("the analysis took longer than it may"), 0),
        (RemoteError("git fetch took longer than 120 s"), 3),
        (GitMissing("there is no git program on this machine"), 3),
    ],
)
def test_git_that_refuses_or_gave_what_cannot_be_reviewed_is_not_away(context, error, left):
    def fails():
        raise error

    for _ in range(3):
        context.store.health.git_unanswered()
    context.analysis = fails
    context.accept()
    context.serve()
    assert context.store.health.vitals(60).git_failures == left


@pytest.mark.parametrize("trouble", [no_space, git_is_away])
def test_git_that_finds_the_disk_full_or_is_away_costs_no_try(context, trouble):
    context.accept()
    context.analysis = trouble
    for _ in range(20):
        assert context.serve() is not None
    context.analysis = ANALYSIS
    assert context.serve() is None
    stands_once(context.fake_forge)


def test_a_forge_that_is_away_for_a_day_is_not_waited_for_any_longer(context):
    context.accept()
    context.fake_forge.before = away
    context.store.database.rows("UPDATE deliveries SET received_at = now() - interval '25 hours'")
    assert [context.serve() is None for _ in range(3)] == [False, False, True]
    assert context.state() == ("failed", "GitHub did not answer (3 tries)")


def test_a_delivery_that_failed_is_served_when_it_is_sent_again(context):
    context.accept()
    context.fake_forge.before = On("comparison", Refused(403, "Resource not accessible by integration"), times=1)
    context.serve()
    assert context.state()[0] == "failed"
    context.accept()
    context.serve()
    stands_once(context.fake_forge)


def test_a_change_that_cannot_be_analysed_is_told_so(context):
    def too_long():
        raise CannotReview("the analysis took longer than it may")

    context.analysis = too_long
    context.accept()
    context.serve()
    assert context.state() == ("failed", "the analysis took longer than it may")
    (check,) = context.fake_forge.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")
    assert not context.fake_forge.reviews


def test_an_error_of_ours_is_told_in_words_and_not_retried(context):
    def broken():
        raise KeyError("oops")

    context.analysis = broken
    context.accept()
    assert context.serve() is None
    assert context.state() == ("failed", "Preship met an error of its own; its log has the details.")
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [Conclusion.NEUTRAL]


def test_a_pull_request_that_is_gone_ends_quietly(context):
    context.accept()
    context.fake_forge.before = On("pull_request", Gone(404, "Not Found"))
    assert context.serve() is None
    assert context.state()[0] == "failed"
    assert not context.fake_forge.checks


class UntilRenamed:
    """Refuses every call but that for the name, until somebody has learned the name."""

    def __init__(self, fake_forge, error):
        self.fake_forge, self.error = fake_forge, error

    def __call__(self, call):
        if call != "full_name" and "full_name" not in self.fake_forge.calls:
            raise self.error


def test_a_name_that_leads_nowhere_is_looked_up_by_the_id_and_asked_again(context):
    context.accept()
    context.fake_forge.name = "acme/store"
    context.fake_forge.before = UntilRenamed(context.fake_forge, Gone(200, "Could not resolve to a Repository"))
    assert context.serve() is not None
    assert context.store.repositories.address(77) == Address("acme/store", 5)
    assert context.state() == ("queued", "")
    assert context.serve() is None
    stands_once(context.fake_forge)


def test_git_that_is_sent_elsewhere_makes_the_name_be_looked_up(context):
    def refused():
        raise RemoteRefused("the remote refused: The requested URL returned error: 301")

    context.accept()
    context.analysis, context.fake_forge.name = refused, "acme/store"
    assert context.serve() is not None
    context.analysis = ANALYSIS
    context.fake_forge.name = "acme/shop"
    assert context.serve() is None
    stands_once(context.fake_forge)


def nowhere(call):
    raise Refused(422, "not accessible")


def test_a_repository_that_is_not_reached_by_its_id_either_is_waited_for_and_then_given_up(context):
    context.accept()
    context.fake_forge.before = nowhere
    waits = []
    while (later := context.serve()) is not None:
        waits.append(round((later.at - datetime.now(UTC)).total_seconds() / 10))
    assert waits == [1, 2]
    assert context.state() == ("failed", "refused with 422: not accessible (3 tries)")
    assert context.failures == [("pull_request", "refused")]


def test_nothing_touched_is_a_concluded_check_and_no_comment(context):
    context.analysis = NOTHING_TOUCHED
    context.accept()
    context.serve()
    assert not context.fake_forge.reviews
    assert not context.fake_forge.conversation
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [Conclusion.SUCCESS]


def test_the_next_push_edits_the_summary_and_does_not_repeat_a_finding(context):
    context.accept()
    context.serve()
    context.fake_forge.push(NEXT)
    context.accept(NEWER)
    context.serve("d-2")
    assert len(context.fake_forge.reviews) == 1
    assert len(context.fake_forge.conversation) == 1
    assert "edit_comment" in context.fake_forge.calls
    assert [check.head_sha for check in context.fake_forge.checks.values() if check.ending] == [HEAD, NEXT]


def test_a_push_that_leaves_no_action_touched_edits_the_old_summary_to_say_so(context):
    context.accept()
    context.serve()
    (before,) = context.fake_forge.conversation
    context.fake_forge.push(NEXT)
    context.accept(NEWER)
    context.analysis = NOTHING_TOUCHED
    assert context.serve("d-2") is None
    ((id_, body),) = context.fake_forge.conversation.items()
    assert id_ == before
    assert "this pull request touches no Server Action any more." in body
    assert NEXT[:12] in body
    assert "removePost" not in body


def test_a_summary_that_somebody_deleted_is_posted_again(context):
    context.accept()
    context.serve()
    context.fake_forge.conversation.clear()
    context.fake_forge.push(NEXT)
    context.accept(NEWER)
    context.serve("d-2")
    assert len(context.fake_forge.conversation) == 1


def test_a_head_that_was_overtaken_while_it_was_analysed_is_cancelled_and_not_posted(context):
    def push_meanwhile():
        context.fake_forge.push(NEXT)
        context.store.deliveries.accept(NEWER)
        context.analysis = found
        return found

    found, context.analysis = context.analysis, push_meanwhile
    context.accept()
    assert context.serve() is not None
    assert context.serve() is None
    assert context.state()[0] == "superseded"
    assert not context.fake_forge.reviews
    context.serve("d-2")
    assert [review.commit_sha for review in context.fake_forge.reviews.values()] == [NEXT]
    assert [(check.head_sha, check.ending[0]) for check in context.fake_forge.checks.values()] == [
        (HEAD, Conclusion.CANCELLED),
        (NEXT, Conclusion.FAILURE),
    ]


def test_a_check_run_whose_start_could_not_be_noted_is_cancelled_with_its_head(context):
    context.fake_forge.after = On("start_check", Unavailable("502"), times=1)
    context.accept()
    assert context.serve() is not None
    context.fake_forge.push(NEXT)
    context.accept(NEWER)
    assert context.serve("d-2") is None
    assert [(check.head_sha, check.ending[0]) for check in context.fake_forge.checks.values()] == [
        (HEAD, Conclusion.CANCELLED),
        (NEXT, Conclusion.FAILURE),
    ]


def test_a_check_run_whose_start_could_not_be_noted_ends_with_a_review_that_is_given_up(context):
    context.fake_forge.after = On("start_check", Unavailable("502"), times=1)
    context.accept()
    assert context.serve() is not None
    context.fake_forge.before = On("start_check", Refused(403, "Resource not accessible by integration"), times=1)
    assert context.serve() is None
    [check] = context.fake_forge.checks.values()
    assert check.ending == (Conclusion.NEUTRAL, "Not reviewed")


def test_a_head_that_the_api_does_not_show_yet_is_waited_for(context):
    context.accept(NEWER)
    later = context.serve("d-2")
    assert later is not None
    assert not context.fake_forge.checks
    context.fake_forge.push(NEXT)
    context.serve("d-2")
    assert [review.commit_sha for review in context.fake_forge.reviews.values()] == [NEXT]


def test_a_head_that_never_shows_up_gives_way_to_the_one_that_stands(context):
    context.accept(NEWER)
    context.store.database.rows("UPDATE deliveries SET received_at = received_at - interval '2 minutes'")
    context.serve("d-2")
    stands_once(context.fake_forge)


def test_a_draft_is_reviewed_where_the_repository_wants_it(context):
    context.fake_forge.pull = replace(context.fake_forge.pull, is_draft=True)
    context.drafts_wanted = True
    context.accept()
    context.serve()
    assert context.analysed == 1


def test_a_repository_may_leave_drafts_alone_that_the_server_reviews(context):
    context.fake_forge.pull = replace(context.fake_forge.pull, is_draft=True)
    context.review_drafts, context.drafts_wanted = True, False
    context.accept()
    context.serve()
    assert context.analysed == 0


@pytest.mark.parametrize(("change", "reason"), [({"is_open": False}, "closed"), ({"is_draft": True}, "a draft")])
def test_closed_pull_requests_and_drafts_get_no_review(context, change, reason):
    context.fake_forge.pull = replace(context.fake_forge.pull, **change)
    context.accept()
    context.serve()
    assert context.state() == ("done", f"the pull request is {reason}")
    assert not context.fake_forge.checks


def test_a_worker_that_lost_its_lock_does_not_post(context):
    def stalled():
        context.store.database.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        context.analysis = found
        return found

    found, context.analysis = context.analysis, stalled
    context.accept()
    assert context.serve() is not None
    assert not context.fake_forge.reviews
    context.serve()
    stands_once(context.fake_forge)


def test_a_worker_that_another_has_overtaken_does_not_post(context):
    def overtaken():
        context.analysis = found
        context.store.database.rows("UPDATE reviews SET step = 'concluded'")
        return found

    found, context.analysis = context.analysis, overtaken
    context.accept()
    assert context.serve() is not None
    assert not context.fake_forge.reviews


def test_while_one_works_on_a_pull_request_another_waits(context):
    context.accept()
    with context.store.database.sole_holder("pull-request:77:3"):
        assert context.serve() is not None
    assert context.fake_forge.calls == []


def test_a_worker_that_is_told_to_stop_queues_its_job_again(context):
    context.accept()
    context.stopping.set()
    assert context.serve() is not None
    assert not context.fake_forge.checks


REFUSED = Refused(422, "pull_request_review_thread.line")
ELSEWHERE = "@@ -9,2 +9,3 @@\n }\n+\n }"


def test_a_comment_outside_of_the_forges_own_diff_moves_to_its_file(context):
    context.accept()
    context.fake_forge.compared = replace(COMPARISON, files=(replace(COMPARISON.files[0], patch=ELSEWHERE),))
    context.fake_forge.before = On("post_review", REFUSED, times=1)
    context.serve()
    assert [comment.path for comment in context.fake_forge.file_comments.values()] == ["app/actions.ts"]
    assert list(context.fake_forge.inline.values()) == [()]
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [Conclusion.FAILURE]


def test_comments_that_the_forges_own_diff_vouches_for_are_tried_one_by_one(context):
    context.accept()
    context.fake_forge.before = On("post_review", REFUSED, times=1)
    context.serve()
    assert list(context.fake_forge.inline.values()) == [()]
    assert [comment.path for comment in context.fake_forge.line_comments.values()] == ["app/actions.ts"]
    assert not context.fake_forge.file_comments


@pytest.mark.parametrize("refused", [("post_line_comment",), ("post_line_comment", "post_file_comment")])
def test_a_comment_that_is_refused_alone_moves_to_its_file_and_at_last_to_the_summary(context, refused):
    def refuse(call):
        if call in refused or (call == "post_review" and context.fake_forge.calls.count(call) == 1):
            raise REFUSED

    context.accept()
    context.fake_forge.before = refuse
    context.serve()
    assert len(context.fake_forge.file_comments) == 2 - len(refused)
    (summary,) = context.fake_forge.conversation.values()
    assert "No session is required in `removePost`" in summary
    assert context.state() == ("done", "concluded: failure")


def test_a_review_that_is_refused_because_somebody_pushed_gives_way_to_the_new_head(context):
    def push(call):
        if call == "post_review" and context.fake_forge.pull.head_sha == HEAD:
            context.fake_forge.push(NEXT)
            context.store.deliveries.accept(NEWER)
            raise REFUSED

    context.accept()
    context.fake_forge.before = push
    assert context.serve() is not None
    context.serve()
    context.serve("d-2")
    assert [review.commit_sha for review in context.fake_forge.reviews.values()] == [NEXT]
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [
        Conclusion.CANCELLED,
        Conclusion.FAILURE,
    ]


def test_a_push_that_was_delivered_out_of_order_stops_no_review(context):
    context.accept()
    context.accept(replace(NEWER, trigger="comment:1", guid="d-0"))
    context.store.database.rows("UPDATE deliveries SET trigger = 'push', head_sha = %s WHERE guid = 'd-0'", NEXT)
    context.serve()
    stands_once(context.fake_forge)


@pytest.mark.parametrize("number", range(1, 20))
@pytest.mark.parametrize("patch", [ELSEWHERE, COMPARISON.files[0].patch])
def test_comments_apart_from_the_review_are_not_repeated_after_a_kill(context, number, patch):
    context.accept()
    context.fake_forge.compared = replace(COMPARISON, files=(replace(COMPARISON.files[0], patch=patch),))
    context.fake_forge.before = On("post_review", REFUSED, times=1)
    context.fake_forge.after = Nth(number, Killed())
    try:
        context.serve()
    except Killed:
        context.serve()
    assert len(context.fake_forge.reviews) == 1
    (inline,) = context.fake_forge.inline.values()
    assert len(inline) + len(context.fake_forge.file_comments) + len(context.fake_forge.line_comments) == 1
    assert [check.ending[0] for check in context.fake_forge.checks.values()] == [Conclusion.FAILURE]


def test_a_command_is_seen_obeyed_and_acknowledged(context):
    context.accept()
    context.serve()
    context.fake_forge.permissions["bob"] = "write"
    context.accept(replace(COMMAND, actor="bob"))
    context.serve("d-9")
    assert context.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
    assert [check.external_id.split(":")[3] for check in context.fake_forge.checks.values()] == ["push", "comment"]


def test_the_author_may_ask_without_write_permission(context):
    context.accept(COMMAND)
    context.serve("d-9")
    assert context.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
    stands_once(context.fake_forge)


def test_a_command_on_a_draft_is_obeyed(context):
    context.fake_forge.pull = replace(context.fake_forge.pull, is_draft=True)
    context.accept(COMMAND)
    context.serve("d-9")
    stands_once(context.fake_forge)


@pytest.mark.parametrize("permission", ["none", "read"])
def test_others_may_not_ask(context, permission):
    context.fake_forge.permissions["mallory"] = permission
    context.accept(replace(COMMAND, actor="mallory"))
    context.serve("d-9")
    assert context.fake_forge.reactions == [(9, "-1")]
    assert not context.fake_forge.checks


def test_a_command_that_cannot_be_obeyed_is_answered_with_a_thumb_down(context):
    context.accept(COMMAND)
    context.fake_forge.before = On("comparison", Refused(403, "no"))
    context.serve("d-9")
    assert context.fake_forge.reactions == [(9, "eyes"), (9, "-1")]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_command_killed_at_any_instant_is_obeyed_once(context, moment):
    for number in range(1, 16):
        context.fake_forge = FakeForge()
        context.store.database.rows("TRUNCATE deliveries, reviews, summaries, told, procrastinate_jobs CASCADE")
        context.accept(COMMAND)
        setattr(context.fake_forge, moment, Nth(number, Killed()))
        try:
            context.serve("d-9")
        except Killed:
            context.serve("d-9")
        stands_once(context.fake_forge)
        assert context.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
