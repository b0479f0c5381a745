"""Findings that people asked to ignore: they are shown with who and why, and count for nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analyzers.analysis import Analysis, Answer, ChecklistEntry, Finding, Item, JudgedAction
from analyzers.rulebook import rule
from bot.review.history import Dismissal
from bot.review.markdown import code
from bot.review.policy import is_told


def without_dismissed(analysis: Analysis, dismissals: Sequence[Dismissal]) -> Analysis:
    """The analysis in which what was dismissed is meant to stand."""
    by_print = {dismissal.fingerprint: dismissal for dismissal in dismissals}
    return replace(
        analysis,
        actions=tuple(_marked(action, by_print) for action in analysis.actions),
        files=tuple(replace(file, findings=_ignoring(file.findings, by_print)) for file in analysis.files),
    )


def _ignoring(findings: Sequence[Finding], dismissals: Mapping[str, Dismissal]) -> tuple[Finding, ...]:
    return tuple(
        replace(finding, ignored=_said(dismissals[finding.fingerprint]))
        if finding.fingerprint in dismissals
        else finding
        for finding in findings
    )


def _marked(action: JudgedAction, dismissals: Mapping[str, Dismissal]) -> JudgedAction:
    if not any(finding.fingerprint in dismissals for finding in action.findings):
        return action
    told = replace(action, findings=_ignoring(action.findings, dismissals))
    return replace(told, checklist=tuple(_answered(entry, told, dismissals) for entry in action.checklist))


def _said(dismissal: Dismissal) -> str:
    return f"{dismissal.reason} (by {code(dismissal.who)} on this pull request)"


def _answered(entry: ChecklistEntry, action: JudgedAction, dismissals: Mapping[str, Dismissal]) -> ChecklistEntry:
    """A *no* whose every reason was dismissed asks for nothing any more."""
    item = Item.AUTHENTICATION if entry.item is Item.DIRECT_CALL else entry.item
    mine = [f for f in action.findings if (asked := rule(f.rule)) is not None and asked.item is item]
    ignored = [finding for finding in mine if finding.fingerprint in dismissals]
    if entry.answer is not Answer.NO or not ignored or any(is_told(finding) for finding in mine):
        return entry
    evidence = f"{ignored[0].title}, ignored: {ignored[0].ignored}"
    return replace(entry, answer=Answer.NOT_APPLICABLE, evidence=evidence)
