from analyzers.analysis import Item, Severity
from analyzers.rulebook import RULES
from bot.review.policy import JUDGED, is_at_least


def test_the_judged_items_are_those_of_the_rules_and_the_direct_call_that_follows_from_them():
    assert {rule.item for rule in RULES} | {Item.DIRECT_CALL} == JUDGED


def test_a_severity_is_at_least_itself_and_all_milder_ones():
    assert [is_at_least(severity, Severity.HIGH) for severity in Severity] == [True, True, False, False]
