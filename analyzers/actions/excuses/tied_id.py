"""An id that something says to be the caller's."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    WrittenId,
)
from preship.analyzers.actions.ties import (
    is_asked_on_the_way,
    is_found_as_theirs,
    is_said_by_a_row_of_theirs,
    is_tied,
)


def _is_theirs(case: WrittenId) -> bool:
    return (
        is_tied(case.origin, case.held, case.effects)
        or is_asked_on_the_way(case.origin, case.effects)
        or is_found_as_theirs(case.origin, case.effect)
        or (case.record is not None and is_said_by_a_row_of_theirs(case.origin, case.record, case.effects, case.held))
    )


EXCUSE: Excuse[WrittenId] = Excuse(
    id="tied-id",
    why="it was shown to be the caller's",
    conditions=(Condition("a look-up, a comparison or a membership says so", _is_theirs),),
    examples=(
        Example(
            "a look-up among the caller's own",
            act(
                MINE
                + """
                const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
                if (!boat) return
                await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })
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
