"""Which findings make a command fail."""

from __future__ import annotations

from analyzers.analysis import Finding, Severity
from bot.report.report import Report
from bot.review.policy import is_at_least, is_new, is_told


def blamed(report: Report, threshold: str) -> tuple[Finding, ...]:
    """The findings that make a command fail: all of a scan, those that the change brought of a review."""
    return tuple(
        finding
        for finding in report.findings
        if is_told(finding)
        and is_at_least(finding.severity, Severity(threshold))
        and (report.plan is None or is_new(finding))
    )
