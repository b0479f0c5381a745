"""What a review says, remark by remark: what belongs together is said once, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from preship.analyzers.analysis import Finding, JudgedAction, JudgedFile, Severity, Step, Touch
from preship.bot.review.placement import Diff, Place, place_of, place_of_line
from preship.bot.review.policy import WORST_FIRST, is_new, is_told

PRESSING = frozenset({Severity.CRITICAL, Severity.HIGH})
"""What is said at each of its places; of what is milder, one comment in a review says all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding and what it stands on."""

    action: JudgedAction | JudgedFile
    finding: Finding


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say at one place."""

    place: Place | None
    """None where the change shows no file on which it could stand."""

    faults: tuple[Fault, ...]
    """At least one, the worst first."""

    cause: Step | None = None
    """The changed place that exposes these actions; None where the actions themselves changed."""

    number: int = 1
    """How many changes of the code would fix them all."""

    @property
    def worst(self) -> Fault:
        """The fault that gives the remark its severity and its words."""
        return self.faults[0]

    @property
    def same(self) -> tuple[Fault, ...]:
        """The other faults that its worst one stands for: of the same rule."""
        return tuple(fault for fault in self.faults[1:] if fault.finding.rule == self.worst.finding.rule)

    @property
    def others(self) -> tuple[Fault, ...]:
        """The faults of other rules that are reported with it."""
        return tuple(fault for fault in self.faults[1:] if fault.finding.rule != self.worst.finding.rule)

    @property
    def fingerprint(self) -> str:
        """Names the remark: the finding's own fingerprint, or one over all of them."""
        if len(self.faults) == 1:
            return self.worst.finding.fingerprint
        return sha256("".join(sorted(self.fingerprints)).encode()).hexdigest()[:16]

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Those of all its findings, each once."""
        return tuple(dict.fromkeys(fault.finding.fingerprint for fault in self.faults))


def new_faults(actions: Iterable[JudgedAction | JudgedFile]) -> tuple[Fault, ...]:
    """What the change brings and everybody wants to read, the worst first."""
    faults = (Fault(action, finding) for action in actions for finding in action.findings)
    return worst_first(fault for fault in faults if is_new(fault.finding) and is_told(fault.finding))


def remarks(faults: Iterable[Fault], diff: Diff, same_rule_limit: int) -> tuple[Remark, ...]:
    """Put each fault in its place and join what belongs together, the worst first.

    One cause is one remark, however many actions show it; so is one line, however many rules it breaks, and one action
    that an anonymous caller gets into.
    """
    by_line = _joined_by_line(_joined_by_cause(faults, diff), diff)
    return _joined_by_rule(_merged(by_line, _open_action, diff), same_rule_limit)


def unsaid(faults: Iterable[Fault], said: Collection[str]) -> tuple[Fault, ...]:
    """The faults whose fingerprint no comment of ours carries yet."""
    return tuple(fault for fault in faults if fault.finding.fingerprint not in said)


def _joined_by_cause(faults: Iterable[Fault], diff: Diff) -> list[Remark]:
    """One remark per changed place for reached actions; for edited ones, one per rule and line that is at fault."""
    groups: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        cause = _cause(fault.action)
        place = place_of(fault.action, fault.finding, diff) if cause else None
        groups[(place, cause) if cause else (fault.finding.rule, at_fault(fault.finding))].append(fault)
    return [_remark(some, diff) for some in groups.values()]


def _joined_by_line(separate: Iterable[Remark], diff: Diff) -> list[Remark]:
    """Remarks on one line of the code, or that would stand on the same lines of the diff, made one."""
    return _merged(_merged(separate, _own_line, diff), _place_or_own_line, diff)


def _merged(separate: Iterable[Remark], key: Callable[[Remark], object], diff: Diff) -> list[Remark]:
    groups: dict[object, list[Remark]] = defaultdict(list)
    for remark in separate:
        groups[key(remark), remark.cause].append(remark)
    return [
        some[0] if len(some) == 1 else _remark([f for each in some for f in each.faults], diff)
        for some in groups.values()
    ]


def _own_line(remark: Remark) -> object:
    return (remark.worst.finding.path, remark.worst.finding.line) if remark.cause is None else remark.place


def _open_action(remark: Remark) -> object:
    """The one action that an anonymous caller gets into, by whichever rule; each other remark by itself.

    What opens several actions stands where they have it from.
    """
    actions = {(fault.action.path, fault.action.line) for fault in remark.faults}
    is_open = any(fault.finding.is_open_to_all for fault in remark.faults)
    return actions.pop() if is_open and len(actions) == 1 else remark.fingerprint


def _place_or_own_line(remark: Remark) -> object:
    return remark.place if remark.place is not None and remark.place.line else _own_line(remark)


def at_fault(finding: Finding) -> tuple[str, int]:
    """The line that is at fault: in a helper or a wrapper, of the helper or the wrapper."""
    if finding.shared is not None:
        return finding.shared.path, finding.shared.line
    return finding.happens_at or (finding.path, finding.line)


def _remark(faults: Sequence[Fault], diff: Diff) -> Remark:
    some = worst_first(faults)
    return Remark(_place_of(some, diff), some, _cause(some[0].action))


def _place_of(faults: Sequence[Fault], diff: Diff) -> Place | None:
    """Where some faults are reported together: where the one cause of several stands, if the change shows it."""
    first = faults[0]
    is_one_cause = len({at_fault(fault.finding) for fault in faults}) == 1
    at_cause = None
    if len(faults) > 1 and is_one_cause and first.action.touch is not Touch.REACHED:
        at_cause = place_of_line(*at_fault(first.finding), diff)
    return at_cause or place_of(first.action, first.finding, diff)


def _cause(action: JudgedAction | JudgedFile) -> Step | None:
    return action.touched_by[0] if action.touch is Touch.REACHED and action.touched_by else None


def _joined_by_rule(separate: Iterable[Remark], same_rule_limit: int) -> tuple[Remark, ...]:
    """Join remarks on edited actions that say the same too often."""
    by_rule: dict[object, list[Remark]] = defaultdict(list)
    for number, remark in enumerate(separate):
        by_rule[number if remark.cause else remark.worst.finding.rule].append(remark)
    joined: list[Remark] = []
    for same in by_rule.values():
        limit = same_rule_limit if same[0].worst.finding.severity in PRESSING else 1
        joined += [_join(same)] if len(same) > limit else same
    return tuple(sorted(joined, key=lambda remark: _badness(remark.worst)))


def _join(same: list[Remark]) -> Remark:
    place = next((remark.place for remark in same if remark.place), None)
    faults = worst_first(fault for remark in same for fault in remark.faults)
    return Remark(place, faults, number=sum(remark.number for remark in same))


def worst_first(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By severity, then by place."""
    return tuple(sorted(faults, key=_badness))


def _badness(fault: Fault) -> tuple[int, str, int, str, str]:
    finding = fault.finding
    return WORST_FIRST.index(finding.severity), finding.path, finding.line, finding.rule, finding.fingerprint
