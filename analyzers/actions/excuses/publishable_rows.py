"""An id of a row that may be there for everybody."""

from __future__ import annotations

from preship.analyzers.actions.excuses.club import PHOTO, act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)


def _may_be_published(case: WrittenId) -> bool:
    return case.table is not None and bool(case.ownership.may_be_published(case.table))


EXCUSE: Excuse[WrittenId] = Excuse(
    id="publishable-rows",
    why="rows of this table may be for everybody",
    conditions=(
        HAS_AN_OWNER,
        Condition("the row is not put into the caller's own tenant", lambda case: not case.is_in_a_private_tenant),
        Condition("a column of the table says that a row may be published", _may_be_published),
    ),
    examples=(
        Example(
            "a post that a photo belongs to",
            act(
                PHOTO
                + """
                await db.photo.update({ where: { id }, data: { postId: other } })
                """
            ),
        ),
    ),
    others=(
        Example(
            "an album",
            act(
                PHOTO
                + """
                await db.photo.update({ where: { id }, data: { albumId: other } })
                """
            ),
        ),
    ),
)
