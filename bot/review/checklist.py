"""The *before you ship* checklist as a page shows it: a table of answers, and the evidence of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from preship.analyzers.analysis import Answer, ChecklistEntry, DeclaredIn, Item, JudgedAction, Touch, Unseen
from preship.analyzers.rulebook import ITEMS
from preship.bot.review.links import Links
from preship.bot.review.markdown import cell, code, prose
from preship.bot.review.policy import is_new, is_told
from preship.bot.review.words import called, kind_of_all

NAMES: Mapping[Item, str] = {
    Item.AUTHENTICATION: "A · authenticates",
    Item.OWNERSHIP: "B · owns",
    Item.INPUT: "C · validates",
    Item.OUTPUT: "D · returns",
    Item.DATA_ACCESS: "E · data access",
    Item.PLACEMENT: "F · placement",
    Item.DIRECT_CALL: "G · by curl",
}

COLUMNS = tuple(Item)
"""Every item, in the order of the review."""

SIGNS: Mapping[Answer, str] = {Answer.YES: "✅", Answer.NO: "❌", Answer.UNSEEN: "❔", Answer.NOT_APPLICABLE: "–"}
ANSWERS: Mapping[Answer, str] = {
    Answer.YES: f"{SIGNS[Answer.YES]} yes",
    Answer.NO: f"{SIGNS[Answer.NO]} **no**",
    Answer.UNSEEN: f"{SIGNS[Answer.UNSEEN]} could not see",
    Answer.NOT_APPLICABLE: SIGNS[Answer.NOT_APPLICABLE],
}

AS_BEFORE = "no, as before"
"""A fault that the change under review did not bring."""

PLACES: Mapping[DeclaredIn, str] = {DeclaredIn.CODE: "", DeclaredIn.CONFIGURATION: " in the configuration"}
"""Where authors say that an action is public."""

TOUCHES: Mapping[Touch | None, str] = {Touch.EDITED: "edited", Touch.REACHED: "reached by the change", None: ""}


def shown_entries(action: JudgedAction) -> tuple[ChecklistEntry, ...]:
    """The answers that a page shows, in the order of the columns."""
    answers = {entry.item: entry for entry in action.checklist}
    return tuple(answers.get(item, ChecklistEntry(item, Answer.UNSEEN, "")) for item in COLUMNS)


def has_unseen_answer(action: JudgedAction) -> bool:
    """Whether a question that some rule asks found no answer."""
    return any(entry.answer is Answer.UNSEEN for entry in shown_entries(action))


def unseen_places(action: JudgedAction) -> tuple[Unseen, ...]:
    """What could not be followed; where that is nothing, the first question that found no answer all the same."""
    first = [entry for entry in shown_entries(action) if entry.answer is Answer.UNSEEN][:1]
    return action.unseen or tuple(
        Unseen(_left_open(entry), entry.path or action.path, entry.line or action.line) for entry in first
    )


def _left_open(entry: ChecklistEntry) -> str:
    return f"{entry.item}: {entry.evidence}" if entry.evidence else str(entry.item)


def checklist_table(actions: Sequence[JudgedAction], links: Links, size: int) -> str:
    """A row for each of the first `size` actions, a column for each item."""
    head = [kind_of_all(actions), *(NAMES[item] for item in COLUMNS)]
    rows = [_row(action, links) for action in actions[:size]]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    more = f"… and {len(actions) - size} more actions." if len(actions) > size else ""
    return "\n\n".join(part for part in (table, more) if part)


def evidence(actions: Iterable[JudgedAction], links: Links) -> str:
    """Each action's answers with the reason and place of each, a line an action."""
    return "\n".join(f"- {_headline(action)}. {' · '.join(_answers(action, links))}" for action in actions)


def _row(action: JudgedAction, links: Links) -> list[str]:
    place = ", ".join(filter(None, (links.line(action.path, action.line), TOUCHES[action.touch], _for_whom(action))))
    name = f"{called(action)}<br><sub>{place}</sub>"
    return [cell(name), *(_answer(action, entry) for entry in shown_entries(action))]


def _for_whom(action: JudgedAction) -> str:
    """In two words, who is meant to call it, where that is not just anybody with an account."""
    if action.opened is not None:
        return "declared public" if action.opened.declared_in is not None else "public by design"
    return f"needs {code(action.needs)}" if action.needs else ""


def _headline(action: JudgedAction) -> str:
    return ", ".join(filter(None, (called(action), _touch(action), _meant_for(action))))


def _touch(action: JudgedAction) -> str:
    reached = "; ".join(f"{code(f'{step.path}:{step.line}')} {prose(step.says, 200)}" for step in action.touched_by[:5])
    return TOUCHES[action.touch] + (f" ({reached})" if reached else "")


def _meant_for(action: JudgedAction) -> str:
    """Who is meant to call it, and why."""
    if action.opened is not None and action.opened.declared_in is not None:
        return prose(f"declared public{PLACES[action.opened.declared_in]}: {action.opened.reason}", 300)
    if action.opened is not None:
        return f"public by design: {prose(action.opened.why, 300)}"
    return f"needs a role or permission: {code(action.needs)}" if action.needs else ""


def _answers(action: JudgedAction, links: Links) -> Iterator[str]:
    """The answers, without what the action does not ask, and without what follows from another answer."""
    for entry in shown_entries(action):
        is_told_why = entry.item is Item.AUTHENTICATION and entry.evidence and not action.public
        is_asked = entry.answer is not Answer.NOT_APPLICABLE or is_told_why
        if is_asked and (entry.item is not Item.DIRECT_CALL or entry.tried):
            yield f"{NAMES[entry.item][0]} {_answer(action, entry)}{_because(entry, links)}"


def _answer(action: JudgedAction, entry: ChecklistEntry) -> str:
    """The answer; of a fault that stood before a change, that it did."""
    if entry.item is Item.DIRECT_CALL and entry.tried:
        return f"{SIGNS[entry.answer]} {prose(entry.tried, 100)}"
    if entry.answer is Answer.NO and action.touch is not None and not _is_brought(action, entry.item):
        return AS_BEFORE
    return ANSWERS[entry.answer]


def _is_brought(action: JudgedAction, item: Item) -> bool:
    """Whether the change brings a fault that an item is about."""
    asked = Item.AUTHENTICATION if item is Item.DIRECT_CALL else item
    return any(ITEMS.get(f.rule) is asked and is_new(f) and is_told(f) for f in action.findings)


def _because(entry: ChecklistEntry, links: Links) -> str:
    said = f", {prose(entry.evidence, 300)}" if entry.evidence else ""
    return said + (f" ({links.line(entry.path, entry.line)})" if entry.path and entry.line else "")
