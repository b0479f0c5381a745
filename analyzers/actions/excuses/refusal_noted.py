"""The note that somebody was refused, which is written of those who are not signed in as well.

Whether a note stands on the way of those who are refused alone, the effects do not tell: its own words do.
"""

from __future__ import annotations

from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.notes import is_note
from preship.analyzers.actions.world import fields_of
from preship.analyzers.conventions.permissions import REFUSAL_WORD
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.values import text_of


def _says_so(case: BeforeLogin) -> bool:
    said = (text_of(value) for _, value in fields_of(case.effect.data))
    return any(REFUSAL_WORD.matches(text) for text in said if text is not None)


def _was_asked_before(case: BeforeLogin) -> bool:
    effects = case.action.effects
    here = next((n for n, each in enumerate(effects) if each is case.effect), 0)
    return any(each.kind is EffectKind.ASK for each in effects[:here])


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="refusal-noted",
    why="it notes that somebody was refused",
    conditions=(
        Condition("it is a record of a table in which actions note what they do", lambda case: is_note(case.effect)),
        Condition("its own words say that somebody was refused", _says_so),
        Condition("who is calling was asked before", _was_asked_before),
    ),
    examples=(
        Example(
            "a guard that keeps a record of whom it sends away",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function remove(id: string) {
              const session = await auth()
              if (session?.user?.role !== 'admin') {
                const actor = session?.user?.id ?? 'nobody'
                await prisma.auditLog.create({ data: { action: 'access_denied', actor } })
                throw new Error('Not allowed')
              }
              await prisma.post.delete({ where: { id } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a note of what was done, before the check",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function remove(id: string) {
              const session = await auth()
              await prisma.auditLog.create({ data: { action: 'post_removed', post: id } })
              if (!session?.user) throw new Error('Not signed in')
              await prisma.post.delete({ where: { id } })
            }
            """,
        ),
        Example(
            "words of refusal in another table",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function refuse(id: string) {
              const session = await auth()
              await prisma.application.create({ data: { applicant: id, status: 'denied' } })
              if (!session?.user) throw new Error('Not signed in')
              await prisma.post.delete({ where: { id } })
            }
            """,
        ),
    ),
)
