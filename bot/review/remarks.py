"""What a review says, remark by remark: what belongs together is said once, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from analyzers.analysis import Finding, JudgedAction, JudgedFile, Step, Touch
from bot.review.placement import Diff, Place, place_of, place_of_line
from bot.review.policy import WORST_FIRST, is_new, is_told


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
    """The changed place that lays these actions bare; None where the actions themselves changed."""

    @property
    def worst(self) -> Fault:
        """The fault that gives the remark its severity and its words."""
        return self.faults[0]

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
    """Put each fault in its place and join what belongs together, the worst first."""
    return _joined_by_rule(_joined_by_place(faults, diff), same_rule_limit)


def unsaid(faults: Iterable[Fault], said: Collection[str]) -> tuple[Fault, ...]:
    """The faults whose fingerprint no comment of ours carries yet."""
    return tuple(fault for fault in faults if fault.finding.fingerprint not in said)


def _joined_by_place(faults: Iterable[Fault], diff: Diff) -> list[Remark]:
    """One remark per cause for reached actions; for edited ones, one per place and rule."""
    groups: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        place, cause = place_of(fault.action, fault.finding, diff), _cause(fault.action)
        key = (place, cause) if cause else (None, None, fault.finding.rule, *_own_place(fault, place))
        groups[key].append(fault)
    return [Remark(_place_of(some, diff), tuple(some), _cause(some[0].action)) for some in groups.values()]


def _place_of(faults: Sequence[Fault], diff: Diff) -> Place | None:
    """Where some faults are told together: where the one cause of several stands, if the change shows it."""
    first, shared = faults[0], faults[0].finding.shared
    is_one_cause = len(faults) > 1 and shared is not None and first.action.touch is not Touch.REACHED
    at_cause = place_of_line(shared.path, shared.line, diff) if is_one_cause and shared is not None else None
    return at_cause or place_of(first.action, first.finding, diff)


def _own_place(fault: Fault, place: Place | None) -> tuple[object, ...]:
    """Keeps faults apart that only share the file, or no place at all: a line that both mark says they are one.

    So does code that both run and that is at fault.
    """
    if fault.finding.shared is not None:
        return (fault.finding.shared.path, fault.finding.shared.line)
    return (place, None) if place and place.line else (fault.finding.path, fault.finding.line)


def _cause(action: JudgedAction | JudgedFile) -> Step | None:
    return action.touched_by[0] if action.touch is Touch.REACHED and action.touched_by else None


def _joined_by_rule(separate: Iterable[Remark], same_rule_limit: int) -> tuple[Remark, ...]:
    """Join remarks on edited actions that say the same too often."""
    by_rule: dict[object, list[Remark]] = defaultdict(list)
    for number, remark in enumerate(separate):
        by_rule[number if remark.cause else remark.worst.finding.rule].append(remark)
    joined: list[Remark] = []
    for same in by_rule.values():
        joined += [_join(same)] if len(same) > same_rule_limit else same
    return tuple(sorted(joined, key=lambda remark: _badness(remark.worst)))


def _join(same: list[Remark]) -> Remark:
    place = next((remark.place for remark in same if remark.place), None)
    return Remark(place, worst_first(fault for remark in same for fault in remark.faults))


def worst_first(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By severity, then by place."""
    return tuple(sorted(faults, key=_badness))


def _badness(fault: Fault) -> tuple[int, str, int, str, str]:
    finding = fault.finding
    return WORST_FIRST.index(finding.severity), finding.path, finding.line, finding.rule, finding.fingerprint
