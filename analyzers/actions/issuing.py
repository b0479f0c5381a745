"""Sessions that an action issues, and for whom: whoever has proven a credential, or whoever the caller names."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.actions import world
from preship.analyzers.conventions.sessions import SUBJECT_CLAIM
from preship.analyzers.flow.effects import ISSUED, Effect, EffectKind
from preship.analyzers.flow.facts import Strength
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of

PROVES = frozenset(
    {
        *(EffectKind.READ, EffectKind.INSERT, EffectKind.SQL, EffectKind.FETCH),
        *(EffectKind.HUMAN, EffectKind.PROOF, EffectKind.ASK, EffectKind.UNSEEN),
    }
)
"""What may tell that somebody is who they say, or makes them that: a stored password, a service, a new account."""


def signed_in_as_anybody(effects: Sequence[Effect]) -> Effect | None:
    """Where a session is issued as whoever the caller names, before anything could have shown that they are that."""
    signed = [e for e in effects if e.kind is EffectKind.SIGN]
    for number, effect in enumerate(effects):
        if effect.kind in PROVES or (effect.kind is EffectKind.IDENTIFY and effect.target != ISSUED):
            return None
        if effect.kind is EffectKind.IDENTIFY and not may_be_known(effect):
            is_named = any(map(names_its_subject, signed)) or any(map(is_direct, origins_of(effect.data)))
            return effect if is_named and number else None
    return None


def names_its_subject(effect: Effect) -> bool:
    """Whether what is signed says for whom it is in the caller's words."""
    said = list(world.fields_of(effect.data))
    is_whole = not said and any(map(is_direct, origins_of(effect.data)))
    subjects = [origins_of(value) for name, value in said if SUBJECT_CLAIM.matches(name.split(".")[-1])]
    return is_whole or (bool(subjects) and all(found and all(map(is_direct, found)) for found in subjects))


def is_direct(origin: object) -> bool:
    """Whether a value is what the caller sent, as it came."""
    return isinstance(origin, Input)


def may_be_known(effect: Effect) -> bool:
    """Whether the caller was known, or the path would have failed: then a credential is asked for once more."""
    return (world.strength_of_authentication(effect) or Strength.POSSIBLE) > Strength.POSSIBLE
