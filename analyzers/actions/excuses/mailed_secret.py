"""An action that sends a secret to the owner of an address: a reset, a magic link."""

from __future__ import annotations

from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import SOMETHING, Whole
from preship.analyzers.actions.recovery import mails_a_secret

EXCUSE: Excuse[Whole] = Excuse(
    id="mailed-secret",
    why="it sends a secret to the owner of an address, and tells the caller nothing",
    conditions=(
        Condition(
            "a secret is made and mailed to the owner of the address, and nothing else is done or told",
            lambda case: mails_a_secret(case.effects),
        ),
        SOMETHING,
    ),
    examples=(
        Example(
            "the older tokens are cleared by a statement of SQL",
            """
            'use server'
            import { randomBytes } from 'crypto'
            import { Resend } from 'resend'
            import { prisma } from '../lib/prisma'
            const resend = new Resend(process.env.RESEND_KEY)
            export async function forgot(email: string) {
              const user = await prisma.user.findUnique({ where: { email } })
              if (!user) return
              const identifier = `password-reset:${email}`
              const token = randomBytes(32).toString('hex')
              await prisma.$executeRaw`DELETE FROM "VerificationToken" WHERE identifier = ${identifier}`
              await prisma.verificationToken.create({ data: { identifier, token } })
              await resend.emails.send({ from: 'us@example.com', to: email, subject: 'Reset', text: token })
            }
            """,
        ),
        Example(
            "a forgotten password",
            """
            'use server'
            import { Resend } from 'resend'
            import { prisma } from '../lib/prisma'
            const resend = new Resend(process.env.RESEND_KEY)
            export async function forgot(email: string) {
              const user = await prisma.user.findUnique({ where: { email } })
              if (!user) return
              const token = await prisma.passwordReset.create({ data: { userId: user.id } })
              await resend.emails.send({ from: 'us@example.com', to: user.email, subject: 'Reset', text: token.id })

            }
            """,
        ),
    ),
    others=(
        Example(
            "the secret is told",
            """
            'use server'
            import { Resend } from 'resend'
            import { prisma } from '../lib/prisma'
            const resend = new Resend(process.env.RESEND_KEY)
            export async function forgot(email: string) {
              const user = await prisma.user.findUnique({ where: { email } })
              if (!user) return
              const token = await prisma.passwordReset.create({ data: { userId: user.id } })
              await resend.emails.send({ from: 'us@example.com', to: user.email, subject: 'Reset', text: token.id })
              return user.id
            }
            """,
        ),
    ),
)
