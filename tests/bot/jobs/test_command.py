"""Commands: who may give them, what they do, and how they are answered."""

from dataclasses import replace

import pytest

from preship.bot.configuration.document import read_document
from preship.bot.jobs.inbox import ASKS, Ask
from preship.bot.review.answers import HELP
from preship.bot.review.forge import NotGranted, Refused
from preship.bot.review.marker import read_marker
from preship.bot.review.pull_request import Conclusion
from tests.bot.jobs.conftest import FAULT, PUSHED
from tests.bot.jobs.fake_forge import COMPARISON, FakeForge, Killed, Nth, On

TOLD_COMMENT = 1000
"""The comment that tells the one finding."""

IGNORE = f"/preship ignore {FAULT.rule} -- a public counter"


@pytest.fixture
def told(context):
    """A pull request whose one fault was told, and on which bob may write."""
    context.accept()
    context.serve()
    context.fake_forge.permissions["bob"] = "write"
    return context


def ask(context, text, *, who="bob", thread=None, number=9, guid=None):
    """Somebody gives a command; what the delivery ended with."""
    trigger = f"comment:{number}" if thread is None else f"reply:{number}"
    guid = guid or f"c-{number}"
    asked = ASKS.dump_json(Ask(number, thread, text)).decode()
    context.accept(
        replace(PUSHED, guid=guid, event="issue_comment", head_sha=None, actor=who, trigger=trigger, request=asked)
    )
    assert context.serve(guid) is None
    return context.state(guid)


def answered(context, thread=None):
    """The last words that were said, without their mark."""
    said = (
        [text for _, text in context.fake_forge.answers] if thread else list(context.fake_forge.conversation.values())
    )
    return said[-1].rpartition("\n\n<!--")[0]


def conclusions(context):
    return [check.ending[0] for check in context.fake_forge.checks.values()]


def test_an_ignored_finding_no_longer_counts_and_the_summary_says_who_and_why(told):
    assert ask(told, IGNORE, thread=TOLD_COMMENT)[0] == "done"
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
    assert conclusions(told) == [Conclusion.FAILURE, Conclusion.SUCCESS]
    (summary,) = told.fake_forge.conversation.values()
    assert "a public counter (by `bob` on this pull request)" in summary
    (row,) = told.store.history.dismissals(77, 3)
    assert (row.rule, row.who, row.reason, row.comment_id) == (FAULT.rule, "bob", "a public counter", 9)


def test_an_ignored_finding_stays_ignored_on_the_next_push(told):
    ask(told, IGNORE, thread=TOLD_COMMENT)
    told.fake_forge.push("b" * 40)
    told.accept(replace(PUSHED, guid="d-2", head_sha="b" * 40))
    told.serve("d-2")
    assert conclusions(told)[-1] is Conclusion.SUCCESS


@pytest.mark.parametrize(
    ("text", "thread", "words"),
    [
        (IGNORE, None, "I cannot tell which finding is meant"),
        (IGNORE, 77, "I cannot tell which finding is meant"),
        (f"/preship ignore {FAULT.rule}", TOLD_COMMENT, "Say why"),
        (f"/preship ignore {FAULT.rule} --", TOLD_COMMENT, "Say why"),
        ("/preship ignore", TOLD_COMMENT, "Say which rule"),
        ("/preship ignore missing-authentification -- x", TOLD_COMMENT, "Did you mean `missing-authentication`"),
        (
            "/preship ignore missing-ownership-check -- x",
            TOLD_COMMENT,
            "the comment above is about `missing-authentication`, and not about `missing-ownership-check`",
        ),
    ],
)
def test_what_cannot_be_ignored_is_answered_with_the_reason(told, text, thread, words):
    ask(told, text, thread=thread)
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "-1")]
    assert words in answered(told, thread)
    assert told.store.history.dismissals(77, 3) == []


def test_a_rule_is_explained_where_it_was_asked(told):
    ask(told, "/preship explain missing-authentication", thread=TOLD_COMMENT)
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
    assert answered(told, TOLD_COMMENT).startswith("### `missing-authentication`: ")
    assert told.analysed == 1


