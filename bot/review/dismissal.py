"""Findings that people asked to ignore: they are shown with who and why, and count for nothing.

A dismissal covers what the action did when it was given. Where the action does more by now, the finding counts again,
and says who had it ignored for what stood there before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from preship.analyzers.analysis import (
    Analysis,
    Answer,
    ChecklistEntry,
    Finding,
    Item,
    JudgedAction,
    JudgedFile,
    Lapsed,
    Status,
    beyond,
)
from preship.analyzers.rulebook import rule
from preship.bot.review.history import Dismissal
from preship.bot.review.markdown import code
from preship.bot.review.policy import is_new, is_told


def without_dismissed(analysis: Analysis, dismissals: Sequence[Dismissal]) -> Analysis:
    """The analysis in which what was dismissed is meant to stand."""
    return replace(
        analysis,
        actions=tuple(_action(action, dismissals) for action in analysis.actions),
        files=tuple(replace(file, findings=_decided(file, dismissals)) for file in analysis.files),
    )


def lapsed_prints(analysis: Analysis) -> frozenset[str]:
    """Fingerprints of the findings that were ignored for something else."""
    return frozenset(f.fingerprint for subject in analysis.subjects for f in subject.findings if f.lapsed is not None)


def _action(action: JudgedAction, dismissals: Sequence[Dismissal]) -> JudgedAction:
    told = replace(action, findings=_decided(action, dismissals))
    dismissed = {
        now.fingerprint for then, now in zip(action.findings, told.findings, strict=True) if then.ignored != now.ignored
    }
    return replace(told, checklist=tuple(_answered(entry, told, dismissed) for entry in action.checklist))


def _decided(subject: JudgedAction | JudgedFile, dismissals: Iterable[Dismissal]) -> tuple[Finding, ...]:
    standing = {finding.fingerprint for finding in subject.findings}
    about = [
        each
        for each in dismissals
        # What stood here before may have had another fingerprint: by that it was another operation.
        if each.fingerprint in standing or (each.path, each.action) == (subject.path, subject.name)
    ]
    return tuple(_marked(finding, subject, about) for finding in subject.findings)


def _marked(finding: Finding, subject: JudgedAction | JudgedFile, about: Sequence[Dismissal]) -> Finding:
    same = [each for each in about if each.rule == finding.rule]
    meant = [each for each in same if each.fingerprint == finding.fingerprint]
    standing = {found.fingerprint for found in subject.findings}
    gone = [each for each in same if each.fingerprint not in standing]
    covering = [each for each in (*gone, *meant) if _covers(each, finding, subject)]
    if covering:
        return replace(finding, ignored=_said(covering[-1]), lapsed=None)
    if finding.ignored is not None or not (meant or gone):
        return finding
    last = (meant or gone)[-1]
    status = finding.status if is_new(finding) or not meant else Status.WORSENED
    return replace(finding, lapsed=Lapsed(last.reason, last.who), status=status)


def _covers(dismissal: Dismissal, finding: Finding, subject: JudgedAction | JudgedFile) -> bool:
    """Whether all that is done here was seen by whoever had a finding ignored; a renamed client makes it no other."""
    if dismissal.operations is None:
        return dismissal.fingerprint == finding.fingerprint
    return not beyond(subject.operations, dismissal.operations)


def _said(dismissal: Dismissal) -> str:
    if dismissal.who is None:
        return dismissal.reason
    return f"{dismissal.reason} (by {code(dismissal.who)} on this pull request)"


def _answered(entry: ChecklistEntry, action: JudgedAction, dismissed: Collection[str]) -> ChecklistEntry:
    """A *no* whose every reason was dismissed asks for nothing any more."""
    item = Item.AUTHENTICATION if entry.item is Item.DIRECT_CALL else entry.item
    mine = [f for f in action.findings if (asked := rule(f.rule)) is not None and asked.item is item]
    ignored = [finding for finding in mine if finding.fingerprint in dismissed]
    if entry.answer is not Answer.NO or not ignored or any(is_told(finding) for finding in mine):
        return entry
    evidence = f"{ignored[0].title}, ignored: {ignored[0].ignored}"
    return replace(entry, answer=Answer.NOT_APPLICABLE, evidence=evidence)
