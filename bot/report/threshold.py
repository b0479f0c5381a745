"""What makes a command fail: findings that are bad enough, and what could not be judged."""

from __future__ import annotations

from preship.analyzers.analysis import Finding
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Report
from preship.bot.review.checklist import unseen_places
from preship.bot.review.facts import is_partly_unseen
from preship.bot.review.policy import is_at_least


def blamed(report: Report) -> tuple[Finding, ...]:
    """The findings that make a command fail: those that it tells, as severe as whoever decides wants to fail for."""
    worst = report.policy.fail_on
    return tuple(fault.finding for fault in told_faults(report) if is_at_least(fault.finding.severity, worst))


def fails_unseen(report: Report) -> bool:
    """Whether a review fails because something that the change touches could not be judged, as the repository wants."""
    return report.plan is not None and report.policy.fails_unseen and is_partly_unseen(report.analysis)


def is_read_in_full(report: Report) -> bool:
    """Whether everything was read and seen; of a review, what the change touches."""
    if report.notes.mistakes or report.notes.believed:
        return False
    if report.plan is not None:
        return not is_partly_unseen(report.analysis)
    return not report.analysis.failures and not any(map(unseen_places, report.analysis.actions))
