"""What had been proven before a change where an effect happens, and is proven no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from analyzers.actions import world
from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import Input, Owns, Request, Role, owned_under, roots
from analyzers.flow.values import origins_of


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


def laid_bare(effects: Sequence[Effect], before: Sequence[Effect]) -> Mapping[str, str]:
    """What a change did to the effects, by evidence, before which the caller was surely known, and is not now.

    Left out is what was only looked up, where the next check comes before anything else happens.
    """
    found: dict[str, str] = {}
    for effect in effects:
        if is_laid_bare(effect, before) and not is_caught_behind(effect, effects):
            is_likely = world.strength_of_authentication(effect) is not None
            found.setdefault(world.evidence(effect), BY_CHANCE if is_likely else FREELY)
    return found


def is_laid_bare(effect: Effect, before: Sequence[Effect]) -> bool:
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
    if inputs := no_longer_owned(effect, then):
        return Loss(Lost.OWNER, inputs) if has <= had else None
    is_asked_otherwise = has - had or shown(effect) - frozenset().union(*map(shown, then))
    return Loss(Lost.ROLE) if has < had and not is_asked_otherwise else None


def no_longer_owned(effect: Effect, then: Sequence[Effect]) -> frozenset[Input | Request]:
    """The inputs in what is written or sent that were shown to be the caller's, and are not now.

    What chooses the records of a write is judged as it stands.
    """
    told = origins_of(effect.data)
    if effect.kind not in world.CHOOSE_OR_INSERT:
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
