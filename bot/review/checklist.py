"""The *before you ship* checklist as a page shows it: a table of answers, and the evidence of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzers.analysis import Answer, ChecklistEntry, Item, JudgedAction, Touch
from bot.review.links import Links
from bot.review.markdown import cell, code, prose
from bot.review.policy import JUDGED
from bot.review.words import called

NAMES: Mapping[Item, str] = {
    Item.AUTHENTICATION: "A · authenticates",
    Item.OWNERSHIP: "B · owns",
    Item.INPUT: "C · validates",
    Item.OUTPUT: "D · returns",
    Item.DATA_ACCESS: "E · data access",
    Item.PLACEMENT: "F · placement",
    Item.DIRECT_CALL: "G · by curl",
}

COLUMNS = tuple(item for item in Item if item in JUDGED)
"""The items that have answers: a column of an item without rules would only repeat that it has none."""

ANSWERS: Mapping[Answer, str] = {
    Answer.YES: "✅ yes",
    Answer.NO: "❌ **no**",
    Answer.UNSEEN: "❔ could not see",
    Answer.NOT_APPLICABLE: "–",
}

TOUCHES: Mapping[Touch | None, str] = {Touch.EDITED: "edited", Touch.REACHED: "reached by the change", None: ""}


def shown_entries(action: JudgedAction) -> tuple[ChecklistEntry, ...]:
    """The answers that a page shows, in the order of the columns.

    Whose record it is cannot be asked while anyone may call: that is no gap in what was seen, but follows from item A.
    """
    answers = {entry.item: entry for entry in action.checklist}
    shown = [answers.get(item, ChecklistEntry(item, Answer.UNSEEN, "")) for item in COLUMNS]
    asks_nobody = any(entry.item is Item.AUTHENTICATION and entry.answer is Answer.NO for entry in shown)
    return tuple(
        replace(entry, answer=Answer.NOT_APPLICABLE)
        if asks_nobody and entry.item is Item.OWNERSHIP and entry.answer is Answer.UNSEEN
        else entry
        for entry in shown
    )


def has_unseen_answer(action: JudgedAction) -> bool:
    """Whether a question that some rule asks found no answer."""
    return any(entry.answer is Answer.UNSEEN for entry in shown_entries(action))


def checklist_table(actions: Sequence[JudgedAction], links: Links, size: int) -> str:
    """A row for each of the first `size` actions, a column for each judged item, and what is not judged yet."""
    head = ["Server Action", *(NAMES[item] for item in COLUMNS)]
    rows = [_row(action, links) for action in actions[:size]]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    more = f"… and {len(actions) - size} more actions." if len(actions) > size else ""
    return "\n\n".join(part for part in (table, more, _not_judged_yet()) if part)


def evidence(actions: Iterable[JudgedAction], links: Links) -> str:
    """Each action's answers with the reason and place of each."""
    return "\n\n".join("\n".join([_headline(action), "", *_answers(action, links)]) for action in actions)


def _row(action: JudgedAction, links: Links) -> list[str]:
    place = ", ".join(filter(None, (links.line(action.path, action.line), TOUCHES[action.touch])))
    name = f"{called(action)}<br><sub>{place}</sub>"
    return [cell(name), *(ANSWERS[entry.answer] for entry in shown_entries(action))]


def _not_judged_yet() -> str:
    """One sentence about the items that have no column; empty once every item has one."""
    names = [NAMES[item] for item in Item if item not in JUDGED]
    return f"<sub>This version does not judge {_listed(names)} yet.</sub>" if names else ""


def _listed(names: Sequence[str]) -> str:
    """`C`, `C and D`, `C, D and E`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _headline(action: JudgedAction) -> str:
    return ", ".join(filter(None, (called(action), _touch(action), _public(action))))


def _touch(action: JudgedAction) -> str:
    reached = "; ".join(f"{code(f'{step.path}:{step.line}')} {prose(step.says, 200)}" for step in action.touched_by[:5])
    return TOUCHES[action.touch] + (f" ({reached})" if reached else "")


def _public(action: JudgedAction) -> str:
    return f"public: {prose(action.public, 300)}" if action.public else ""


def _answers(action: JudgedAction, links: Links) -> Iterator[str]:
    for entry in shown_entries(action):
        if entry.answer is not Answer.NOT_APPLICABLE or entry.evidence:
            yield f"- {NAMES[entry.item]}: {ANSWERS[entry.answer]}{_because(entry, links)}"


def _because(entry: ChecklistEntry, links: Links) -> str:
    said = f", {prose(entry.evidence, 300)}" if entry.evidence else ""
    return said + (f" ({links.line(entry.path, entry.line)})" if entry.path and entry.line else "")
