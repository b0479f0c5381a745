"""An action before and after a change: which of its faults the change brought, made worse, found there, or fixed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from preship.analyzers.actions.operations import Operation, beyond
from preship.analyzers.results import JudgedAction, JudgedFile, Touch
from preship.analyzers.rule import Confidence, Finding, Item, Severity, Status, Step
from preship.analyzers.rulebook import rule

SEVERITIES, CONFIDENCES = tuple(Severity), tuple(Confidence)
"""Worst and surest first."""


def compared(
    judged: JudgedAction,
    earlier: JudgedAction | None,
    earlier_effects: frozenset[str],
    bared: Mapping[str, str],
    touch: Touch,
    touched_by: tuple[Step, ...],
) -> JudgedAction:
    """An action at head, with what the change did to its findings.

    `earlier_effects` are the evidences at base, `bared` what the change did to those of them before which the
    caller was known.
    """
    old = prints(earlier) if earlier else {}
    new = prints(judged)
    is_open = any(item_of(f) is Item.AUTHENTICATION for f in old.values())
    hidden = earlier_effects if is_open else frozenset()
    more = changes_for_anybody(judged, earlier) if earlier is not None else ()
    stand = (replace(f, status=status_of(f, old, hidden)) for f in judged.findings)
    return replace(
        judged,
        touch=touch,
        touched_by=touched_by,
        earlier=earlier,
        findings=tuple(newly_exposed(with_more(f, more), bared) for f in stand),
        fixed=tuple(replace(f, status=Status.FIXED) for f in old.values() if f.fingerprint not in new),
    )


def changes_for_anybody(judged: JudgedAction, earlier: JudgedAction) -> tuple[Operation, ...]:
    """What an action changes for callers of whom nothing is known, and did not before."""
    return tuple(each for each in beyond(judged.operations, earlier.operations) if each.is_change and not each.behind)


def with_more(finding: Finding, more: Sequence[Operation]) -> Finding:
    """A finding that nobody is asked who is calling; it is worse where there is more to reach without that."""
    if finding.status is not Status.STANDING or item_of(finding) is not Item.AUTHENTICATION or not more:
        return finding
    message = f"{finding.message} With this change it also {more[0].says}."
    return replace(finding, status=Status.WORSENED, message=message)


def caused_before(judged: JudgedAction, edited: Collection[str]) -> JudgedAction:
    """An action of whose findings those stood before that lie in code that others run as well and no change touches.

    A new action behind an old wrapper does what the wrapper does: that is fixed there, for all of them.
    """
    return replace(
        judged,
        findings=tuple(
            replace(f, status=Status.STANDING) if f.shared is not None and f.shared.path not in edited else f
            for f in judged.findings
        ),
    )


def compared_file(judged: JudgedFile, earlier: JudgedFile | None) -> JudgedFile:
    """A file at head, with what the change did to its findings."""
    old = {f.fingerprint: f for f in earlier.findings} if earlier else {}
    new = {f.fingerprint for f in judged.findings}
    return replace(
        judged,
        touch=Touch.EDITED,
        findings=tuple(replace(f, status=status_of(f, old, hidden=frozenset())) for f in judged.findings),
        fixed=tuple(replace(f, status=Status.FIXED) for f in old.values() if f.fingerprint not in new),
    )


def newly_exposed(finding: Finding, bared: Mapping[str, str]) -> Finding:
    """A removed check is evidence in itself: what it exposes is said even where little else shows it."""
    is_doubtful = finding.status is Status.INTRODUCED and finding.confidence is Confidence.LOW
    words = bared.get(finding.evidence)
    if not is_doubtful or words is None or item_of(finding) is not Item.AUTHENTICATION:
        return finding
    return replace(finding, confidence=Confidence.MEDIUM, message=f"{finding.message} {words}")


def status_of(finding: Finding, old: Mapping[str, Finding], hidden: frozenset[str]) -> Status:
    """How a finding stands to the change. Where nobody was asked who is calling, everything behind it stood as well."""
    earlier = old.get(finding.fingerprint)
    if finding.lapsed is not None:
        # What was meant to stand there was something else.
        return Status.WORSENED if earlier is not None else Status.INTRODUCED
    if earlier is None:
        was_hidden = item_of(finding) is not Item.AUTHENTICATION and finding.evidence in hidden
        return Status.STANDING if was_hidden else Status.INTRODUCED
    rose = SEVERITIES.index(finding.severity) < SEVERITIES.index(earlier.severity)
    surer = CONFIDENCES.index(finding.confidence) < CONFIDENCES.index(earlier.confidence)
    return Status.WORSENED if rose or surer else Status.STANDING


def item_of(finding: Finding) -> Item | None:
    """The checklist item that a finding belongs to."""
    found = rule(finding.rule)
    return found.item if found else None


def prints(judged: JudgedAction) -> Mapping[str, Finding]:
    """The findings of an action by fingerprint."""
    return {f.fingerprint: f for f in judged.findings}
