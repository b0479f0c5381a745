"""An id of whom the tenant of a row deals with: who is paid, who takes over."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)
from preship.analyzers.actions.written_keys import (
    Key,
    reference_of,
)
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import Table


def _is_the_other_party(case: WrittenId) -> bool:
    key, table = case.key, case.table
    if table is None:
        return False
    is_other_party = key.within is not None and case.ownership.is_other_party(table, key.within)
    return is_other_party or is_dealt_with(key, table, case.ownership)


def is_dealt_with(key: Key, table: Table, ownership: Ownership) -> bool:
    """Whether another column of the row names the caller's own of what this one names: who pays, and who is paid."""
    others = ((reference_of(name, key.within), value) for name, value in key.row.fields if name != key.column)
    return any(
        reference is not None and ownership.tables.get(reference.table) == table and world.is_surely_the_caller(value)
        for reference, value in others
    )


EXCUSE: Excuse[WrittenId] = Excuse(
    id="other-party",
    why="it names whom the tenant of the row deals with, and not what the row lies in",
    conditions=(
        HAS_AN_OWNER,
        Condition("what it names lies in nothing else", lambda case: case.owner is not None and not case.owner.by),
        Condition("another column names the caller's own tenant", _is_the_other_party),
    ),
    examples=(
        Example(
            "the club that takes a boat over",
            act(
                MINE
                + """
                await db.transfer.create({ data: { giverId: me.clubId, takerId: other } })
                """
            ),
        ),
    ),
    others=(
        Example(
            "a deal between two clubs that the caller names",
            act(
                """
                await db.transfer.create({ data: { giverId: id, takerId: other } })
                """
            ),
        ),
    ),
)