@pytest.mark.parametrize("text", ["/preship help", "/preship", "/preship reveiw"])
def test_help_and_what_is_not_understood_show_the_commands(told, text):
    ask(told, text)
    assert answered(told) == HELP
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "+1")]


@pytest.mark.parametrize("text", [IGNORE, "/preship help", "/preship explain missing-authentication"])
@pytest.mark.parametrize("who", ["ada", "mallory"])
def test_only_those_who_may_write_are_obeyed_the_author_included(told, text, who):
    told.fake_forge.permissions["mallory"] = "read"
    ask(told, text, who=who, thread=TOLD_COMMENT)
    assert told.fake_forge.reactions == [(9, "-1")]
    assert "Only people with write access" in answered(told, TOLD_COMMENT)
    assert told.store.history.dismissals(77, 3) == []


def test_who_asks_in_vain_again_is_answered_no_more(told):
    for number in (9, 10, 11):
        ask(told, "/preship help", who="mallory", number=number)
    assert told.fake_forge.reactions == [(9, "-1")]
    assert len(told.fake_forge.conversation) == 2, "the summary and one answer"


def test_a_review_that_is_not_possible_says_why(told):
    told.fake_forge.pull = replace(told.fake_forge.pull, is_open=False)
    ask(told, "/preship review")
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "-1")]
    assert answered(told) == "There was nothing to review: the pull request is closed."


def test_a_review_that_is_given_up_says_why(told):
    told.fake_forge.before = On("comparison", Refused(403, "no such luck"))
    ask(told, "/preship review")
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "-1")]
    assert "no such luck" in answered(told)


def test_a_comment_that_was_deleted_meanwhile_still_gets_its_review(told):
    told.fake_forge.before = On("react", Refused(404, "Not Found"))
    assert ask(told, "/preship review") == ("done", "concluded: failure")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("text", ["/preship help", f"/preship explain {FAULT.rule}", IGNORE])
def test_killed_at_any_instant_a_command_is_answered_once(context, moment, text):
    for number in range(1, 14):
        context.store.database.rows(
            "TRUNCATE deliveries, reviews, summaries, told, dismissals, procrastinate_jobs CASCADE"
        )
        context.fake_forge = FakeForge(permissions={"bob": "write"})
        context.accept()
        context.serve()
        setattr(context.fake_forge, moment, Nth(number, Killed()))
        try:
            ask(context, text, thread=TOLD_COMMENT)
        except Killed:
            assert context.serve("c-9") is None
        assert context.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
        assert len(context.fake_forge.answers) == (0 if text == IGNORE else 1)
        assert len(context.store.history.dismissals(77, 3)) == (1 if text == IGNORE else 0)


WIDEN = f"/preship ignore {FAULT.rule} in app/admin/** -- behind the VPN"

ADDED = b"""\
exceptions:
  - rule: missing-authentication
    actions: app/admin/**
    reason: behind the VPN
"""


def audited(told):
    return [(row.who, row.what, row.about) for row in told.store.listings.audit([77], 9, with_service=False)]


def test_an_ignore_that_is_widened_to_its_kind_is_proposed(told):
    told.fake_forge.configuration = b"fail-on: low  # for now\n"
    assert ask(told, WIDEN) == ("done", "answered: ignore")
    [(number, proposal)] = told.fake_forge.proposals.items()
    assert proposal.content == b"fail-on: low  # for now\n" + ADDED
    assert (number, proposal.title) == (41, "Ignore missing-authentication in app/admin/**")
    assert (
        proposal.body
        == """\
`bob` asked for this on #3: findings of `missing-authentication` in `app/admin/**` are meant to stand.

> behind the VPN

Once it is merged, reviews of changes of `main` show such findings with this reason and count them for nothing, those \
of actions to come as well. Closing it leaves everything as it is."""
    )
    assert answered(told) == "I propose that in #41. It counts once somebody has merged it into `main`."
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
    assert told.store.history.dismissals(77, 3) == []
    assert audited(told) == [("bob", "proposed an exception", "missing-authentication in app/admin/**, #41")]
    [row] = told.store.listings.widened([77], 9)
    assert (row.repository, row.number, row.proposed_in, row.who) == ("acme/shop", 3, 41, "bob")
    assert (row.rule, row.actions, row.reason) == (FAULT.rule, "app/admin/**", "behind the VPN")


