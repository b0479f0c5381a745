"""A column that says who did something to a row."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)
from preship.analyzers.conventions.keys import PROVENANCE_COLUMN
from preship.analyzers.schema.tables import canonical

EXCUSE: Excuse[WrittenId] = Excuse(
    id="provenance",
    why="it says who did something",
    conditions=(
        HAS_AN_OWNER,
        Condition(
            "its column says who did something",
            lambda case: PROVENANCE_COLUMN.matches(canonical(case.key.column)),
        ),
    ),
    examples=(
        Example(
            "the club that approved of it",
            act(
                MINE
                + """
                const [giverId, takerId] = [me.clubId, me.clubId]
                await db.transfer.create({ data: { giverId, takerId, approvedByClub: other } })
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
