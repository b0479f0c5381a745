"""New tenants that their founder becomes a member of: everybody with an account may open a workspace of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.written_keys import canonical_singular
from preship.analyzers.conventions.tables import CERTAIN_TENANT_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Origin, Stored
from preship.analyzers.flow.values import Value, origins_of_each
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import canonical


def founds_a_tenant(effect: Effect, effects: Sequence[Effect], made: Sequence[Effect]) -> bool:
    """Whether an effect makes a tenant, or what lies in the one just made, in which the caller is put."""
    return any((effect is e or refers_to(effect, e)) and any(enrols(o, e) for o in effects) for e in made)


def tenants_made(effects: Sequence[Effect], ownership: Ownership) -> tuple[Effect, ...]:
    """The effects that make a tenant, whoever becomes a member of it."""
    return tuple(e for e in effects if e.kind is EffectKind.INSERT and is_a_tenant(e, ownership))


def is_a_tenant(effect: Effect, ownership: Ownership) -> bool:
    """Whether a record that is made is a tenant."""
    table = ownership.tables.get(effect.target)
    if table is not None:
        return ownership.is_tenant(table)
    return CERTAIN_TENANT_TABLE.matches(canonical(canonical_singular(effect.target)))


def refers_to(effect: Effect, made: Effect) -> bool:
    """Whether an effect is about the record that another one has just made: fills it, or removes it again.

    What may as well name a tenant that was there before, `found?.id ?? made.id`, is about that one.
    """
    named = [value for part in (effect.key, effect.data) for value in _columns(part)]
    return any(kinds and all(_names(kind, made) for kind in kinds) for kinds in map(origins_of_each, named))


def _columns(part: Value | None) -> Iterator[Value]:
    """What stands in each column of a key, or of a new record; a bare key is one."""
    found = [value for _, value in world.fields_of(part)]
    yield from found or ([part] if part is not None else [])


def _names(origins: frozenset[Origin], made: Effect) -> bool:
    return any(isinstance(o, Stored) and o.is_fresh and o.model == made.target for o in origins)


def enrols(effect: Effect, made: Effect) -> bool:
    """Whether an effect makes the caller a member of what was made: in a row beside it, or in its own."""
    is_about_it = effect is made or (effect.kind is EffectKind.INSERT and refers_to(effect, made))
    return is_about_it and world.bears_the_caller(effect.data)
