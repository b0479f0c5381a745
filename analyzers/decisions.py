"""Which comments count in a review, and for what.

Those that stand at the tip of the base branch and that the change does not remove; and each for what the action did
under it: a pull request cannot ignore its own faults, nor go on ignoring what it brings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.actions.openness import Public
from preship.analyzers.actions.operations import Operation, beyond
from preship.analyzers.intent import Ignored
from preship.analyzers.rule import Finding, Lapsed

NONE = Ignored()


@dataclass(frozen=True, slots=True)
class Stood:
    """An action, or a file, as it stood in one commit under its comments."""

    ignored: Ignored = NONE
    operations: tuple[Operation, ...] = ()
    public: Public | None = None
    """Why a comment declared it public, if one did."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a review has to respect of what comments decide about an action or a file."""

    before: Stood = Stood()
    """At the merge base, with which the change is compared."""

    tip: Stood = Stood()
    """At the tip of the base branch, whose comments count."""

    def public(self, here: Public | None) -> Public | None:
        """Why it counts as public, if a comment says so that the change has not removed; `here`: what it says now."""
        is_removed = here is None and self.before.public is not None
        return None if is_removed else self.tip.public

    def beyond(self, operations: Sequence[Operation]) -> tuple[Operation, ...]:
        """What it does that it did in neither commit."""
        return beyond(operations, {*self.before.operations, *self.tip.operations})

    def marked(self, finding: Finding, here: Ignored, operations: Sequence[Operation]) -> Finding:
        """A finding, with the comment that means it: as ignored where that covers all that is done, or as lapsed."""
        counting, now = self.tip.ignored.meaning(finding), here.meaning(finding)
        is_removed = now is None and self.before.ignored.means(finding)
        then = counting or (self.tip.ignored.naming(finding.rule) if now is not None else None)
        if then is None or is_removed:
            return finding
        if counting is None or beyond(operations, self._looked_at(finding)):
            return replace(finding, lapsed=Lapsed(then.reason))
        return replace(finding, ignored=finding.ignored or (now or counting).reason)

    def _looked_at(self, finding: Finding) -> set[Operation]:
        """What was done under a comment that means a finding: whoever wrote it, or left it there, has seen that."""
        under = (each for each in (self.before, self.tip) if each.ignored.means(finding))
        return {operation for each in under for operation in each.operations}


def marked(
    findings: Iterable[Finding], here: Ignored, decided: Decided | None, operations: Sequence[Operation]
) -> tuple[Finding, ...]:
    """The findings, with the reasons of comments that mean them; `decided` is None where all comments count."""
    if decided is not None:
        return tuple(decided.marked(finding, here, operations) for finding in findings)
    meant = here.findings
    return tuple(
        replace(finding, ignored=finding.ignored or meant[finding.fingerprint].reason)
        if finding.fingerprint in meant
        else finding
        for finding in findings
    )
