"""Which findings make a command fail."""

from __future__ import annotations

from analyzers.analysis import Finding
from bot.report.faults import told_faults
from bot.report.report import Report
from bot.review.policy import is_at_least


def blamed(report: Report) -> tuple[Finding, ...]:
    """The findings that make a command fail: those that it tells, as severe as whoever decides wants to fail for."""
    worst = report.policy.fail_on
    return tuple(fault.finding for fault in told_faults(report) if is_at_least(fault.finding.severity, worst))
