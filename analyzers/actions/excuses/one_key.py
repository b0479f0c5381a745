"""An id that is one foreign key with what is the caller's: the database ties them."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.club import MINE, ONE_KEY, SCHEMA, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)
from preship.analyzers.actions.written_keys import (
    Key,
)
from preship.analyzers.schema.tables import canonical


def is_one_key_with_the_callers(key: Key) -> bool:
    """Whether the database refuses the id unless it goes with another column, which holds what is the caller's."""
    references = key.within.references if key.within is not None else ()
    together = [{canonical(column) for column in reference.columns} for reference in references]
    others = {name for names in together if canonical(key.column) in names for name in names} - {canonical(key.column)}
    return any(
        canonical(name) in others and (world.is_surely_the_caller(value) or world.is_all_theirs(value, key.facts))
        for name, value in key.row.fields
    )


EXCUSE: Excuse[WrittenId] = Excuse(
    id="one-key",
    why="the database ties it to the caller's: both are one foreign key",
    conditions=(
        HAS_AN_OWNER,
        Condition(
            "another column of the same foreign key holds what is the caller's",
            lambda case: is_one_key_with_the_callers(case.key),
        ),
    ),
    examples=(
        Example(
            "the boat of a trip, with its club",
            act(
                MINE + "await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })",
                schema=SCHEMA.replace(*ONE_KEY),
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
