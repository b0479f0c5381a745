"""Item F: the check stands in the action or in what it calls, and not only in a page or layout above it."""

from __future__ import annotations

from analyzers.judgement.answers import not_asked, unseen
from analyzers.nouns import Answer, ChecklistEntry
from analyzers.rule import ActionFacts, Item

ITEM = Item.PLACEMENT


def answer(facts: ActionFacts, authentication: ChecklistEntry) -> ChecklistEntry:
    """Where the check of item A stands, if there is one."""
    if authentication.answer is Answer.YES and authentication.path is not None:
        is_inside = authentication.path == facts.path
        where = "in the action's own file" if is_inside else f"in `{authentication.path}`, which the action calls"
        return ChecklistEntry(ITEM, Answer.YES, f"checked {where}", authentication.path, authentication.line)
    if authentication.answer is Answer.UNSEEN:
        return unseen(ITEM, "whether the action checks at all could not be seen")
    if authentication.answer is Answer.NO:
        return not_asked(ITEM, "no check that could stand in the wrong place")
    return not_asked(ITEM, "nothing to check")
