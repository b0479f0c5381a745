from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preship.analyzers.analysis import (
    Advice,
    Answer,
    Confidence,
    Edit,
    Failure,
    Persona,
    Severity,
    Status,
    Step,
    Touch,
    Unjudged,
)
from preship.bot.review.marker import Kind, Marker, read_marker, write_marker
from preship.bot.review.patch import hunks
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import ReviewPolicy
from preship.bot.review.pull_request import Conclusion, Side
from tests.bot.review.samples import (
    ACTION,
    FINDING,
    HEAD,
    KEY,
    PATCH,
    SOUND,
    analysis,
    comparison,
    finding,
    patched,
    reached,
)

DIFF = comparison(patched(ACTION.path, PATCH))
RULES = "https://preship.example/rules"
SOURCE = f"https://github.com/acme/shop/blob/{HEAD}"


def plan(*actions, compared=DIFF, failures=(), unjudged=(), **options):
    return plan_review(
        analysis(*actions, failures=failures, unjudged=unjudged), compared, 7, HEAD, marker_key=KEY, **options
    )


def mark(kind, *fingerprints):
    return write_marker(Marker(kind, 7, HEAD, fingerprints), KEY)


def with_findings(*findings):
    return replace(ACTION, findings=findings)


def test_a_comment_says_who_can_do_what_how_that_was_seen_and_how_to_fix_it():
    (comment,) = plan(ACTION, rules_url=RULES, source_url=SOURCE).comments
    assert (comment.path, comment.line, comment.side, comment.start_line) == (ACTION.path, 9, Side.RIGHT, None)
    assert comment.body == (
        "**Anyone on the internet can delete from `post`.** `deletePost` deletes a post without asking who is calling."
        " Anyone on the internet can delete any post.\n\n"
        f"1. [`app/posts/actions.ts:7`]({SOURCE}/app/posts/actions.ts#L7)"
        " the action begins, and no proof of identity is looked for\n"
        f"2. [`app/posts/actions.ts:9`]({SOURCE}/app/posts/actions.ts#L9)"
        " `db.post.delete` deletes the post that the caller names\n\n"
        "**Fix:** Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n\n"
        f"<sub>[`missing-authentication`]({RULES}/missing-authentication) · high · certain ·"
        " Meant to be open? `// preship: public -- why` above the action,"
        " or answer `/preship ignore missing-authentication -- why`.</sub>\n\n"
        + mark(Kind.COMMENT, FINDING.fingerprint)
    )


def test_a_finding_without_a_headline_is_called_by_its_title():
    (comment,) = plan(with_findings(replace(FINDING, headline=""))).comments
    assert comment.body.startswith("**Missing authentication in `deletePost`.** `deletePost` deletes a post")


def test_a_comment_begins_its_sentences_with_a_capital():
    inline = replace(ACTION, name=None, findings=(replace(FINDING, message="this inline action writes."),))
    (comment,) = plan(inline).comments
    assert ".** This inline action writes.\n\n" in comment.body


def test_a_trail_that_only_repeats_the_comments_own_line_is_left_out():
    (comment,) = plan(with_findings(replace(FINDING, trail=FINDING.trail[1:]))).comments
    assert "1. " not in comment.body
    assert "\n\n\n" not in comment.body


def test_a_trail_of_one_step_to_another_line_is_told():
    (comment,) = plan(with_findings(replace(FINDING, trail=FINDING.trail[:1]))).comments
    assert "\n\n1. `app/posts/actions.ts:7` the action begins" in comment.body


def test_a_fault_of_ownership_is_not_answered_by_declaring_the_action_public():
    (comment,) = plan(with_findings(replace(FINDING, rule="missing-ownership-check"))).comments
    assert (
        "<sub>`missing-ownership-check` · high · certain · Meant to be so?"
        " `// preship: ignore missing-ownership-check -- why` above the line,"
        " or answer `/preship ignore missing-ownership-check -- why`.</sub>"
    ) in comment.body


def test_a_comment_to_us_that_has_no_effect_is_not_answered_by_another():
    (comment,) = plan(with_findings(replace(FINDING, rule="idle-declaration"))).comments
    assert "<sub>`idle-declaration` · high · certain</sub>" in comment.body


