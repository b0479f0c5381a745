"""Which effects touch the world, and what held when they did: the questions that several rules ask."""

from __future__ import annotations

from analyzers.flow.effects import Client, Effect, EffectKind
from analyzers.flow.facts import Authenticated, Input, Owns, Request, Role, Stored, Strength, roots
from analyzers.flow.operators import is_identity, record_of
from analyzers.flow.values import origins_of

WRITES = frozenset(
    {EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY, EffectKind.FILE, EffectKind.RUN}
)
CHOOSE_RECORDS = frozenset({EffectKind.WRITE, EffectKind.DELETE})
TOUCHES = WRITES | {EffectKind.READ, EffectKind.SQL, EffectKind.SEND, EffectKind.FETCH}


def touches_the_world(effect: Effect) -> bool:
    """Whether an effect reads or changes what is not the caller's already."""
    return effect.kind in TOUCHES and effect.client is Client.SERVER


def strength_of_authentication(effect: Effect) -> Strength | None:
    """How surely the caller was known when an effect happened; None: not at all."""
    found = [f.strength for f in effect.facts if isinstance(f, Authenticated)]
    return max(found) if found else None


def looks_up_a_session(effect: Effect) -> bool:
    """Whether an effect is the look-up that a check itself needs: keyed by what the caller's cookie holds."""
    found = roots(origins_of(effect.key))
    return effect.kind is EffectKind.READ and bool(found) and all(isinstance(o, Request) for o in found)


def is_scoped(effect: Effect) -> bool:
    """Whether the key itself carries the caller's identity."""
    return is_identity(origins_of(effect.key))


def unowned(effect: Effect) -> frozenset[Input | Request]:
    """The inputs that choose an effect's records and have not been proven the caller's."""
    if is_scoped(effect) or any(isinstance(f, Role) for f in effect.facts):
        return frozenset()
    owned = {f.subject for f in effect.facts if isinstance(f, Owns)}
    found: set[Input | Request] = set()
    for origin in origins_of(effect.key):
        if isinstance(origin, Stored):
            if record_of(origin) not in owned:
                found |= {o for o in origin.key if isinstance(o, Input | Request) and o not in owned}
        elif isinstance(origin, Input | Request) and origin not in owned:
            found.add(origin)
    return frozenset(found)
