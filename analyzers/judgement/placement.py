"""Item F: the check stands in the action or in what it calls, and not only in a page or layout above it."""

from __future__ import annotations

from preship.analyzers.judgement.answers import not_asked, unseen
from preship.analyzers.results import Answer, ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item

ITEM = Item.PLACEMENT


def answer(facts: ActionFacts, authentication: ChecklistEntry) -> ChecklistEntry:
    """Where the check of item A stands, if there is one."""
    if authentication.answer is Answer.YES and authentication.path is not None:
        is_inside = authentication.path == facts.path
        where = "in the action's own file" if is_inside else f"in `{authentication.path}`, which the action calls"
        return ChecklistEntry(ITEM, Answer.YES, f"checked {where}", authentication.path, authentication.line)
    if authentication.answer is Answer.UNSEEN:
        return unseen(ITEM, "whether the action checks at all could not be seen")
    return misplaced(facts) if authentication.answer is Answer.NO else not_asked(ITEM, "nothing to check")


def misplaced(facts: ActionFacts) -> ChecklistEntry:
    """The answer where the action does not ask: whether a layout around it does, which no call of an action runs."""
    at = next(iter(facts.layout_checks()), None)
    if at is None:
        return not_asked(ITEM, "no check that could stand in the wrong place")
    return ChecklistEntry(ITEM, Answer.NO, "only the layout asks, and no call of an action runs it", at.path, at.line)
