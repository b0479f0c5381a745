"""A read of which nothing reaches a caller who is not known."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.actions import benign, weakened, world
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.returned import returned_records
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Strength
from preship.analyzers.flow.origins import Stored, roots
from preship.analyzers.flow.values import origins_of


def _stays_inside(case: BeforeLogin) -> bool:
    action, effect = case.action, case.effect
    facts = next((e.facts for e in action.effects if e.kind is EffectKind.RETURN), NO_FACTS)
    least = Strength.PROVEN if weakened.was_known(effect, action.before) else Strength.LIKELY
    return not any(
        comes_of(record, effect, action.effects)
        and benign.may_give(effect, record)
        and not world.is_known_by(held, record, least)
        for record, held in returned_records(action.result, facts)
    )


def comes_of(record: Stored, read: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a record is what a read looked for, or came along with it from a table that was joined."""
    if record.model == read.target:
        return True
    is_read_itself = any(e.kind in world.READS and e.target == record.model for e in effects)
    return not is_read_itself and not record.is_fresh and record.key <= roots(origins_of(read.key))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="unreturned-read",
    why="nothing of what it reads reaches a caller who is not known",
    conditions=(
        Condition("it reads", lambda case: case.effect.kind in world.READS),
        Condition("nothing of it is handed out", _stays_inside),
    ),
    examples=(
        Example(
            "a count that only decides what is said",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function isFull(id: string) {
              const course = await prisma.course.findUnique({ where: { id } })
              if (!course) throw new Error('Not found')
            }
            """,
        ),
    ),
    others=(
        Example(
            "what was read goes back",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function course(id: string) {
              return prisma.course.findUnique({ where: { id } })
            }
            """,
        ),
    ),
)
