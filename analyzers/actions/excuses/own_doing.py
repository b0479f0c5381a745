"""A row that says, in the caller's name, what they do with something: a vote, an order, a request to join."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.club import SCHEMA, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)
from preship.analyzers.actions.written_keys import (
    Key,
    reference_of,
)
from preship.analyzers.conventions.keys import ACTOR_COLUMN
from preship.analyzers.conventions.privileges import ROLE_COLUMN
from preship.analyzers.conventions.roles import HIGHEST_ROLE
from preship.analyzers.flow.values import Constant, Value
from preship.analyzers.schema.graph import Owner, Ownership
from preship.analyzers.schema.tables import Table


def _is_their_doing(case: WrittenId) -> bool:
    return case.owner is not None and is_own_doing(case.key, case.owner, case.ownership)


def is_own_doing(key: Key, owner: Owner, ownership: Ownership) -> bool:
    """Whether a row says, in the caller's name, what they do with something: a vote, an order, a request to join.

    Who joins as an administrator takes a right over what is not theirs.
    """
    table = key.within
    if (
        table is None
        or any(gives_the_highest_role(*field) for field in key.row.fields)
        or not any(names_the_actor(n, v, table, ownership) for n, v in key.row.fields)
    ):
        return False
    if not owner.by and owner.is_tenant and ownership.is_kept_of_members(table):
        return False
    if ownership.is_participation(table) or ownership.is_membership(table):
        return True
    return not owner.is_tenant and ownership.only_joins(table)


def gives_the_highest_role(name: str, value: Value) -> bool:
    """Whether a column gives a role above which there is none: `role: 'admin'`."""
    roles = (a.shape.value for a in value.alternatives if isinstance(a.shape, Constant))
    return ROLE_COLUMN.matches(name) and any(isinstance(r, str) and HIGHEST_ROLE.matches(r) for r in roles)


def names_the_actor(name: str, value: Value, table: Table, ownership: Ownership) -> bool:
    """Whether a column holds that the caller is the one whose row this is."""
    if not any(world.is_surely_the_caller(part) for part in (value, *(v for _, v in world.fields_of(value)))):
        return False
    reference = reference_of(name, table)
    target = ownership.tables.get(reference.table) if reference is not None else None
    return (target is not None and ownership.names_a_person(target)) or ACTOR_COLUMN.matches(name)


EXCUSE: Excuse[WrittenId] = Excuse(
    id="own-doing",
    why="the row is the caller's own part in what is not theirs",
    conditions=(
        HAS_AN_OWNER,
        Condition("the row is not put into the caller's own tenant", lambda case: not case.is_in_a_private_tenant),
        Condition("the row says what the caller does with it", _is_their_doing),
    ),
    examples=(
        Example(
            "a club that is joined as one of its members",
            act(
                """
                await db.clubMember.create({ data: { clubId: other, userId: user.id, role: 'MEMBER' } })
                """,
                schema=SCHEMA.replace("@@id([clubId, userId])", "role String\n @@id([clubId, userId])"),
            ),
        ),
        Example(
            "a like",
            act(
                """
                await db.albumLike.create({ data: { albumId: other, userId: user.id } })
                """
            ),
        ),
    ),
    others=(
        Example(
            "a club that is joined as its administrator",
            act(
                """
                await db.clubMember.create({ data: { clubId: other, userId: user.id, role: 'ADMIN' } })
                """,
                schema=SCHEMA.replace("@@id([clubId, userId])", "role String\n @@id([clubId, userId])"),
            ),
        ),
        Example(
            "a photo in an album of anybody's",
            act(
                """
                await db.photo.update({ where: { id }, data: { albumId: other } })
                """
            ),
        ),
    ),
)
