"""An id of a row that other actions show to whoever asks."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.actions.excuses.club import act
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.written_id import (
    HAS_AN_OWNER,
    WrittenId,
)
from preship.analyzers.actions.shown_rows import is_kept_back
from preship.analyzers.actions.written_keys import (
    is_about,
    names_of,
)
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import has_a_right_everywhere, owned_under
from preship.analyzers.flow.identity import names_the_caller


def is_read_by_all(others: Iterable[tuple[Effect, ...]], names: frozenset[str]) -> bool:
    """Whether another action reads rows of one of these names for whoever asks."""
    return any(
        e.kind is EffectKind.READ
        and is_about(e, names)
        and not names_the_caller(e.key)
        and not owned_under(e.facts)
        and not has_a_right_everywhere(e.facts)
        and not is_kept_back(e, effects)
        for effects in others
        for e in effects
    )


EXCUSE: Excuse[WrittenId] = Excuse(
    id="read-by-all",
    why="other actions show these rows to everybody",
    conditions=(
        HAS_AN_OWNER,
        Condition("what it names is no tenant's", lambda case: case.owner is not None and not case.owner.is_tenant),
        Condition(
            "another action reads such rows for whoever asks",
            lambda case: is_read_by_all(case.neighbours(), names_of(case.key)),
        ),
    ),
    examples=(
        Example(
            "an album that anybody may see",
            act(
                "await db.photo.update({ where: { id }, data: { albumId: other } })",
                more="""
                export async function album(id) {
                  return db.album.findUnique({ where: { id } })
                }
                """,
            ),
        ),
    ),
    others=(
        Example(
            "an album that nobody shows",
            act(
                """
                await db.photo.update({ where: { id }, data: { albumId: other } })
                """
            ),
        ),
    ),
)
