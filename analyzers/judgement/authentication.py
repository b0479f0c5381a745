"""Item A: the action knows its caller before it touches data."""

from __future__ import annotations

from preship.analyzers.actions.world import TOUCHES, is_keyed_by_a_credential
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import Authenticated, Strength
from preship.analyzers.judgement.answers import lost_answer, not_asked, unread, unseen, yes
from preship.analyzers.results import ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item

ITEM = Item.AUTHENTICATION


def answer(facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: was there anything to protect, and what protects it?"""
    if facts.public is not None:
        return not_asked(ITEM, facts.public)
    touching = facts.touching_effects()
    proofs = [f for e in touching for f in e.facts if isinstance(f, Authenticated)]
    sure = [proof for proof in proofs if proof.strength is Strength.PROVEN]
    if sure and facts.anonymous_effect() is None and not facts.is_doubtful:
        return yes(ITEM, sure[0].source, sure[0].by)
    if proofs:
        return unseen(ITEM, f"perhaps by {proofs[0].source}", proofs[0].by)
    found = known_to_libraries(facts) or unread(ITEM, facts) or judged_elsewhere(facts)
    return found or handed_on(facts) or nothing_to_protect(facts)


def known_to_libraries(facts: ActionFacts) -> ChecklistEntry | None:
    """What proves who is calling before all that libraries do of which nothing is known; the rest was followed."""
    lost = [effect for effect in facts.effects if effect.kind is EffectKind.UNSEEN]
    proofs = [[f for f in e.facts if isinstance(f, Authenticated) and f.strength is Strength.PROVEN] for e in lost]
    if not lost or not all(proofs) or not all(effect.target for effect in lost):
        return None
    return yes(ITEM, proofs[0][0].source, proofs[0][0].by)


def handed_on(facts: ActionFacts) -> ChecklistEntry | None:
    """What a library answers of which nothing is known, where it is handed out: it may be anybody's data."""
    found = lost_answer(facts)
    return unseen(ITEM, f"could not follow {found[0].why}", found[1]) if found is not None else None


def nothing_to_protect(facts: ActionFacts) -> ChecklistEntry:
    """Why nobody needs to be known."""
    if not any(effect.kind in TOUCHES for effect in facts.effects):
        return not_asked(ITEM, "touches no data")
    if any(is_keyed_by_a_credential(effect) for effect in facts.effects if effect.kind in TOUCHES):
        return not_asked(ITEM, "touches only what the caller's own cookie or header names")
    return not_asked(ITEM, "touches nothing that is anybody's")


def judged_elsewhere(facts: ActionFacts) -> ChecklistEntry | None:
    """The first effect of which the other side judges by the credentials that the caller sent along."""
    found = next((e for e in facts.effects if e.kind in TOUCHES and e.client is Client.CALLER), None)
    if found is None:
        return None
    return yes(ITEM, f"`{found.what}` goes with the caller's own credentials, and the other side judges", found.span)
