"""Which threads of ours a push settles: resolved where the fault is really gone, opened again where it is back.

A thread is left alone where anybody answered it, and where we cannot see that the fault is gone: what could not be
read is not fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

from preship.analyzers.analysis import Analysis, Answer, JudgedAction
from preship.analyzers.rulebook import rule
from preship.bot.review.history import Earlier, History, marked_threads
from preship.bot.review.policy import is_new, is_told


@dataclass(frozen=True, slots=True)
class Turns:
    """Ids of threads."""

    resolve: tuple[str, ...] = ()
    reopen: tuple[str, ...] = ()


def turns(history: History, analysis: Analysis, base_sha: str, number: int, key: bytes) -> Turns:
    """What to do with the threads of a pull request, after its newest head was read."""
    told = {earlier.told.fingerprint: earlier for earlier in history.told}
    standing = {found.fingerprint for action in analysis.subjects for found in action.findings}
    new = {f.fingerprint for action in analysis.subjects for f in action.findings if is_new(f) and is_told(f)}
    resolve, reopen = [], []
    for thread, marker in marked_threads(history, number, key):
        if thread.id is None or thread.is_answered or not thread.may_be_turned:
            continue
        if thread.is_resolved:
            # What a person resolved stays resolved.
            reopen += [thread.id] if thread.id in history.resolved and new & set(marker.fingerprints) else []
        elif marker.fingerprints and all(
            fingerprint not in standing and fingerprint in told and _is_gone(told[fingerprint], analysis, base_sha)
            for fingerprint in marker.fingerprints
        ):
            resolve.append(thread.id)
    return Turns(tuple(resolve), tuple(reopen))


def _is_gone(earlier: Earlier, analysis: Analysis, base_sha: str) -> bool:
    """Whether a fault that is not reported any more is none any more, as far as can be seen."""
    told = earlier.told
    if told.path in {each.path for each in analysis.failures} | {each.path for each in analysis.unjudged}:
        return False
    actions = [action for action in analysis.actions if (action.path, action.name) == (told.path, told.action)]
    if not actions:
        # The action is gone, or does what it did at the merge base: nothing was wrong there, if it is the same one.
        return earlier.base_sha == base_sha
    return all(_is_answered_well(action, told.rule) for action in actions)


def _is_answered_well(action: JudgedAction, rule_id: str) -> bool:
    """Whether the question that the rule asks has found a good answer; one that it could not see is none."""
    asked = rule(rule_id)
    if asked is None:
        return False
    if asked.item is None:
        # It asks none of the checklist's questions.
        return not action.unseen
    answers = {entry.item: entry.answer for entry in action.checklist}
    return answers.get(asked.item) in (Answer.YES, Answer.NOT_APPLICABLE)
