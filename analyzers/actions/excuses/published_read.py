"""A read that asks for what is published: `{ slug, status: 'published' }`."""

from __future__ import annotations

from preship.analyzers.actions import weakened, world
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.conventions.fields import PUBLIC_STATE, PUBLICATION_COLUMN
from preship.analyzers.flow.values import Constant


def _asks_for_what_is_published(case: BeforeLogin) -> bool:
    return any(
        all(is_called_public(a.shape) for a in value.alternatives)
        or (
            PUBLICATION_COLUMN.matches(name.split(".")[-1])
            and all(is_for_everybody(a.shape) for a in value.alternatives)
        )
        for name, value in world.fields_of(case.effect.key)
    )


def is_called_public(shape: object) -> bool:
    """Whether a column holds the word that says it by itself, in whatever language the column is called."""
    return (
        isinstance(shape, Constant) and isinstance(shape.value, str) and shape.value.lower() in {"public", "published"}
    )


def is_for_everybody(shape: object) -> bool:
    """Whether a column holds that its record is published."""
    if not isinstance(shape, Constant):
        return False
    return shape.value is True or (isinstance(shape.value, str) and PUBLIC_STATE.matches(shape.value))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="published-read",
    why="it asks for what is published",
    conditions=(
        Condition("it reads", lambda case: case.effect.kind in world.READS),
        Condition("its key asks for what is published", _asks_for_what_is_published),
        Condition(
            "no session was asked for it before the change",
            lambda case: not weakened.was_known(case.effect, case.action.before),
        ),
    ),
    examples=(
        Example(
            "a post of a blog",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function post(slug: string) {
              return prisma.post.findFirst({ where: { slug, status: 'published' } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a draft",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function post(slug: string) {
              return prisma.post.findFirst({ where: { slug, status: 'draft' } })
            }
            """,
        ),
    ),
)
