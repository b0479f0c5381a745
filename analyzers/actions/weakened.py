"""What had been proven before a change where an effect happens, and is proven no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions import world
from preship.analyzers.conventions.roles import EVERYBODYS_ROLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Owns, Role, Strength, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import Input, Request, roots
from preship.analyzers.flow.values import Constant, is_nullish, origins_of


def counterparts(effect: Effect, before: Sequence[Effect]) -> list[Effect]:
    """The same effect as it was before the change; several where it happened in several places."""
    name = world.evidence(effect)
    return [e for e in before if world.evidence(e) == name]


def was_known(effect: Effect, before: Sequence[Effect]) -> bool:
    """Whether the caller was surely known wherever this happened before the change."""
    then = counterparts(effect, before)
    return bool(then) and all(world.is_known(e) for e in then)


BY_CHANCE = "A check stood here before this change; now such a caller is stopped only where the code happens to fail."
FREELY = "A check stood here before this change, and none does now."


def newly_exposed(effects: Sequence[Effect], before: Sequence[Effect]) -> Mapping[str, str]:
    """What a change did to the effects, by evidence, before which the caller was surely known, and is not now.

    Left out is what was only looked up, where the next check comes before anything else happens.
    """
    found: dict[str, str] = {}
    for effect in effects:
        if is_newly_exposed(effect, before) and not is_caught_behind(effect, effects):
            is_likely = world.strength_of_authentication(effect) is not None
            found.setdefault(world.evidence(effect), BY_CHANCE if is_likely else FREELY)
    return found


def is_newly_exposed(effect: Effect, before: Sequence[Effect]) -> bool:
    """Whether the caller was surely known here before the change, and is not now."""
    return not world.is_known(effect) and was_known(effect, before)


def is_caught_behind(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether an effect is but a look-up, and all that happens behind it waits for a check."""
    return effect.kind is EffectKind.READ and world.proof_behind(effect, effects) is not None


class Lost(Enum):
    """What a check that is gone had asked."""

    OWNER = "whether what an input names is the caller's"
    ROLE = "what the caller may do"
    SCOPE = "whose records these are"
    RANK = "whether what the caller may do is as much as before"
    STATE = "in what state they are"


@dataclass(frozen=True, slots=True)
class Loss:
    """What had been shown of an effect before the change, and is not now, nor anything instead."""

    what: Lost
    inputs: frozenset[Input | Request] = frozenset()
    """Those that were shown to be the caller's."""


def loss(effect: Effect, before: Sequence[Effect]) -> Loss | None:
    """What had been shown wherever an effect happened before the change, and is not now."""
    then = counterparts(effect, before)
    if not then:
        return None
    had, has = frozenset.intersection(*map(roles, then)), roles(effect)
    lost, new = had - has, has - had
    if inputs := no_longer_owned(effect, then):
        return Loss(Lost.OWNER, inputs) if not new else None
    is_shown_otherwise = bool(shown(effect) - frozenset().union(*map(shown, then)))
    if is_shown_otherwise or (new and not all(is_wider(role, lost) for role in new)):
        return None
    if is_no_longer_scoped(effect, then):
        return Loss(Lost.SCOPE, chosen_by(effect))
    if lost:
        return Loss(Lost.RANK if new else Lost.ROLE)
    return Loss(Lost.STATE) if asked_for(effect, then, before) - conditions(effect) else None


def asked_for(effect: Effect, then: Sequence[Effect], before: Sequence[Effect]) -> frozenset[str]:
    """What the look-ups asked for, beside the names of records, that showed whose these are, and show it no more."""
    gone = frozenset.intersection(*(owned_by(e) for e in then)) - owned_by(effect)
    lookups = [e for e in before if e.kind is EffectKind.READ and e.span in {fact.by for fact in gone}]
    return frozenset().union(*map(conditions, lookups))


def owned_by(effect: Effect) -> frozenset[Owns]:
    """What was seen to be the caller's."""
    return frozenset(f for f in effect.facts if isinstance(f, Owns) and f.strength is Strength.PROVEN)


def conditions(effect: Effect) -> frozenset[str]:
    """The fields of a key that demand a certain value: `{ status: 'active' }`."""
    return frozenset(
        name
        for name, value in world.fields_of(effect.key)
        if value.alternatives
        and all(isinstance(a.shape, Constant) and not is_nullish(a.shape) for a in value.alternatives)
    )


def is_wider(role: Role, lost: Iterable[Role]) -> bool:
    """Whether more have a right than had the one that stood in its place: `admin or owner` where `owner` was asked for.

    Whoever is but a member has no right that others lack.
    """
    names = words(role)
    is_for_all = any(map(EVERYBODYS_ROLE.matches, names))
    return any(
        old.within == role.within
        and (words(old) < names or (is_for_all and not any(map(EVERYBODYS_ROLE.matches, words(old)))))
        for old in lost
    )


def words(role: Role) -> set[str]:
    """The roles of which one is enough, in small letters."""
    return {name.lower() for name in role.any_of}


def is_no_longer_scoped(effect: Effect, then: Sequence[Effect]) -> bool:
    """Whether the key of a change named the caller or their tenant before, and is all of the caller's choice now."""
    if effect.kind not in world.CHOOSE_RECORDS or not chosen_by(effect):
        return False
    return all(names_the_caller(e.key) for e in then) and not is_identity(origins_of(effect.key))


def chosen_by(effect: Effect) -> frozenset[Input | Request]:
    """The inputs that choose the records of an effect."""
    return frozenset(o for o in origins_of(effect.key) if isinstance(o, Input | Request))


def no_longer_owned(effect: Effect, then: Sequence[Effect]) -> frozenset[Input | Request]:
    """The inputs that choose records, are written or are sent, were shown to be the caller's, and are not now.

    A key that names the caller besides finds nothing that is not theirs.
    """
    told = origins_of(effect.data)
    if effect.kind not in world.CHOOSE_OR_INSERT or not names_the_caller(effect.key):
        told |= origins_of(effect.key)
    owned = frozenset.intersection(*map(shown, then)) - shown(effect)
    return frozenset(o for o in told if isinstance(o, Input | Request) and o in owned)


def shown(effect: Effect) -> frozenset[object]:
    """What was shown to be the caller's, and the inputs that name it."""
    subjects = owned_under(effect.facts) | {f.subject for f in effect.facts if isinstance(f, Owns)}
    return subjects | roots(subjects)


def roles(effect: Effect) -> frozenset[Role]:
    """The roles and permissions that the caller has shown."""
    return frozenset(f for f in effect.facts if isinstance(f, Role))
