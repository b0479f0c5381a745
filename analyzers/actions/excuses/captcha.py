"""An action that asks whether a person is calling, and not who."""

from __future__ import annotations

from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import SOMETHING, Whole, is_foreign_write
from preship.analyzers.flow.effects import EffectKind

EXCUSE: Excuse[Whole] = Excuse(
    id="captcha",
    why="it asks anonymous callers for a captcha",
    conditions=(
        Condition("it asks for a captcha", lambda case: any(e.kind is EffectKind.HUMAN for e in case.effects)),
        SOMETHING,
        Condition(
            "it changes no record that the caller names by its id",
            lambda case: not any(map(is_foreign_write, case.anonymous)),
        ),
    ),
    examples=(
        Example(
            "a question to the house",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            async function isHuman(token: string) {
              const answer = await fetch('https://challenges.cloudflare.com/turnstile/v0/siteverify', {
                method: 'POST',
                body: JSON.stringify({ secret: process.env.TURNSTILE_SECRET, response: token }),
              })
              return (await answer.json()).success
            }
            export async function ask(token: string, text: string) {
              if (!(await isHuman(token))) throw new Error('Not human')
              await prisma.question.create({ data: { text } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a record that the caller names",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            async function isHuman(token: string) {
              const answer = await fetch('https://challenges.cloudflare.com/turnstile/v0/siteverify', {
                method: 'POST',
                body: JSON.stringify({ secret: process.env.TURNSTILE_SECRET, response: token }),
              })
              return (await answer.json()).success
            }
            export async function ask(token: string, id: string) {
              if (!(await isHuman(token))) throw new Error('Not human')
              await prisma.question.delete({ where: { id } })
            }
            """,
        ),
    ),
)
