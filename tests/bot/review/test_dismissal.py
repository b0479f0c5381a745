from dataclasses import replace

from preship.analyzers.analysis import Answer, Item
from preship.bot.review.dismissal import without_dismissed
from preship.bot.review.history import Dismissal
from preship.bot.review.plan import plan_review
from preship.bot.review.pull_request import Conclusion
from tests.bot.review.samples import ACTION, FINDING, HEAD, KEY, PATCH, analysis, comparison, finding, patched

DISMISSAL = Dismissal(FINDING.fingerprint, FINDING.rule, "grace", "a public counter")


def plan(*actions):
    judged = without_dismissed(analysis(*actions), (DISMISSAL,))
    return plan_review(judged, comparison(patched(ACTION.path, PATCH)), 7, HEAD, marker_key=KEY)


def test_a_dismissed_finding_is_no_comment_and_counts_for_nothing():
    planned = plan(ACTION)
    assert (planned.comments, planned.body) == ((), "")
    assert planned.conclusion is not Conclusion.FAILURE
    assert planned.check_title.startswith("Nothing to fix")


def test_the_summary_says_who_dismissed_it_and_why():
    summary = plan(ACTION).summary
    assert "#### Ignored\n\n- Missing authentication in `deletePost` (`app/posts/actions.ts:9`," in summary
    assert "a public counter (by `grace` on this pull request)" in summary


def test_other_findings_of_the_action_still_count():
    other = finding(7, rule="missing-ownership-check")
    planned = plan(replace(ACTION, findings=(FINDING, other)))
    assert [comment.fingerprint for comment in planned.comments] == [other.fingerprint]


def test_the_answer_of_the_checklist_is_no_longer_no():
    (action,) = without_dismissed(analysis(ACTION), (DISMISSAL,)).actions
    answers = {entry.item: (entry.answer, entry.evidence) for entry in action.checklist}
    why = "Missing authentication, ignored: a public counter (by `grace` on this pull request)"
    assert answers[Item.AUTHENTICATION] == (Answer.NOT_APPLICABLE, why)
    assert answers[Item.DIRECT_CALL] == (Answer.NOT_APPLICABLE, why)


def test_the_answer_stays_no_while_another_finding_of_the_item_stands():
    other = finding(7)
    (action,) = without_dismissed(analysis(replace(ACTION, findings=(FINDING, other))), (DISMISSAL,)).actions
    assert action.checklist[0].answer is Answer.NO
