"""Which findings count: what a person is told unasked, and what makes a command fail."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.analysis import Confidence, Finding, Persona, Severity, Status
from bot.report.report import Report

WORST_FIRST = tuple(Severity)
"""Severities, the worst first: the order in which the analysis defines them."""


def is_told(finding: Finding) -> bool:
    """Whether everybody wants to read it: sure enough, and no nuance for those who ask for every nuance."""
    return finding.persona is Persona.REGULAR and finding.confidence is not Confidence.LOW


def is_new(finding: Finding) -> bool:
    """Whether the change under review is to blame for it."""
    return finding.status in (Status.INTRODUCED, Status.WORSENED)


def is_at_least(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity is as bad as the threshold, or worse."""
    return WORST_FIRST.index(severity) <= WORST_FIRST.index(threshold)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, then by place."""
    return sorted(findings, key=lambda f: (WORST_FIRST.index(f.severity), f.path, f.line, f.rule, f.fingerprint))


def blamed(report: Report, threshold: str) -> tuple[Finding, ...]:
    """The findings that make a command fail: all of a scan, those that the change brought of a review."""
    return tuple(
        finding
        for finding in report.findings
        if is_told(finding)
        and is_at_least(finding.severity, Severity(threshold))
        and (report.plan is None or is_new(finding))
    )