def test_the_review_itself_is_short_and_marked():
    assert plan(ACTION, SOUND).body == (
        "What is to fix stands at its lines, and what was checked in *Before you ship*.\n\n" + mark(Kind.REVIEW)
    )


def test_a_weakened_check_is_told_once_and_names_every_action_that_it_exposes():
    cause = Step("lib/session.ts", 3, "is changed here")
    actions = [reached(name, 10 * number, number, cause) for number, name in enumerate(("add", "edit", "drop"), 1)]
    patch = "@@ -2,5 +2,4 @@\n a\n b\n-  if (!s) redirect('/login')\n c\n d"
    (comment,) = plan(*actions, compared=comparison(patched("lib/session.ts", patch))).comments
    assert (comment.path, comment.line, comment.side) == ("lib/session.ts", 4, Side.LEFT)
    assert comment.body == (
        "**This change exposes 3 Server Actions.** They run `lib/session.ts:3`, which is changed here.\n\n"
        "- `add`: Anyone on the internet can delete from `post` (`app/posts/actions.ts:12`)\n"
        "- `edit`: Anyone on the internet can delete from `post` (`app/posts/actions.ts:22`)\n"
        "- `drop`: Anyone on the internet can delete from `post` (`app/posts/actions.ts:32`)\n\n"
        "**Fix:** Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n\n"
        "<sub>`missing-authentication` · high · certain · Meant to be open? `// preship: public -- why` above the"
        " action, or answer `/preship ignore missing-authentication -- why`.</sub>\n\n"
        + mark(Kind.COMMENT, *(f"{number:016x}" for number in (1, 2, 3)))
    )


def test_a_comment_on_one_reached_action_tells_its_trail_and_its_cause():
    action = reached("add", 10, 1, Step("lib/session.ts", 3, "is changed here"))
    (comment,) = plan(action, compared=comparison(patched("lib/session.ts", "@@ -3 +3 @@\n-a\n+b"))).comments
    assert "It runs `lib/session.ts:3`, which is changed here.\n\n1. `app/posts/actions.ts:7`" in comment.body


def test_of_several_rules_at_one_cause_each_entry_says_its_own():
    cause = Step("lib/session.ts", 3, "is changed here")
    one, two = reached("add", 10, 1, cause), reached("edit", 20, 2, cause)
    (found,) = two.findings
    record = replace(found, rule="raw-record-return", headline="`edit` returns every column")
    two = replace(two, findings=(record,))
    (comment,) = plan(one, two, compared=comparison(patched("lib/session.ts", "@@ -3 +3 @@\n-a\n+b"))).comments
    assert (
        "- `add`: Anyone on the internet can delete from `post` (`app/posts/actions.ts:12`)\n"
        "- `edit` returns every column (`app/posts/actions.ts:22`)\n"
    ) in comment.body


def test_advice_that_differs_only_in_who_follows_it_is_given_once():
    asks = "Call `requireUser()` first"
    said = [Advice(f"{asks}, as {count} other actions in this file do.", asks) for count in (4, 7)]
    shared = [
        replace(ACTION, name=f"act{n}", findings=(finding(n, advice=text),)) for n, text in enumerate(said, start=1)
    ]
    (comment,) = plan(*shared).comments
    assert comment.body.count("Call `requireUser()` first") == 1


def test_what_stood_before_is_nuance_or_unsure_is_no_comment():
    quiet = with_findings(
        finding(1, status=Status.STANDING),
        finding(2, persona=Persona.PEDANTIC),
        finding(3, confidence=Confidence.LOW),
    )
    planned = plan(quiet)
    assert (planned.body, planned.comments, planned.file_comments) == ("", (), ())
    assert not planned.posts_review


def test_what_a_comment_of_ours_says_already_is_not_said_again_but_still_counts():
    planned = plan(ACTION, said={FINDING.fingerprint})
    assert (planned.body, planned.comments, planned.conclusion) == ("", (), Conclusion.FAILURE)
    assert "\n- ❌ Anyone on the internet can delete from `post`: `deletePost` (`app/posts/actions.ts:9`)\n" in (
        planned.summary
    )