def test_what_is_proposed_already_is_not_proposed_again(told):
    ask(told, WIDEN)
    told.fake_forge.permissions["eve"] = "write"
    ask(told, f"{WIDEN}, and more", who="eve", number=10)
    assert list(told.fake_forge.proposals) == [41]
    assert answered(told) == "That is proposed already, in #41. It counts once somebody has merged it into `main`."
    assert len(audited(told)) == 1
    ask(told, f"/preship ignore {FAULT.rule} in app/other/** -- x", number=11)
    assert list(told.fake_forge.proposals) == [41, 42]


def test_where_the_app_may_not_push_the_answer_has_the_lines_to_paste(told):
    told.fake_forge.before = On("propose", NotGranted(422, "not granted"))
    ask(told, WIDEN)
    assert (
        answered(told)
        == f"""\
I cannot propose that myself: for a branch of its own, the app would need to be granted `contents: write` here.

This says it in `.github/preship.yml` of the default branch:

```yaml
{ADDED.decode()}```"""
    )
    assert told.fake_forge.reactions == [(9, "eyes"), (9, "-1")]
    assert audited(told) == []


@pytest.mark.parametrize(
    ("call", "configuration", "says"),
    [
        ("propose", None, "GitHub did not let me propose that: Repository rule violations found"),
        ("", b"fail-on: lwo\n", "The file has mistakes: `preship check-config` shows them."),
        ("", ADDED, "The file says so already: behind the VPN"),
        ("", b"{fail-on: low}", "The file is written in a way that I do not dare to edit."),
    ],
)
def test_what_cannot_be_proposed_has_the_lines_to_paste(told, call, configuration, says):
    told.fake_forge.configuration = configuration
    told.fake_forge.before = On(call, Refused(409, "Repository rule violations found"))
    ask(told, WIDEN)
    assert answered(told).startswith(f"{says}\n\nThis says it in")
    assert ADDED.decode() in answered(told)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (f"{FAULT.rule} in app/** ", "Say why: `/preship ignore RULE -- reason`."),
        ("no-rule in app/** -- x", "There is no rule `no-rule`."),
        (f"{FAULT.rule} in -- x", "A pattern has 1 to 300 characters."),
        (f"{FAULT.rule} in {'a' * 400} -- x", "A pattern has 1 to 300 characters."),
        (f"{FAULT.rule} in ../** -- x", "Paths begin at the root of the repository, without '/' or '.' in front."),
        (f"{FAULT.rule} in app/** -- {'x' * 900}", "A reason has 500 characters at most."),
        (f"{FAULT.rule} in app/** -- \u202ereason", "It has characters in it that nobody can see."),
    ],
)
def test_an_ignore_that_no_file_may_hold_is_refused(told, words, says):
    ask(told, f"/preship ignore {words}")
    assert answered(told).startswith(says)
    assert not told.fake_forge.proposals


