"""A change that only brings a copy up to date that the program keeps of its own records: an index, a cache."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import origins_of


def _changes(case: BeforeLogin) -> list[Effect]:
    return [e for e in case.action.effects if e.kind in world.WRITES and e.target == case.effect.target]


def _is_copied(case: BeforeLogin) -> bool:
    put_in = (o for e in _changes(case) if e.kind is EffectKind.INSERT for o in origins_of(e.data))
    return any(isinstance(o, Stored) and o.model != case.effect.target for o in put_in)


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="refreshed-copy",
    why="it only brings a copy up to date that the program keeps of its own records",
    conditions=(
        Condition("it is a change", lambda case: case.effect in _changes(case)),
        Condition(
            "nothing that the caller chose goes into any change of these records",
            lambda case: all(map(is_sent_unasked, _changes(case))),
        ),
        Condition("what is put in comes from other records", _is_copied),
    ),
    examples=(
        Example(
            "an index that is rebuilt",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function reindex() {
              const posts = await prisma.post.findMany()
              await prisma.searchEntry.deleteMany()
              await prisma.searchEntry.createMany({ data: posts.map((post) => ({ title: post.title })) })
            }
            """,
        ),
    ),
    others=(
        Example(
            "what the caller chose is taken out of it",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function reindex(id: string) {
              const posts = await prisma.post.findMany()
              await prisma.searchEntry.deleteMany({ where: { id } })
              await prisma.searchEntry.createMany({ data: posts.map((post) => ({ title: post.title })) })
            }
            """,
        ),
    ),
)