def test_a_worsened_finding_is_told():
    assert plan(with_findings(replace(FINDING, status=Status.WORSENED))).comments


def test_the_worst_come_first_and_the_rest_stands_in_the_summary():
    mild = finding(1, rule="a", severity=Severity.MEDIUM, line=8, end_line=8)
    bad = finding(2, rule="b", severity=Severity.CRITICAL)
    planned = plan(with_findings(mild, bad), policy=ReviewPolicy(inline_limit=1))
    assert [comment.fingerprint for comment in planned.comments] == [bad.fingerprint]
    assert "1 more fault found no line of the diff or no room, and is listed there." in planned.body
    assert [line[2:4].strip() for line in planned.summary.split("\n") if line[:3] in ("- ❌", "- ⚠")] == ["❌", "⚠️"]


def test_more_than_five_findings_of_one_rule_become_one_comment():
    patch = "@@ -0,0 +1,12 @@\n" + "\n".join(f"+line {number}" for number in range(12))
    actions = [
        replace(ACTION, name=f"act{n}", line=n, end_line=n, findings=(finding(n, line=n, end_line=n),))
        for n in range(1, 7)
    ]
    compared = comparison(patched(ACTION.path, patch))
    assert len(plan(*actions[:5], compared=compared).comments) == 5
    (comment,) = plan(*actions, compared=compared).comments
    assert comment.line == 1
    places = [f"`act{n}` (`app/posts/actions.ts:{n}`)" for n in range(2, 7)]
    assert comment.body.startswith(
        "**Anyone on the internet can delete from `post`.** `deletePost` deletes a post without asking who is calling."
        " Anyone on the internet can delete any post.\n\n"
        f"The same holds for {', '.join(places[:-1])} and {places[-1]}.\n\n**Fix:**"
    )
    assert read_marker(comment.body, KEY).fingerprints == tuple(f"{n:016x}" for n in range(1, 7))


def test_a_line_that_several_actions_share_bears_one_comment():
    shared = [replace(ACTION, name=name, findings=(finding(n),)) for n, name in enumerate(("one", "two"), 1)]
    (comment,) = plan(*shared).comments
    assert "\n\nThe same holds for `two`.\n\n" in comment.body
    assert read_marker(comment.body, KEY).fingerprints == (f"{1:016x}", f"{2:016x}")


def test_a_file_whose_patch_is_missing_bears_a_comment_on_the_file():
    planned = plan(ACTION, compared=comparison(patched(ACTION.path, None)))
    assert [(comment.path, comment.fingerprint) for comment in planned.file_comments] == [
        (ACTION.path, FINDING.fingerprint)
    ]
    assert planned.comments == ()


def test_a_finding_without_any_place_stands_in_the_summary():
    planned = plan(ACTION, compared=comparison())
    assert (planned.comments, planned.file_comments) == ((), ())
    assert "1 more fault found no line of the diff or no room, and is listed there." in planned.body
    assert "- ❌ Anyone on the internet can delete from `post`: `deletePost`" in planned.summary


def test_a_suggestion_is_offered_only_on_the_very_lines_that_it_replaces():
    mend = replace(FINDING, suggestion=Edit(FINDING.line, FINDING.end_line, "  const s = ```x```"))
    assert "\n\n````suggestion\n  const s = ```x```\n````\n\n" in plan(with_findings(mend)).comments[0].body
    elsewhere = with_findings(replace(mend, suggestion=Edit(40, 40, "  const s = 1")))
    assert "suggestion" not in plan(elsewhere).comments[0].body


def test_a_comment_stands_where_its_edit_can_be_accepted():
    mend = Edit(8, 8, "  const { user } = await auth()", leaves=("no ownership check",))
    (comment,) = plan(with_findings(replace(FINDING, suggestion=mend))).comments
    assert (comment.line, comment.start_line) == (8, None)
    assert (
        "```suggestion\n  const { user } = await auth()\n```\n\nStill to do after this edit: no ownership check.\n\n"
    ) in comment.body


