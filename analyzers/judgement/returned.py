"""Item D: what comes back holds named fields, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.actions.output import Leaf, leaves, source_of
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.origins import Remote, Session, Stored, Unfollowed
from preship.analyzers.judgement.answers import not_asked, unread, unseen, yes
from preship.analyzers.results import ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item

ITEM = Item.OUTPUT

MOST_FIELDS = 6
"""Fields that one answer names; a reader skips a longer list."""


def answer(facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: does it return anything of a store, and which fields are they?"""
    found = tuple(leaves(facts.result, facts_at_return(facts.effects)))
    ways = (origin for leaf in filter(is_open, found) for origin in sorted(leaf.shape.origins, key=str))
    lost = next((origin for origin in ways if isinstance(origin, Unfollowed)), None)
    if lost is not None:
        return unseen(ITEM, f"what {lost.why} gives could not be seen")
    return (
        own_record(facts)
        or named_fields(found, facts.effects)
        or parsed(found, facts)
        or unread(ITEM, facts)
        or not_asked(ITEM, "returns no data")
    )


def own_record(facts: ActionFacts) -> ChecklistEntry | None:
    """The answer where a whole record is handed out, and to nobody but the one whose it is."""
    found = next(iter(facts.raw_records()), None)
    if found is None:
        return None
    return yes(ITEM, f"{found.name} whole, which is the caller's own", found.effect.span if found.effect else None)


def facts_at_return(effects: Sequence[Effect]) -> Facts:
    """What had been proven when the action returned."""
    return next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)


def is_open(leaf: Leaf) -> bool:
    """Whether a part of an answer may hold anything."""
    return not leaf.shape.is_checked and not leaf.shape.is_primitive


def named_fields(found: Sequence[Leaf], effects: Sequence[Effect]) -> ChecklistEntry | None:
    """The fields of the first record that is handed out in part."""
    for leaf in found:
        for origin in sorted(leaf.shape.origins, key=str):
            if isinstance(origin, Stored | Remote | Session):
                source = source_of(origin, effects)
                return yes(ITEM, in_words(origin, found), source.span if source is not None else None)
    return None


def in_words(origin: Stored | Remote | Session, found: Sequence[Leaf]) -> str:
    """Which fields of a record are handed out."""
    if isinstance(origin, Remote):
        return f"named fields of what {origin.host} answers"
    if isinstance(origin, Session):
        return "only of the caller's own session"
    same = [o for leaf in found for o in leaf.shape.origins if isinstance(o, Stored) and o.model == origin.model]
    names = sorted({o.path[0] for o in same if o.path})
    if not names or any(not o.path for o in same):
        return f"selected columns of `{origin.model}`"
    listed = ", ".join(f"`{name}`" for name in names[:MOST_FIELDS])
    more = f" and {len(names) - MOST_FIELDS} more" if len(names) > MOST_FIELDS else ""
    return f"only {listed}{more} of `{origin.model}`"


def parsed(found: Sequence[Leaf], facts: ActionFacts) -> ChecklistEntry | None:
    """A schema that the answer was parsed by."""
    if not any(leaf.shape.is_checked and leaf.shape.origins and not leaf.shape.is_primitive for leaf in found):
        return None
    return yes(ITEM, "what a schema lets through", facts.head)
