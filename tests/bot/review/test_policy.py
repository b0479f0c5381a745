from preship.analyzers.analysis import Severity
from preship.bot.review.policy import DECLARABLE, is_at_least


def test_a_declared_public_action_may_still_need_an_owner():
    assert "missing-authentication" in DECLARABLE
    assert "missing-ownership-check" not in DECLARABLE


def test_a_severity_is_at_least_itself_and_all_milder_ones():
    assert [is_at_least(severity, Severity.HIGH) for severity in Severity] == [True, True, False, False]
