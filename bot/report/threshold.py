"""Which findings make a command fail."""

from __future__ import annotations

from analyzers.analysis import Finding, Severity
from bot.report.faults import told_faults
from bot.report.report import Report
from bot.review.policy import is_at_least


def blamed(report: Report, threshold: str) -> tuple[Finding, ...]:
    """The findings that make a command fail: those that it tells, at or above the threshold."""
    worst = Severity(threshold)
    return tuple(fault.finding for fault in told_faults(report) if is_at_least(fault.finding.severity, worst))
