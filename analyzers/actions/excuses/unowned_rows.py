"""An id of a row that nobody owns: a catalogue, a list of countries."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    WrittenId,
)

EXCUSE: Excuse[WrittenId] = Excuse(
    id="unowned-rows",
    why="nobody owns the rows of this table",
    conditions=(
        Condition("the schema knows what it names", lambda case: case.table is not None),
        Condition("nobody owns such rows", lambda case: case.owner is None),
    ),
    examples=(
        Example(
            "the harbour of a trip",
            act(
                MINE
                + """
                await db.trip.update({ where: { id, clubId: me.clubId }, data: { harbourId: other } })
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
