"""The answers to one item of the checklist, as the items give them."""

from __future__ import annotations

from preship.analyzers.actions.words import not_followed
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated, Strength
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.values import Value, origins_of
from preship.analyzers.results import Answer, ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item
from preship.analyzers.source.tree import Span


def yes(item: Item, proof: str, at: Span | None = None) -> ChecklistEntry:
    """It is so, and this shows it."""
    return _entry(item, Answer.YES, proof, at)


def not_asked(item: Item, why: str, at: Span | None = None) -> ChecklistEntry:
    """The action does not raise the question."""
    return _entry(item, Answer.NOT_APPLICABLE, why, at)


def unseen(item: Item, what: str, at: Span | None = None) -> ChecklistEntry:
    """Whether it is so, could not be seen."""
    return _entry(item, Answer.UNSEEN, what, at)


def unread(item: Item, facts: ActionFacts) -> ChecklistEntry | None:
    """The first thing that the execution could not follow, where the answer hangs on it; None: all was followed.

    What a library does of which nothing is known may ask who is calling. What it gives, its values say themselves.
    """
    is_about_access = item in {Item.AUTHENTICATION, Item.OWNERSHIP}
    lost = (e for e in facts.effects if e.kind is EffectKind.UNSEEN and (is_about_access or not e.target))
    found = next(lost, None)
    return unseen(item, f"could not follow {not_followed(found)}", found.span) if found is not None else None


def lost_answer(facts: ActionFacts) -> tuple[Unfollowed, Span] | None:
    """The call of a library that nothing is known of whose answer an anonymous caller gets, and where that is."""
    returns = [effect for effect in facts.effects if effect.kind is EffectKind.RETURN]
    shown = [a for a in facts.result.alternatives if not any(map(is_proof, a.under))]
    lost = [o for a in shown for o in origins_of(Value((a,))) if isinstance(o, Unfollowed) and o.package]
    settled = min((o for o in lost if o.is_settled), key=str, default=None)
    if settled is None or not returns or is_known_at(returns[0]):
        return None
    return settled, returns[0].span


def is_known_at(effect: Effect) -> bool:
    """Whether the caller is known where an effect happens."""
    return any(map(is_proof, effect.facts))


def is_proof(fact: object) -> bool:
    """Whether a fact says that the caller is known."""
    return isinstance(fact, Authenticated) and fact.strength is Strength.PROVEN


def _entry(item: Item, answer: Answer, evidence: str, at: Span | None) -> ChecklistEntry:
    if at is None:
        return ChecklistEntry(item, answer, evidence)
    return ChecklistEntry(item, answer, evidence, at.path, at.line)
