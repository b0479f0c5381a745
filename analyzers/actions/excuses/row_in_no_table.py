"""An id in a row of a table that the schema does not know."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    WrittenId,
)
from preship.analyzers.actions.written_keys import (
    WRITES_ROWS,
)

EXCUSE: Excuse[WrittenId] = Excuse(
    id="row-in-no-table",
    why="the row stands in no table of the schema",
    conditions=(
        Condition("it is a row", lambda case: case.effect.kind in WRITES_ROWS),
        Condition("there is a schema", lambda case: case.ownership.tells),
        Condition("its table is none of the schema", lambda case: case.key.within is None),
    ),
    examples=(
        Example(
            "a cache beside the schema",
            act(
                """
                await db.scratch.create({ data: { boatId: other } })
                """
            ),
        ),
    ),
    others=(
        Example(
            "a boat of any club",
            act(
                MINE
                + """
                await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })
                """
            ),
        ),
    ),
)
