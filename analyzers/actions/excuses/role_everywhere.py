"""An id that somebody writes whose role is not one within a tenant."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    Neighbours,
    WrittenId,
    bears_the_callers_tenant,
    names_a_tenant,
)
from preship.analyzers.actions.ties import (
    names_an_owned_row,
)
from preship.analyzers.actions.written_keys import (
    Key,
    is_about,
    names_of,
)
from preship.analyzers.conventions.roles import PLATFORM_ROLE
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import Facts, Role, has_a_right_everywhere, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Request, roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.schema.graph import Owner, Ownership
from preship.analyzers.schema.tables import Table, canonical


def _is_bound(case: WrittenId) -> bool:
    key, held, ownership, owner = case.key, case.held, case.ownership, case.owner
    return (
        is_bound_to_a_tenant(key, case.effect, held, ownership, owner)
        or is_kept_to_a_tenant_elsewhere(key, held, ownership, owner, case.neighbours)
        or is_the_tenant_of_another_role(held, ownership, owner)
    )


def is_bound_to_a_tenant(key: Key, effect: Effect, held: Facts, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether a role is one within a tenant, of ids in tenants: the action ties other things to the caller besides.

    Who may do it everywhere is not asked whose the changed row is, nor what else a new one names, and bound by no
    policy.
    """
    if owner is None or not owner.is_tenant:
        return False
    beside = roots(origins_of(effect.data)) if effect.kind is EffectKind.INSERT else frozenset()
    chosen = {o for o in origins_of(effect.key) | (beside - origins_of(key.value)) if isinstance(o, Input)}
    shown = bool(chosen & owned_under(held))
    in_key = is_of_the_callers_tenant(effect, key.within, ownership)
    return shown or in_key or effect.client is Client.CALLER or bears_the_callers_tenant(key, ownership, owner)


def is_kept_to_a_tenant_elsewhere(
    key: Key, held: Facts, ownership: Ownership, owner: Owner | None, neighbours: Neighbours
) -> bool:
    """Whether a role is one within a tenant: the other actions behind it touch such rows of the caller's tenant alone.

    One of them says so in its key, and none of them goes by a bare id or by nothing at all.
    """
    roles = {fact.any_of for fact in held if isinstance(fact, Role) and not stands_above_tenants(fact)}
    if owner is None or not owner.is_tenant or not owner.by or not roles:
        return False
    names = names_of(key)
    others = [e for effects in neighbours() for e in effects if e.kind in CHOOSE_ROWS and is_about(e, names)]
    behind = [e for e in others if any(isinstance(fact, Role) and fact.any_of in roles for fact in e.facts)]
    return any(is_of_the_callers_tenant(e, key.table, ownership) for e in behind) and all(map(is_of_their_own, behind))


def is_the_tenant_of_another_role(held: Facts, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether an id names a tenant itself, and each role that was asked for is one in the tenant of a membership."""
    roles = [fact for fact in held if isinstance(fact, Role) and not fact.within]
    return (
        owner is not None
        and not owner.by
        and owner.is_tenant
        and all(stands_in_a_membership(role, owner.table, ownership) for role in roles)
    )


def stands_in_a_membership(role: Role, tenant: Table, ownership: Ownership) -> bool:
    """Whether a role was found in a row that says that somebody belongs to one tenant, and as what."""
    table = ownership.tables.get(role.table) if role.table is not None else None
    is_of_a_member = table is not None and ownership.is_membership(table) and ownership.is_of_one(table, tenant)
    return is_of_a_member and not stands_above_tenants(role)


CHOOSE_ROWS = frozenset({EffectKind.READ, EffectKind.WRITE, EffectKind.DELETE})


def stands_above_tenants(role: Role) -> bool:
    """Whether a role is called one of those who run the application."""
    return all(PLATFORM_ROLE.matches(canonical(name)) for name in role.any_of)


def is_of_the_callers_tenant(effect: Effect, table: Table | None, ownership: Ownership) -> bool:
    """Whether the key of an effect says that the rows are to be of the caller's tenant."""
    return any(
        names_a_tenant(name, table, ownership) and world.is_surely_the_caller(value)
        for name, value in world.fields_of(effect.key)
    )


def is_of_their_own(effect: Effect) -> bool:
    """Whether the rows of an effect are found by the caller, by what was shown to be theirs, or by a row."""
    if names_the_caller(effect.key) or names_an_owned_row(effect):
        return True
    found = origins_of(effect.key)
    return bool(found) and not any(isinstance(o, Input | Request) for o in found)


EXCUSE: Excuse[WrittenId] = Excuse(
    id="role-everywhere",
    why="the caller's role holds everywhere",
    conditions=(
        Condition("a role was asked for", lambda case: has_a_right_everywhere(case.held)),
        Condition("the role is not one within a tenant", lambda case: not _is_bound(case)),
    ),
    examples=(
        Example(
            "an administrator's boat",
            act(
                """
                if (user.role !== 'ADMIN') return
                await db.boat.create({ data: { clubId: other } })
                """
            ),
        ),
    ),
    others=(
        Example(
            "an administrator of one club",
            act(
                MINE
                + """
                if (user.role !== 'ADMIN') return
                await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })
                """
            ),
        ),
    ),
)
