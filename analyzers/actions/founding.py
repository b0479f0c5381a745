"""New tenants that their founder becomes a member of: everybody with an account may open a workspace of their own."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.foreign import canonical_singular
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import origins_of
from preship.analyzers.schema.graph import SURE_TENANTS, Ownership
from preship.analyzers.schema.tables import canonical


def founds_a_tenant(effect: Effect, effects: Sequence[Effect], ownership: Ownership) -> bool:
    """Whether an effect makes a tenant, or what lies in the one just made, in which the caller is put."""
    made = [e for e in effects if e.kind is EffectKind.INSERT and is_a_tenant(e, ownership)]
    return any((effect is e or refers_to(effect, e)) and any(enrols(o, e) for o in effects) for e in made)


def is_a_tenant(effect: Effect, ownership: Ownership) -> bool:
    """Whether a record that is made is a tenant."""
    table = ownership.tables.get(effect.target)
    if table is not None:
        return ownership.is_tenant(table)
    return SURE_TENANTS.fullmatch(canonical(canonical_singular(effect.target))) is not None


def refers_to(effect: Effect, made: Effect) -> bool:
    """Whether an effect is about the record that another one has just made: fills it, or removes it again."""
    names = (o for o in origins_of(effect.key) | origins_of(effect.data) if isinstance(o, Stored) and o.is_fresh)
    return any(o.model == made.target for o in names)


def enrols(effect: Effect, made: Effect) -> bool:
    """Whether an effect makes the caller a member of what was made: in a row beside it, or in its own."""
    is_about_it = effect is made or (effect.kind is EffectKind.INSERT and refers_to(effect, made))
    return is_about_it and world.bears_the_caller(effect.data)