@pytest.mark.parametrize(
    "hostile", ['"', "'", "fixes #1 @ada", "# no", "a: b", "- x", "{{ x }}", "```", "*alias", "&x", "|"]
)
def test_words_of_a_command_do_nothing_but_stand_there(told, hostile):
    ask(told, f"/preship ignore {FAULT.rule} in app/{hostile}/** -- {hostile} because")
    [proposal] = told.fake_forge.proposals.values()
    read = read_document(proposal.content).value
    assert read == {
        "exceptions": [{"rule": FAULT.rule, "actions": f"app/{hostile}/**", "reason": f"{hostile} because"}]
    }
    assert not set("#@\"'`") & set(proposal.title + proposal.message)
    shown = proposal.body.replace(f"`app/{hostile}/**`", "")
    assert "@ada" not in shown
    assert "#1 " not in shown


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_instant_an_ignore_is_proposed_once(context, moment):
    for number in range(1, 14):
        context.store.database.rows(
            "TRUNCATE deliveries, reviews, summaries, told, proposals, audit, procrastinate_jobs CASCADE"
        )
        context.fake_forge = FakeForge(permissions={"bob": "write"})
        context.accept()
        context.serve()
        setattr(context.fake_forge, moment, Nth(number, Killed()))
        try:
            ask(context, WIDEN)
        except Killed:
            assert context.serve("c-9") is None
        assert context.fake_forge.reactions == [(9, "eyes"), (9, "+1")]
        assert list(context.fake_forge.proposals) == [41]
        assert len(audited(context)) == 1


def test_an_answer_of_ours_is_no_comment_that_tells_a_finding(told):
    ask(told, "/preship help", thread=TOLD_COMMENT)
    (answer,) = told.fake_forge.answers
    marker = read_marker(answer[1], told.worker_context.marker_key)
    assert marker is not None
    assert marker.kind == "answer"


def click(context, who, trigger="check:8", number=3, **more):
    context.accept(replace(PUSHED, guid=trigger, head_sha=None, actor=who, trigger=trigger, number=number, **more))
    assert context.serve(trigger) is None
    return context.state(trigger)


def test_a_check_run_that_a_writer_asks_for_again_is_made_again(told):
    assert click(told, "bob") == ("done", "concluded: failure")
    assert conclusions(told) == [Conclusion.FAILURE, Conclusion.FAILURE]
    assert len(told.fake_forge.reviews) == 1


def test_others_may_not_ask_for_a_check_run(told):
    state, reason = click(told, "mallory")
    assert (state, reason) == ("done", "not obeyed: only people with write access may ask for another run")
    assert len(told.fake_forge.checks) == 1


GROUP = '{"base_sha": "%s", "base_ref": "refs/heads/main", "head_ref": "refs/heads/queue/main/pr-3"}' % ("c" * 40)


def queue(context, head="e" * 40, guid="g-1"):
    context.accept(
        replace(PUSHED, guid=guid, event="merge_group", number=0, head_sha=head, trigger="merge_group", request=GROUP)
    )


def test_a_merge_group_gets_a_check_run_and_nothing_else(told):
    before = (dict(told.fake_forge.reviews), dict(told.fake_forge.conversation))
    queue(told)
    assert told.serve("g-1") is None
    assert told.state("g-1") == ("done", "concluded: failure")
    assert [check.head_sha for check in told.fake_forge.checks.values()][-1] == "e" * 40
    assert (dict(told.fake_forge.reviews), dict(told.fake_forge.conversation)) == before


def test_what_was_ignored_on_its_pull_request_stops_no_merge_group(told):
    ask(told, IGNORE, thread=TOLD_COMMENT)
    queue(told)
    told.serve("g-1")
    assert told.state("g-1") == ("done", "concluded: success")


@pytest.mark.parametrize("number", range(1, 6))
def test_a_merge_group_killed_at_any_instant_is_concluded(told, number):
    queue(told)
    told.fake_forge.after = Nth(number, Killed())
    try:
        told.serve("g-1")
    except Killed:
        assert told.serve("g-1") is None
    assert [check.endings for check in told.fake_forge.checks.values() if check.head_sha == "e" * 40] in ([1], [2])


def test_a_merge_group_that_cannot_be_judged_leaves_others_alone(told):
    queue(told)
    told.fake_forge.before = On("comparison", Refused(403, "no"), times=1)
    told.serve("g-1")
    queue(told, "f" * 40, "g-2")
    told.serve("g-2")
    assert conclusions(told)[1:] == [Conclusion.NEUTRAL, Conclusion.FAILURE]
    assert told.fake_forge.compared is COMPARISON
