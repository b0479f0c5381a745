"""What a probe of a running build has shown of an action: item G of the checklist, as proof and no conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.analysis import Analysis, Answer, ChecklistEntry, Item, JudgedAction

WORDS: Mapping[Answer, str] = {
    Answer.YES: "yes",
    Answer.NO: "no",
    Answer.UNSEEN: "could not see",
    Answer.NOT_APPLICABLE: "not asked",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of calling one action."""

    path: str
    name: str | None
    line: int | None
    outcome: str
    """In words: `refused`, `open`."""

    on: str
    """The day, as `2026-12-01`."""

    reason: str
    is_open: bool
    is_refused: bool
    is_current: bool
    """Whether the text of its file is the one that was tried."""


def is_open_all_the_same(action: JudgedAction) -> bool:
    """Whether a call got through where the code was taken to refuse it."""
    answers = {entry.item: entry for entry in action.checklist}
    call, code = answers.get(Item.DIRECT_CALL), answers.get(Item.AUTHENTICATION)
    is_open = call is not None and bool(call.tried) and call.answer is Answer.NO
    return is_open and code is not None and code.answer is not Answer.NO


def as_tried(analysis: Analysis, tried: Sequence[Tried]) -> Analysis:
    """The same analysis, whose checklist says what was tried."""
    return replace(analysis, actions=tuple(_answered(action, tried) for action in analysis.actions))


def _answered(action: JudgedAction, tried: Iterable[Tried]) -> JudgedAction:
    found = next((each for each in tried if _is_of(each, action)), None)
    if found is None:
        return action
    checklist = tuple(_entry(each, found) if each.item is Item.DIRECT_CALL else each for each in action.checklist)
    return replace(action, checklist=checklist)


def _is_of(tried: Tried, action: JudgedAction) -> bool:
    if tried.path != action.path or tried.name != action.name:
        return False
    return action.name is not None or tried.line == action.line


def _entry(entry: ChecklistEntry, tried: Tried) -> ChecklistEntry:
    """The answer that was seen; of another text of the file, it stays what the code says."""
    if not tried.is_current:
        return replace(entry, tried=f"{WORDS[entry.answer]}; of another text {tried.outcome}, {tried.on}")
    answer = Answer.NO if tried.is_open else Answer.YES if tried.is_refused else entry.answer
    return ChecklistEntry(entry.item, answer, tried.reason, tried=f"{tried.outcome}, {tried.on}")
