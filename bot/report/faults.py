"""What a report tells everybody: all of a scan, and of a review what the change brings."""

from __future__ import annotations

from bot.report.report import Report
from bot.review.policy import is_new, is_told
from bot.review.remarks import Fault, worst_first


def told_faults(report: Report) -> tuple[Fault, ...]:
    """The faults of a report, the worst first."""
    faults = (Fault(action, finding) for action in report.analysis.subjects for finding in action.findings)
    return worst_first(
        fault for fault in faults if is_told(fault.finding) and (report.plan is None or is_new(fault.finding))
    )
