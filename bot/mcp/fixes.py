"""Whether a fix is one: the finding is gone, and the question behind it is answered and not merely asked no more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from preship.analyzers.analysis import Analysis, Answer, Finding, JudgedAction, JudgedFile
from preship.analyzers.rulebook import rule
from preship.bot.review.remarks import Fault

Verdict = Literal["fixed", "not fixed", "could not see"]

Reply = tuple[Verdict, str]


def judged_fix(fault: Fault, after: Analysis, known: Collection[str]) -> Reply:
    """What became of a finding. `known` are the ids of what was reported before the fix."""
    path = fault.action.path
    still = next((each for each in _findings(after) if each.fingerprint == fault.finding.fingerprint), None)
    if still is not None:
        place = f"{still.path}:{still.line}"
        silenced = f"a comment declares that the finding at {place} may stand, and that is for people to decide"
        return "not fixed", silenced if still.ignored else f"the finding is still there, at {place}"
    if unread := next((failure for failure in after.failures if failure.path == path), None):
        return "could not see", f"{path} is not read in full: {unread.reason}"
    if isinstance(fault.action, JudgedFile):
        return "fixed", "the finding is gone"
    now = next((each for each in after.actions if (each.path, each.name) == (path, fault.action.name)), None)
    return _of_the_action(fault, fault.action, now, known)


def _of_the_action(fault: Fault, before: JudgedAction, now: JudgedAction | None, known: Collection[str]) -> Reply:
    if now is None:
        return "fixed", "there is no such Server Action any more"
    if now.public is not None and before.public is None:
        return "not fixed", "the action is declared public instead, and that is for people to decide"
    told = rule(fault.finding.rule)
    entry = next((each for each in now.checklist if told is not None and each.item is told.item), None)
    if entry is None or entry.answer in (Answer.YES, Answer.NOT_APPLICABLE):
        return "fixed", "the finding is gone"
    if entry.answer is Answer.UNSEEN:
        return (
            "could not see",
            f"the finding is gone, but whether there is {entry.item} could not be seen: {entry.evidence}",
        )
    fresh = [each for each in now.findings if each.fingerprint not in known and _asks_the_same(each, fault.finding)]
    if fresh:
        return "not fixed", f"the fix brings the same at {fresh[0].path}:{fresh[0].line}: {fresh[0].title}"
    return "fixed", f"the finding is gone; another one of {entry.item} that was reported before stands"


def _asks_the_same(one: Finding, other: Finding) -> bool:
    """Whether two findings answer the same question of the checklist."""
    first, second = rule(one.rule), rule(other.rule)
    return first is not None and second is not None and first.item is second.item


def _findings(analysis: Analysis) -> list[Finding]:
    return [finding for subject in analysis.subjects for finding in subject.findings]