def test_the_check_fails_for_what_is_new_and_bad_enough():
    medium = with_findings(replace(FINDING, severity=Severity.MEDIUM))
    assert plan(ACTION).conclusion is Conclusion.FAILURE
    assert plan(medium).conclusion is Conclusion.NEUTRAL
    assert plan(medium, policy=ReviewPolicy(fail_on=Severity.MEDIUM)).conclusion is Conclusion.FAILURE


def test_the_check_succeeds_only_if_everything_was_seen():
    unsure = replace(SOUND, checklist=(replace(SOUND.checklist[0], answer=Answer.UNSEEN),))
    assert plan(SOUND).conclusion is Conclusion.SUCCESS
    assert plan(replace(SOUND, unseen=ACTION.unseen)).conclusion is Conclusion.NEUTRAL
    assert plan(unsure).conclusion is Conclusion.NEUTRAL
    assert plan(SOUND, failures=(Failure("a.ts", "larger than 2 MB"),)).conclusion is Conclusion.NEUTRAL


def test_the_check_fails_for_what_was_not_judged_where_the_repository_wants_that():
    strict = ReviewPolicy(fail_on=None, fails_unseen=True)
    assert plan(SOUND, policy=strict).conclusion is Conclusion.SUCCESS
    assert plan(replace(SOUND, unseen=ACTION.unseen), policy=strict).conclusion is Conclusion.FAILURE
    assert plan(SOUND, failures=(BIG,), policy=strict).conclusion is Conclusion.FAILURE
    assert plan(SOUND, unjudged=(CUT_OFF,), policy=strict).conclusion is Conclusion.FAILURE
    assert plan(SOUND, unjudged=(CUT_OFF,)).conclusion is Conclusion.NEUTRAL


BIG = Failure("app/big.ts", "larger than 2 MB")
WHOLE = Unjudged("app/big.ts", None, None, "larger than 2 MB")
CUT_OFF = Unjudged("app/heavy.ts", "compute", 4, "the budget of steps is used up")
NAMELESS = Unjudged("app/page.tsx", None, 9, "the budget of steps is used up")


@pytest.mark.parametrize(
    ("actions", "left", "title"),
    [
        ((), (WHOLE,), "1 touched file could not be judged"),
        ((), (CUT_OFF, NAMELESS), "2 actions could not be judged"),
        ((), (CUT_OFF, WHOLE), "1 action could not be judged, 1 touched file could not be judged"),
        ((SOUND,), (CUT_OFF, NAMELESS), "Nothing to fix in 1 touched Server Action, 2 actions could not be judged"),
        (
            (replace(SOUND, unseen=ACTION.unseen),),
            (CUT_OFF,),
            "Nothing to fix in 1 touched Server Action, 2 actions could not be judged in full",
        ),
    ],
)
def test_the_title_counts_what_could_not_be_judged(actions, left, title):
    planned = plan(*actions, unjudged=left, failures=(BIG,) if WHOLE in left else ())
    assert planned.check_title == title
    assert planned.check_summary.startswith(f"{title}.\n\n")
    assert planned.summary is not None
    assert planned.summary.split("\n\n")[0] == f"❔ **Before you ship:** {title[:1].lower()}{title[1:]}."


def test_what_was_touched_and_not_judged_is_named_in_a_summary_of_its_own():
    planned = plan(unjudged=(CUT_OFF, WHOLE), failures=(BIG,))
    assert planned.summary is not None
    assert (
        "- ❔ `app/heavy.ts:4`, `compute`, was not judged: the budget of steps is used up\n"
        "- ❔ `app/big.ts` was not judged: larger than 2 MB\n\n"
        "<sub>Preship read commit"
    ) in planned.summary
    assert planned.check_summary == (
        "1 action could not be judged, 1 touched file could not be judged.\n\n"
        "- `app/heavy.ts:4`, `compute`, was not judged: the budget of steps is used up\n"
        "- `app/big.ts` was not judged: larger than 2 MB"
    )


def test_the_check_tells_in_its_title_what_was_touched():
    assert (
        plan(ACTION, SOUND).check_title
        == "1 fault to fix in 2 touched Server Actions, 1 action could not be judged in full"
    )
    assert plan(SOUND).check_title == "Nothing to fix in 1 touched Server Action"
    assert plan(ACTION).check_summary == (
        "1 fault to fix in 1 touched Server Action, 1 action could not be judged in full.\n\n"
        "- ❌ Anyone on the internet can delete from `post`: `deletePost` (`app/posts/actions.ts:9`)\n\n"
        "The whole checklist stands in *Before you ship* on the pull request."
    )


