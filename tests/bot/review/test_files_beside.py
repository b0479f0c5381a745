"""What is said of files around actions stands in the review as what is said of actions does."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.analysis import Advice, Analysis, JudgedAction, JudgedFile, Severity, Stats, Status, Step, Touch
from preship.bot.report.report import Report
from preship.bot.review.plan import plan_review
from preship.bot.review.pull_request import Conclusion, ReviewPlan
from tests.bot.report.test_text_format import text
from tests.bot.review.samples import ACTION, FINDING, HEAD, KEY, comparison, patched

CONFIG_PATCH = """@@ -3,3 +3,3 @@ const config = {
   serverActions: {
-    allowedOrigins: ['shop.example.com'],
+    allowedOrigins: ['*.vercel.app'],
   },"""

ORIGINS = replace(
    FINDING,
    rule="permissive-allowed-origins",
    title="actions may be called from anywhere",
    severity=Severity.MEDIUM,
    path="next.config.ts",
    line=4,
    end_line=4,
    message="`serverActions.allowedOrigins` admits `*.vercel.app`.",
    advice=Advice("Name the hosts."),
    trail=(),
    fingerprint="00000000000000c1",
    headline="",
    claim="`serverActions.allowedOrigins` admits `*.vercel.app`",
)
CONFIG = JudgedFile("next.config.ts", Touch.EDITED, (), (ORIGINS,))

PAGE = JudgedFile(
    "app/invoices/page.tsx",
    Touch.EDITED,
    (Step("app/invoices/layout.tsx", 5, "the layout asks here"),),
    (replace(ORIGINS, rule="layout-only-authentication", path="app/invoices/page.tsx", line=9, end_line=9),),
)
LAYOUT_PATCH = """@@ -4,2 +4,3 @@ export default async function Layout() {
   const session = await auth()
+  if (!session?.user) redirect('/sign-in')
   return null"""


def planned(*files: JudgedFile, actions: tuple[JudgedAction, ...] = ()) -> ReviewPlan:
    diff = comparison(patched("next.config.ts", CONFIG_PATCH), patched("app/invoices/layout.tsx", LAYOUT_PATCH))
    return plan_review(Analysis(actions, (), Stats(), (), files), diff, 7, HEAD, marker_key=KEY)


def test_a_configuration_gets_its_comment_although_no_action_is_touched() -> None:
    plan = planned(CONFIG)
    (comment,) = plan.comments
    assert (comment.path, comment.line) == ("next.config.ts", 4)
    assert comment.body.startswith("**Actions may be called from anywhere in `next.config.ts`.** ")
    assert plan.body.startswith("What is to fix stands at its lines, and what was checked in *Before you ship*.")


def test_the_summary_and_the_check_tell_of_it() -> None:
    plan = planned(CONFIG)
    assert plan.check_title == "1 minor fault in 1 file around Server Actions"
    assert plan.summary is not None
    assert "| Server Action |" not in plan.summary
    assert plan.summary.startswith(
        "⚠️ **Before you ship:** 1 minor fault in 1 file around Server Actions.\n\n"
        "- ⚠️ Actions may be called from anywhere in `next.config.ts` (`next.config.ts:4`)\n\n"
    )
    assert plan.conclusion is Conclusion.NEUTRAL


def test_actions_and_files_are_counted_apart() -> None:
    plan = planned(CONFIG, actions=(replace(ACTION, unseen=()),))
    assert plan.check_title.startswith(
        "1 fault to fix and 1 minor one in 1 touched Server Action and 1 file around them"
    )


def test_a_page_that_the_change_leaves_alone_is_told_at_the_layout_that_it_changes() -> None:
    (comment,) = planned(PAGE).comments
    assert (comment.path, comment.line) == ("app/invoices/layout.tsx", 5)


def test_what_stood_before_in_such_files_alone_makes_no_comment() -> None:
    plan = planned(replace(CONFIG, findings=(replace(ORIGINS, status=Status.STANDING),)))
    assert (plan.comments, plan.body, plan.summary) == ((), "", None)


def test_a_terminal_names_the_file() -> None:
    out = text(Report(Analysis((), (), Stats(), (), (CONFIG,)), None))
    assert out.startswith("next.config.ts:4  medium  permissive-allowed-origins  next.config.ts\n")
