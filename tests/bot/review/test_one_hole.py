"""What lets an anonymous caller into one action is said once, of whichever rules it is a fault."""

from __future__ import annotations

from dataclasses import replace

from preship.bot.review.placement import diff_of
from preship.bot.review.remarks import new_faults, remarks
from tests.bot.review.samples import ACTION, comparison, finding

OPEN = finding(1, line=12, end_line=12, is_open_to_all=True)
ACCIDENTAL = finding(2, rule="accidental-endpoint", line=10, end_line=10, is_open_to_all=True)
LEAK = finding(3, rule="error-message-leak", line=14, end_line=14)
OTHER = replace(ACTION, name="other", line=40, end_line=44)


def said(*actions):
    """The rules of each remark."""
    found = remarks(new_faults(actions), diff_of(comparison()), 5)
    return sorted(sorted(fault.finding.rule for fault in remark.faults) for remark in found)


def test_an_export_by_accident_that_asks_nobody_is_one_remark():
    faults = said(replace(ACTION, findings=(OPEN, ACCIDENTAL, LEAK)))
    assert faults == [["accidental-endpoint", OPEN.rule], ["error-message-leak"]]


def test_a_helper_that_opens_two_actions_stays_a_remark_of_its_own():
    helper = ("lib/posts.ts", 7)
    shared = replace(OPEN, happens_at=helper)
    also = replace(shared, line=42, end_line=42, fingerprint="e" * 16)
    found = said(replace(ACTION, findings=(shared, ACCIDENTAL)), replace(OTHER, findings=(also,)))
    assert found == [["accidental-endpoint"], [OPEN.rule, OPEN.rule]]


def test_two_open_actions_are_two():
    elsewhere = replace(ACCIDENTAL, line=40, end_line=40, fingerprint="f" * 16)
    assert said(replace(ACTION, findings=(OPEN,)), replace(OTHER, findings=(elsewhere,))) == [
        ["accidental-endpoint"],
        [OPEN.rule],
    ]