def test_a_change_that_touches_no_action_says_nothing_but_a_green_check():
    planned = plan()
    assert (planned.body, planned.comments, planned.summary) == ("", (), None)
    assert (planned.conclusion, planned.check_title) == (Conclusion.SUCCESS, "No Server Action is touched")


HOSTILE = "x`|](javascript:1) @octocat <!-- --> #1\n```"

lines = st.integers(1, 40)
steps = st.builds(Step, st.sampled_from(["lib/a.ts", "lib/b.ts", HOSTILE]), lines, st.just(HOSTILE))


@st.composite
def patches(draw):
    """A patch that shows a whole file of some forty lines."""
    kinds = draw(st.lists(st.sampled_from("    -+"), min_size=40, max_size=40))
    old, new = sum(kind != "+" for kind in kinds), sum(kind != "-" for kind in kinds)
    return "\n".join([f"@@ -1,{old} +1,{new} @@", *(f"{kind}x" for kind in kinds)]) if set(kinds) > {" "} else None


@st.composite
def actions(draw):
    path = draw(st.sampled_from([ACTION.path, "lib/a.ts", HOSTILE]))
    first = draw(lines)
    found = tuple(
        finding(
            number,
            path=draw(st.sampled_from([path, "lib/b.ts"])),
            line=(line := draw(lines)),
            end_line=line + draw(st.integers(0, 20)),
            rule=draw(st.sampled_from(["rule-a", "rule-b"])),
            message=HOSTILE,
            suggestion=draw(st.sampled_from([None, Edit(line, line + 1, HOSTILE, (HOSTILE,))])),
        )
        for number in draw(st.lists(st.integers(1, 10**6), max_size=4, unique=True))
    )
    return replace(
        ACTION,
        path=path,
        name=draw(st.sampled_from([None, "save", HOSTILE])),
        line=first,
        end_line=first + draw(st.integers(0, 20)),
        touch=draw(st.sampled_from(Touch)),
        touched_by=tuple(draw(st.lists(steps, max_size=2))),
        findings=found,
    )


@settings(deadline=None, max_examples=150)
@given(
    st.lists(actions(), max_size=6),
    st.dictionaries(st.sampled_from([ACTION.path, "lib/a.ts", "lib/b.ts", HOSTILE]), st.none() | patches()),
)
def test_every_comment_of_every_plan_stands_inside_the_diff(some_actions, patch_by_path):
    compared = comparison(*(patched(path, patch) for path, patch in patch_by_path.items()))
    planned = plan(*some_actions, compared=compared)
    for comment in planned.comments:
        sides = [
            hunk.right if comment.side is Side.RIGHT else [n for stretch in hunk.stretches for n in stretch.removed]
            for hunk in hunks(patch_by_path[comment.path])
        ]
        assert any({comment.start_line or comment.line, comment.line} <= set(shown) for shown in sides)
        assert comment.start_line is None or comment.start_line < comment.line
    for comment in planned.file_comments:
        assert comment.path in patch_by_path
    bodies = [posted.body for posted in (*planned.comments, *planned.file_comments)]
    assert len(bodies) <= 10
    for body in (*bodies, planned.body, planned.summary or ""):
        assert len(body.encode()) <= 65_000
        assert not body or read_marker(body, KEY)


def test_a_summary_of_very_many_actions_still_fits():
    many = [replace(ACTION, name=f"act{n}" * 30, line=n, findings=(finding(n),)) for n in range(1, 3000)]
    summary = plan(*many).summary
    assert len(summary.encode()) <= 65_000
    assert "more actions." in summary
    assert read_marker(summary, KEY) == Marker(Kind.SUMMARY, 7, HEAD)


WRAPPER = "lib/safe-action.ts"
WRAPPER_PATCH = """@@ -10,3 +10,4 @@ export const client = createSafeActionClient({
   handleServerError(error) {
+    log(error)
     return error.message
   },"""


