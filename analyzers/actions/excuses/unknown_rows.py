"""An id of which neither a schema nor another action says whose the named rows are."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    WrittenId,
)
from preship.analyzers.actions.ties import (
    is_tied_by,
)
from preship.analyzers.actions.written_keys import (
    names_of,
)

EXCUSE: Excuse[WrittenId] = Excuse(
    id="unknown-rows",
    why="no schema and no other action says whose these rows are",
    conditions=(
        Condition("no schema knows what it names", lambda case: case.table is None),
        Condition(
            "no other action asks whose such a row is",
            lambda case: case.ownership.tells or not is_tied_by(case.neighbours(), names_of(case.key)),
        ),
    ),
    examples=(
        Example(
            "no schema at all",
            act("await db.trip.create({ data: { clubId: user.clubId, boatId: other } })", schema=""),
        ),
    ),
    others=(
        Example(
            "another action asks",
            act(
                "await db.trip.create({ data: { clubId: user.clubId, boatId: other } })",
                schema="",
                more="""
                export async function renameBoat(boatId, name) {
                  const session = await auth()
                  if (!session?.user?.id) return
                  await db.boat.update({ where: { id: boatId, clubId: session.user.clubId }, data: { name } })
                }
                """,
            ),
        ),
    ),
)
