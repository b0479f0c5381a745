"""The *before you ship* checklist of an action: one answer per item, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from preship.analyzers.judgement import authentication, data_access, ownership, placement, returned, validation
from preship.analyzers.results import Answer, ChecklistEntry
from preship.analyzers.rule import ActionFacts, Confidence, Finding, Item, Persona

ANSWERS: Mapping[Item, Callable[[ActionFacts], ChecklistEntry]] = {
    Item.AUTHENTICATION: authentication.answer,
    Item.OWNERSHIP: ownership.answer,
    Item.INPUT: validation.answer,
    Item.OUTPUT: returned.answer,
    Item.DATA_ACCESS: data_access.answer,
}
"""Who answers an item where no rule found a fault; the other items follow from these."""


def checklist_of(
    facts: ActionFacts, findings: Sequence[Finding], items: Mapping[str, Item | None]
) -> tuple[ChecklistEntry, ...]:
    """One answer per item, in the order of `Item`; `items` says of each rule's id which one it is about."""

    def about(item: Item) -> ChecklistEntry | None:
        # Nuances are for those who ask for them: they answer no question.
        return fault([f for f in findings if items[f.rule] is item and f.persona is Persona.REGULAR], item)

    entries = {item: about(item) or answer(facts) for item, answer in ANSWERS.items()}
    who = entries[Item.AUTHENTICATION]
    entries[Item.PLACEMENT] = about(Item.PLACEMENT) or placement.answer(facts, who)
    entries[Item.DIRECT_CALL] = directly_called(who)
    return tuple(entries[item] for item in Item)


def directly_called(who: ChecklistEntry) -> ChecklistEntry:
    """What a request without a session gets: that follows from whether the action authenticates."""
    said = "answers whoever calls" if who.answer is Answer.NO else who.evidence
    return replace(who, item=Item.DIRECT_CALL, evidence=said)


def fault(found: Sequence[Finding], item: Item) -> ChecklistEntry | None:
    """The answer that findings give: a fault is a no, a doubt is unseen, and what is ignored is neither."""
    mine = [f for f in found if f.ignored is None]
    sure = [f for f in mine if f.confidence is not Confidence.LOW]
    if sure:
        return ChecklistEntry(item, Answer.NO, sure[0].title, sure[0].path, sure[0].line)
    if mine:
        return ChecklistEntry(
            item, Answer.UNSEEN, f"perhaps {mine[0].headline or mine[0].title}", mine[0].path, mine[0].line
        )
    if found:
        return ChecklistEntry(item, Answer.NOT_APPLICABLE, f"{found[0].title}, ignored: {found[0].ignored}")
    return None
