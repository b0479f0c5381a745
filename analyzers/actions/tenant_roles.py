"""Roles that hold within the caller's own tenant alone, because the accounts that have them belong to one each.

`user.role === 'admin'` says nothing of the rows of other organizations where every organization has its admins. Above
the tenants stand those whom the application names so, and those to whom it shows or lets make all tenants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.role_everywhere import (
    is_of_the_callers_tenant,
    stands_above_tenants,
    stands_in_a_membership,
)
from preship.analyzers.actions.excuses.written_id import Neighbours
from preship.analyzers.actions.ties import names_an_owned_row
from preship.analyzers.actions.written_keys import canonical_singular
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Facts, Role
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Request
from preship.analyzers.flow.values import origins_of
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import Table, canonical

CHANGES = frozenset({EffectKind.WRITE, EffectKind.DELETE})


@dataclass(frozen=True, slots=True)
class WithinTenant:
    """A change of rows of any tenant's, by whoever has a role in one of them."""

    named_by: frozenset[Input | Request]
    """The inputs that choose the rows."""

    tenant: str
    """The table of the tenants: `Organization`."""

    elsewhere: Effect | None
    """What another action does with such rows of the caller's tenant alone; None where the role itself tells it."""


def bounded_by_tenant(
    effect: Effect, effects: Sequence[Effect], ownership: Ownership, neighbours: Neighbours
) -> WithinTenant | None:
    """What an effect changes by a bare id behind a role that holds in the caller's tenant; None where it does not.

    A role in a row of a membership is one in that tenant, whatever other actions do.
    """
    table = ownership.tables.get(effect.target)
    owner = ownership.owner(table) if table is not None and effect.kind in CHANGES else None
    if table is None or owner is None or not owner.is_tenant or ownership.may_be_published(table):
        return None
    roles = [fact for fact in effect.facts if isinstance(fact, Role) and not fact.within]
    if not roles or not all(is_held_in(role, owner.table, ownership) for role in roles):
        return None
    are_of_members = all(stands_in_a_membership(role, owner.table, ownership) for role in roles)
    if not owner.by and not are_of_members:
        return None
    named_by = world.unowned(effect, holds_nowhere)
    if not named_by or any(is_tied_by_the_tenant(e, named_by, ownership) for e in effects):
        return None
    others = tuple(neighbours())
    if any(stands_above(role, others, table, owner.table, ownership) for role in roles):
        return None
    kept = next((e for e in about(others, table) if keeps_to_the_tenant(e, ownership)), None)
    return WithinTenant(named_by, owner.table.name, kept) if kept is not None or are_of_members else None


def holds_nowhere(facts: Facts) -> bool:
    """No role among these facts excuses anything."""
    return False


def is_held_in(role: Role, tenant: Table, ownership: Ownership) -> bool:
    """Whether a role stands with an account or a membership of which each row is of one tenant."""
    if stands_above_tenants(role):
        return False
    bearers = bearers_of(role, ownership)
    return bool(bearers) and all(
        ownership.is_of_one(bearer, tenant) and not is_a_flag_beside_a_role(role, bearer) for bearer in bearers
    )


def is_a_flag_beside_a_role(role: Role, bearer: Table) -> bool:
    """Whether a right is a column of its own where another says the role: `isAdmin` of those who run the program."""
    columns = {canonical(column) for column in bearer.columns}
    return columns.issuperset(map(canonical, role.any_of)) and "role" in columns


def bearers_of(role: Role, ownership: Ownership) -> tuple[Table, ...]:
    """The tables of the accounts or memberships in whose rows a role stands; none where that is not known."""
    if role.told_by is not None and role.told_by.path:
        return ownership.people_with(role.told_by.path[-1])
    table = ownership.tables.get(role.table) if role.table is not None else None
    return (table,) if table is not None else ()


def is_tied_by_the_tenant(effect: Effect, named_by: frozenset[Input | Request], ownership: Ownership) -> bool:
    """Whether an action looks for what these inputs name among the rows of the caller's tenant."""
    return bool(origins_of(effect.key) & named_by) and keeps_to_the_tenant(effect, ownership)


def keeps_to_the_tenant(effect: Effect, ownership: Ownership) -> bool:
    """Whether an effect touches only rows of the caller's tenant, or one that was compared with it."""
    table = ownership.tables.get(effect.target)
    in_key = is_of_the_callers_tenant(effect, table, ownership)
    return in_key or (names_an_owned_row(effect) and not names_the_caller(effect.key))


def stands_above(
    role: Role, others: Iterable[tuple[Effect, ...]], table: Table, tenant: Table, ownership: Ownership
) -> bool:
    """Whether another action shows those with this role the rows of all tenants, or lets them make a tenant."""
    return any(
        is_for_all_tenants(effect, table, tenant, ownership)
        for effects in others
        for effect in effects
        if any(isinstance(fact, Role) and fact.any_of == role.any_of for fact in effect.facts)
    )


def is_for_all_tenants(effect: Effect, table: Table, tenant: Table, ownership: Ownership) -> bool:
    """Whether an effect makes a tenant, or lists tenants or such rows whosesoever they are."""
    found = ownership.tables.get(effect.target)
    if found is None or found.name not in {table.name, tenant.name}:
        return False
    if effect.kind is EffectKind.INSERT:
        return found.name == tenant.name
    is_open = not names_the_caller(effect.key) and not any(isinstance(o, Input) for o in origins_of(effect.key))
    return effect.kind is EffectKind.READ and is_open


def about(others: Iterable[tuple[Effect, ...]], table: Table) -> Iterator[Effect]:
    """What other actions do with the rows of a table."""
    names = frozenset(canonical_singular(name) for name in table.names)
    touching = world.READS | CHANGES
    for effects in others:
        yield from (e for e in effects if e.kind in touching and canonical_singular(e.target) in names)
