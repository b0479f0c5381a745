"""What a report tells everybody: all of a scan, and of a review what the change brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from preship.analyzers.analysis import Step, Touch
from preship.bot.report.report import Report
from preship.bot.review.policy import is_new, is_told
from preship.bot.review.remarks import Fault, worst_first
from preship.bot.review.words import counted


def told_faults(report: Report) -> tuple[Fault, ...]:
    """The faults of a report, the worst first."""
    return worst_first(faults_in_order(report))


def faults_in_order(report: Report) -> tuple[Fault, ...]:
    """The faults of a report as actions and files come; one that many actions share is told once."""
    faults = (Fault(subject, finding) for subject in report.analysis.subjects for finding in subject.findings)
    told = [f for f in faults if is_told(f.finding) and (report.plan is None or is_new(f.finding))]
    return tuple(_once(told))


def place_shown(fault: Fault) -> tuple[str, int, int]:
    """Path, first and last line where a fault is shown: of what the change exposes from elsewhere, the changed line."""
    cause = cause_of(fault)
    finding = fault.finding
    return (cause.path, cause.line, cause.line) if cause else (finding.path, finding.line, finding.end_line)


def cause_of(fault: Fault) -> Step | None:
    """The changed line that exposes an action which is not itself changed."""
    return fault.action.touched_by[0] if fault.action.touch is Touch.REACHED and fault.action.touched_by else None


def _once(faults: Sequence[Fault]) -> Iterator[Fault]:
    """The first of those that share their cause, which says how many there are; all others as they are."""
    sharing = Counter((fault.finding.rule, fault.finding.shared) for fault in faults if fault.finding.shared)
    for fault in faults:
        number = sharing.pop((fault.finding.rule, fault.finding.shared), 0) if fault.finding.shared else 1
        if number:
            yield fault if number == 1 else _with_others(fault, number - 1)


def _with_others(fault: Fault, others: int) -> Fault:
    words = f"The same code does so in {counted(others, 'more action')}."
    return replace(fault, finding=replace(fault.finding, message=f"{fault.finding.message} {words}"))
