from preship.analyzers.analysis import Failure
from preship.bot.report.markdown_format import as_markdown
from preship.bot.report.report import Report
from preship.bot.review.marker import without_markers
from preship.bot.review.plan import plan_review
from tests.bot.review.samples import ACTION, HEAD, PATCH, SOUND, analysis, comparison, patched


def test_a_scan_is_a_page_of_its_own():
    report = Report(analysis(ACTION, failures=(Failure("lib/big.ts", "larger than 2 MB"),)), None)
    assert as_markdown(report) == (
        "# 1 Server Action, 1 finding\n\n"
        "| Server Action | A · authenticates | B · owns | C · validates | D · returns | E · data access"
        " | F · placement | G · by curl |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| `deletePost`<br><sub>`app/posts/actions.ts:7`, edited</sub> | ❌ **no** | ❔ could not see | ✅ yes"
        " | – | – | – | ❌ **no** |\n\n"
        "## `app/posts/actions.ts:9`\n\n"
        "**Anyone on the internet can delete from `post`.** `deletePost` deletes a post without asking who is calling."
        " Anyone on the internet can delete any post.\n\n"
        "1. `app/posts/actions.ts:7` the action begins, and no proof of identity is looked for\n"
        "2. `app/posts/actions.ts:9` `db.post.delete` deletes the post that the caller names\n\n"
        "**Fix:** Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n\n"
        "<sub>`missing-authentication` · high · certain ·"
        " Meant to be open? `// preship: public -- why` above the action.</sub>\n\n"
        "## Could not see\n\n"
        "- `app/posts/actions.ts:8`: `can` comes from the package `@acme/policy`\n"
        "- `lib/big.ts`: larger than 2 MB\n"
    )


def test_a_review_shows_each_comment_at_its_place_and_the_summary():
    seen = analysis(ACTION, SOUND)
    plan = plan_review(seen, comparison(patched(ACTION.path, PATCH)), 0, HEAD, marker_key=b"")
    assert as_markdown(Report(seen, HEAD, plan)) == (
        "# 1 fault to fix in 2 touched Server Actions, 1 action could not be judged in full: failure\n\n"
        "## `app/posts/actions.ts:9`\n\n"
        f"{without_markers(plan.comments[0].body)}\n\n{without_markers(plan.summary or '')}\n"
    )
