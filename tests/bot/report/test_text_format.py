import io
from dataclasses import replace

from rich.console import Console

from preship.analyzers.analysis import Confidence, Failure, Pending, Persona, Severity, Status, Step, Unseen
from preship.bot.report.report import Report
from preship.bot.report.text_format import print_report, visible
from preship.bot.report.threshold import is_read_in_full
from preship.bot.review.notes import ConfigurationNotes, Wrong
from preship.bot.review.plan import plan_review
from tests.bot.review.samples import ACTION, FINDING, HEAD, PATCH, SOUND, analysis, comparison, finding, patched


def text(report, **console):
    out = io.StringIO()
    print_report(report, Console(file=out, highlight=False, **console))
    return out.getvalue()


def test_a_scan_tells_place_deed_trail_and_remedy_and_closes_with_the_counts():
    report = Report(analysis(ACTION, SOUND, failures=(Failure("lib/big.ts", "larger than 2 MB"),)), HEAD)
    assert text(report) == (
        "app/posts/actions.ts:9  high  missing-authentication  deletePost\n"
        "  `deletePost` deletes a post without asking who is calling. Anyone on the internet can delete any post.\n"
        "    app/posts/actions.ts:7  the action begins, and no proof of identity is looked for\n"
        "    app/posts/actions.ts:9  `db.post.delete` deletes the post that the caller names\n"
        "  Fix: Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n"
        "\n"
        "could not see  app/posts/actions.ts:8  `can` comes from the package `@acme/policy`\n"
        "could not read  lib/big.ts  larger than 2 MB\n"
        "\n"
        "2 Server Actions in 1 file · 1 finding (1 high) · 1 action not seen in full · 1 file not read in full\n"
    )


def test_a_trail_that_only_repeats_the_findings_line_is_left_out_and_a_sentence_begins_with_a_capital():
    found = replace(FINDING, message="this inline action writes.", trail=FINDING.trail[1:])
    assert text(Report(analysis(replace(SOUND, name=None, line=7, findings=(found,))), None)) == (
        "app/posts/actions.ts:9  high  missing-authentication  the inline action of line 7\n"
        "  This inline action writes.\n"
        "  Fix: Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n"
        "\n"
        "1 Server Action in 1 file · 1 finding (1 high)\n"
    )


def test_a_clean_scan_is_one_line():
    assert text(Report(analysis(SOUND), None)) == "1 Server Action in 1 file · no findings\n"


def test_a_scan_without_actions_says_so():
    assert text(Report(analysis(), None)) == "no Server Actions in no files · no findings\n"


def test_what_is_declared_and_configured_is_told_before_the_counts():
    action = replace(
        SOUND,
        findings=(replace(FINDING, ignored="a nightly job"),),
        pending=(Pending("public", "a demonstration", "app/posts/actions.ts", 19),),
    )
    notes = ConfigurationNotes(
        (Wrong(3, 5, "'reason' is missing"),), True, (Wrong(1, 1, "the file is \x1b[2J"),), ("lib/auth.ts:user",)
    )
    report = Report(replace(analysis(action), left_out=("examples/actions.ts",)), HEAD, notes=notes)
    assert (
        "ignored  app/posts/actions.ts:9  missing-authentication  a nightly job\n"
        "not merged yet  app/posts/actions.ts:19  public  a demonstration\n"
        "does not count  .github/preship.yml:3:5  'reason' is missing\n"
        "not merged yet  .github/preship.yml is changed; what stands at base counts\n"
        "believed, not read  lib/auth.ts:user  its file is changed\n"
        "will not count  .github/preship.yml:1:1  the file is \\u001b[2J\n"
        "1 Server Action in 1 file · no findings · 1 ignored as declared · 1 file left out by the configuration\n"
    ) in text(report)


def test_what_is_unsure_is_only_counted():
    unsure = replace(SOUND, findings=(finding(1, confidence=Confidence.LOW),))
    assert text(Report(analysis(unsure), None)) == (
        "1 Server Action in 1 file · no findings · 1 unsure or pedantic, only in --format json\n"
    )


def test_a_review_tells_only_what_the_change_brings_and_mends():
    action = replace(
        ACTION,
        unseen=(),
        findings=(finding(1, severity=Severity.CRITICAL), finding(2, status=Status.STANDING)),
        fixed=(finding(3, status=Status.FIXED, rule="unenforced-session"),),
    )
    seen = analysis(action)
    plan = plan_review(seen, comparison(patched(ACTION.path, PATCH)), 0, HEAD, marker_key=b"")
    lines = text(Report(seen, HEAD, plan)).splitlines()
    assert lines[0] == "app/posts/actions.ts:9  critical  missing-authentication  deletePost"
    assert lines[6:] == [
        "fixed  unenforced-session  deletePost",
        "            A    B    C    D    E    F    G",
        "deletePost  no   ?    yes  -    -    -    no   edited",
        "A authenticates; B owns; C validates; D returns; E data access; F placement; G by curl",
        "",
        "could not see  app/posts/actions.ts:8  ownership: `can()` comes from a package",
        "",
        "1 Server Action in 1 file · 1 fixed · 1 introduced · 1 standing · 1 action not seen in full",
        "Preship would post the summary and 1 comment and conclude: failure.",
    ]


def test_a_nuance_that_went_with_a_guard_is_not_called_fixed():
    gone = finding(3, status=Status.FIXED, rule="implicit-select", persona=Persona.PEDANTIC)
    seen = analysis(replace(ACTION, fixed=(gone,)))
    plan = plan_review(seen, comparison(patched(ACTION.path, PATCH)), 0, HEAD, marker_key=b"")
    assert "implicit-select" not in text(Report(seen, HEAD, plan))


def test_one_cause_is_told_once_however_many_actions_show_it():
    wrapper = Step("lib/safe-action.ts", 12, "hands out the message of an exception")
    actions = [replace(SOUND, name=f"save{n}", findings=(finding(n, shared=wrapper),)) for n in range(1, 4)]
    out = text(Report(analysis(*actions), None))
    assert out.count("missing-authentication") == 1
    assert " The same code does so in 2 more actions.\n" in out


def test_a_question_without_an_answer_is_no_clean_action():
    silent = replace(ACTION, unseen=(), findings=())
    report = Report(analysis(silent), None)
    assert text(report) == (
        "could not see  app/posts/actions.ts:8  ownership: `can()` comes from a package\n\n"
        "1 Server Action in 1 file · no findings · 1 action not seen in full\n"
    )
    assert not is_read_in_full(report)


def test_many_unseen_places_are_counted_not_listed():
    many = tuple(Unseen("a package", "a.ts", line) for line in range(1, 21))
    out = text(Report(analysis(replace(SOUND, unseen=many)), None))
    assert out.count("could not see  a.ts") == 15
    assert "… and 5 more places that could not be seen; --format json has them all\n" in out


def test_colours_and_wrapping_are_for_terminals_only():
    report = Report(analysis(ACTION), None)
    terminal = text(report, force_terminal=True, width=60)
    assert "\x1b[" not in text(report)
    assert "\x1b[1;31m" in terminal
    assert max(len(line) for line in text(report, width=60).splitlines()) > 60


def test_names_cannot_steer_the_terminal():
    assert visible("a\x1b]0;x\x07\u202e b\nc") == "a\\u001b]0;x\\u0007\\u202e b c"
    hostile = replace(ACTION, name="[red]x\x1b[2J", findings=(finding(1, path="a\nb\x1b.ts"),))
    out = text(Report(analysis(hostile), None))
    assert out.startswith("a b\\u001b.ts:9  high  missing-authentication  [red]x\\u001b[2J\n")
