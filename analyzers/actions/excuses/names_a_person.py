"""An id that names a person, or a membership: whom others deal with."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import MINE, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    WrittenId,
)
from preship.analyzers.actions.written_keys import (
    names_of,
)
from preship.analyzers.conventions.tables import ACCOUNT_TABLE, MEMBERSHIP_TABLE


def _names_a_person(case: WrittenId) -> bool:
    if case.table is not None:
        return case.ownership.names_a_person(case.table)
    return any(ACCOUNT_TABLE.matches(n) or MEMBERSHIP_TABLE.matches(n) for n in names_of(case.key))


EXCUSE: Excuse[WrittenId] = Excuse(
    id="names-a-person",
    why="it names a person, or a membership",
    conditions=(Condition("it names one", _names_a_person),),
    examples=(
        Example(
            "the leader of a trip",
            act(
                MINE
                + """
                await db.trip.update({ where: { id, clubId: me.clubId }, data: { leaderId: other } })
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