def leaking(name, line, number):
    """An edited action behind a wrapper that leaks."""
    found = finding(number, line=line + 2, end_line=line + 2, shared=Step(WRAPPER, 12, "hands out the message"))
    return replace(ACTION, name=name, line=line, end_line=line + 4, findings=(found,))


def test_a_wrapper_that_is_at_fault_is_told_once_where_it_stands():
    actions = [leaking("deletePost", 7, 1), leaking("createPost", 20, 2)]
    (comment,) = plan(
        *actions, compared=comparison(patched(ACTION.path, PATCH), patched(WRAPPER, WRAPPER_PATCH))
    ).comments
    assert (comment.path, comment.line) == (WRAPPER, 12)
    assert "\n\nThe same holds for `createPost`, through `lib/safe-action.ts:12`.\n\n" in comment.body
    assert "`deletePost`" in comment.body


def test_a_wrapper_that_the_change_does_not_show_is_told_at_the_first_action():
    actions = [leaking("deletePost", 7, 1), leaking("createPost", 20, 2)]
    (comment,) = plan(*actions).comments
    assert (comment.path, comment.line) == (ACTION.path, 9)
    assert "\n\nThe same holds for `createPost`, through `lib/safe-action.ts:12`.\n\n" in comment.body


def test_of_milder_findings_of_one_rule_one_comment_says_all():
    leaks = [
        finding(n, rule="error-message-leak", severity=Severity.LOW, line=n, headline=f"`act{n}` shows its errors")
        for n in (8, 9)
    ]
    actions = [replace(ACTION, name=f"act{each.line}", findings=(each,)) for each in leaks]
    planned = plan(*actions)
    (comment,) = planned.comments
    assert comment.body.startswith("**`act8` shows its errors.** ")
    assert "\n\nThe same holds for `act9` (`app/posts/actions.ts:9`).\n\n" in comment.body
    assert planned.check_title.startswith("2 minor faults in 2 touched Server Actions")


def test_findings_of_one_line_are_one_comment_whatever_their_rules():
    record = finding(
        2, rule="raw-record-return", severity=Severity.MEDIUM, headline="`deletePost` returns every column"
    )
    planned = plan(with_findings(FINDING, record))
    (comment,) = planned.comments
    assert "\n\nHere as well:\n\n- `deletePost` returns every column (`app/posts/actions.ts:9`)\n\n" in comment.body
    assert read_marker(comment.body, KEY).fingerprints == (FINDING.fingerprint, record.fingerprint)
    assert planned.check_title.startswith("1 fault to fix in 1 touched Server Action")
    assert "`deletePost` (`app/posts/actions.ts:9`), and 1 more fault there\n" in planned.summary


def test_a_fault_never_stands_beside_a_success():
    planned = plan(replace(SOUND, findings=(FINDING,)), policy=ReviewPolicy(fail_on=None))
    assert (planned.conclusion, planned.summary[:2]) == (Conclusion.NEUTRAL, "⚠️")


def test_where_an_edit_does_it_by_other_calls_than_the_advice_the_edit_alone_says_it():
    edit = Edit(9, 9, "  const session = await auth()")
    advice = Advice("Call `requireEditor()` first, as 3 other actions do.", calls=("requireEditor",))
    found = replace(FINDING, advice=advice, suggestion=edit)
    (comment,) = plan(with_findings(found)).comments
    assert "**Fix:**\n\n```suggestion\n  const session = await auth()\n```\n\n" in comment.body
    assert "requireEditor" not in comment.body


def test_a_summary_of_ten_actions_shows_fifteen_lines_at_most_and_has_a_hundred_and_twenty():
    def act(n: int):
        found = finding(n, line=10 * n, end_line=10 * n, rule=f"rule-{n}")
        return replace(ACTION, name=f"act{n}", line=10 * n, end_line=10 * n + 9, findings=(found,))

    some = [act(n) for n in range(1, 11)]
    summary = plan(*some, unjudged=(CUT_OFF,), failures=(BIG,)).summary
    visible = summary.split("<details>")[0].count("\n") + summary.split("</details>")[1].strip().count("\n") + 1
    assert visible <= 15
    assert summary.count("\n") <= 120
