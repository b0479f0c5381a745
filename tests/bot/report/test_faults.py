from dataclasses import replace

from preship.analyzers.analysis import Confidence, Severity, Step
from preship.bot.report.faults import faults_in_order, told_faults
from preship.bot.report.report import Report
from tests.bot.review.samples import FINDING, SOUND, analysis, finding

WRAPPER = Step("lib/safe-action.ts", 12, "hands out the message of an exception")


def leaking(name, number, **changes):
    return replace(SOUND, name=name, findings=(finding(number, shared=WRAPPER, **changes),))


def test_what_several_actions_share_is_told_once_and_counted():
    told = faults_in_order(Report(analysis(leaking("save", 1), leaking("load", 2), leaking("list", 3)), None))
    assert [fault.action.name for fault in told] == ["save"]
    assert told[0].finding.message == f"{FINDING.message} The same code does so in 2 more actions."


def test_what_is_not_told_is_not_counted_either():
    told = faults_in_order(Report(analysis(leaking("save", 1), leaking("load", 2, confidence=Confidence.LOW)), None))
    assert [fault.finding.message for fault in told] == [FINDING.message]


def test_another_rule_at_the_same_place_is_another_cause():
    told = faults_in_order(Report(analysis(leaking("save", 1), leaking("load", 2, rule="raw-record-return")), None))
    assert len(told) == 2


def test_the_worst_come_first():
    mild, bad = leaking("save", 1, severity=Severity.LOW), replace(SOUND, findings=(finding(2),))
    assert [f.finding.severity for f in told_faults(Report(analysis(mild, bad), None))] == [Severity.HIGH, Severity.LOW]
