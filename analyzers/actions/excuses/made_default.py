"""A row that is made because it was looked for and not there: the settings of a site, before anybody changed them."""

from __future__ import annotations

from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.effects import EffectKind


def _was_looked_for(case: BeforeLogin) -> bool:
    target = case.effect.target
    reads = (e for e in case.action.effects if e.kind is EffectKind.READ and e.target == target)
    return any(map(is_sent_unasked, reads))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="made-default",
    why="it makes the row that was looked for, of which no caller says anything",
    conditions=(
        Condition("it makes a record", lambda case: case.effect.kind is EffectKind.INSERT),
        Condition("nothing that the caller chose goes into it", lambda case: is_sent_unasked(case.effect)),
        Condition("such a record was looked for, by nothing that the caller chose", _was_looked_for),
    ),
    examples=(
        Example(
            "the settings of a site",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function settings() {
              const found = await prisma.siteSettings.findFirst()
              if (!found) await prisma.siteSettings.create({ data: { title: 'My site' } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "words of the caller's",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function settings(title: string) {
              const found = await prisma.siteSettings.findFirst()
              if (!found) await prisma.siteSettings.create({ data: { title } })
            }
            """,
        ),
    ),
)
