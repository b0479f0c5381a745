"""Item B: what the action changes is the caller's, or the caller has a role for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from preship.analyzers.actions.words import short_roles
from preship.analyzers.actions.world import CHOOSE_RECORDS
from preship.analyzers.flow.effects import Client, Effect
from preship.analyzers.flow.facts import Owns, Role, Strength, breadth
from preship.analyzers.flow.identity import is_credential, names_the_caller
from preship.analyzers.flow.origins import roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.judgement.answers import not_asked, unread, unseen, yes
from preship.analyzers.results import ChecklistEntry
from preship.analyzers.rule import ActionFacts, Input, Item, named

ITEM = Item.OWNERSHIP

NAME = re.compile(r"[\w:.\-/]+")
"""What roles and permissions are called in code, and one of several."""

JUDGES = "the other side judges by the caller's own rights"


def answer(facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: was there a record to own, and what shows whose it is?"""
    if facts.public is not None:
        return not_asked(ITEM, "open to everyone")
    needed = role_needed(facts.touching_effects())
    if needed is not None:
        return needs(needed)
    chosen = facts.choosing_effects()
    if not chosen:
        return (
            judged_elsewhere(facts) or read_by_all(facts) or not_asked(ITEM, "changes no record that the caller names")
        )
    if facts.anonymous_effect() is not None:
        return not_asked(ITEM, "nobody is known whose record it could be")
    if facts.is_doubtful:
        return unread(ITEM, facts) or unseen(ITEM, "a check that could not be read stands before it", chosen[0].span)
    return shown(chosen)


def judged_elsewhere(facts: ActionFacts) -> ChecklistEntry | None:
    """The first change of which the other side judges by the caller's own rights."""
    found = next((e for e in facts.effects if e.kind in CHOOSE_RECORDS and e.client is Client.CALLER), None)
    return yes(ITEM, JUDGES, found.span) if found is not None else None


def read_by_all(facts: ActionFacts) -> ChecklistEntry | None:
    """A row of somebody's that its id is enough to read: code does not say by itself who may."""
    found = facts.read_by_its_id()
    if found is None:
        return None
    return unseen(ITEM, f"whether any signed-in user may read `{found.target}` by its id, no code says", found.span)


def needs(role: Role) -> ChecklistEntry:
    """The answer for an action that is kept for a role; what is no name of one says itself what it is."""
    short = short_roles(role.any_of)
    name = f"`{short}`" if all(map(NAME.fullmatch, role.any_of)) else short
    return yes(ITEM, f"needs a role or permission: {name}", role.by)


def needed_by(facts: ActionFacts) -> str | None:
    """The role or permission that all callers of an action need, as the code calls it or its authors declare."""
    found = role_needed(facts.touching_effects()) if facts.public is None else None
    return short_roles(found.any_of) if found is not None else facts.role


def role_needed(effects: Iterable[Effect]) -> Role | None:
    """The role or permission that stands before all effects on the world, if one does."""
    held = [{f for f in effect.facts if isinstance(f, Role)} for effect in effects]
    common = frozenset.intersection(*map(frozenset, held)) if held else frozenset()
    return min(common, key=breadth, default=None)


def shown(chosen: Iterable[Effect]) -> ChecklistEntry:
    """What shows of the first record that the caller names whose it is; of none, that none is named."""
    for effect in chosen:
        found = proof_of(effect)
        if found is not None:
            return found
    return not_asked(ITEM, "the caller names no record")


def proof_of(effect: Effect) -> ChecklistEntry | None:
    """What makes the records of an effect the caller's; None where the caller chooses none."""
    role = min((f for f in effect.facts if isinstance(f, Role)), key=breadth, default=None)
    if role is not None:
        return needs(role)
    if names_the_caller(effect.key):
        return yes(ITEM, "the caller's identity is part of the key", effect.span)
    if effect.client is not Client.SERVER:
        return yes(ITEM, JUDGES, effect.span)
    named_by = {o for o in roots(origins_of(effect.key)) if isinstance(o, Input)}
    proofs = [f for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE]
    # That a session is the caller's own says nothing of what else they name.
    proofs = [f for f in proofs if not all(map(is_credential, roots((f.subject,))))]
    proofs = [f for f in proofs if roots((f.subject,)) & named_by] or proofs
    if not named_by or not proofs:
        return None
    first = min(proofs, key=lambda proof: (proof.by, str(proof.subject)))
    whose = named(sorted(named_by, key=str)[:2])
    return yes(ITEM, f"{whose} was shown to be the caller's", first.by)
