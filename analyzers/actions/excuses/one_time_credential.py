"""An action that is called with what only one person was sent, and that takes it back."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import SOMETHING, Whole
from preship.analyzers.actions.one_time import bound_addresses, consumed_credentials, is_covered_by, is_found_by_address


def _changes_by_it_alone(case: Whole) -> bool:
    credentials, addresses = consumed_credentials(case.effects), bound_addresses(case.effects)
    changes = (e for e in case.anonymous if e.kind in world.WRITES)
    return all(is_covered_by(e, credentials) or is_found_by_address(e, addresses) for e in changes)


EXCUSE: Excuse[Whole] = Excuse(
    id="one-time-credential",
    why="it is called with a one-time credential that it consumes",
    conditions=(
        Condition(
            "a one-time credential is looked up, and consumed", lambda case: bool(consumed_credentials(case.effects))
        ),
        SOMETHING,
        Condition("all that it changes is chosen by the credential, or new", _changes_by_it_alone),
    ),
    examples=(
        Example(
            "an address that is confirmed",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function confirm(token: string) {
              const found = await prisma.verificationToken.findUnique({ where: { token } })
              if (!found) throw new Error('No such token')
              await prisma.user.update({ where: { email: found.email }, data: { confirmed: true } })
              await prisma.verificationToken.delete({ where: { token } })
            }
            """,
        ),
        Example(
            "a password that is reset, by the token and the address for which it was made",
            """
            'use server'
            import { hash } from 'bcryptjs'
            import { prisma } from '../lib/prisma'
            export async function reset(email: string, token: string, password: string) {
              const where = { identifier_token: { identifier: `password-reset:${email}`, token } }
              const found = await prisma.verificationToken.findUnique({ where })
              if (!found || found.expires < new Date()) throw new Error('No such token')
              await prisma.user.update({ where: { email }, data: { password: await hash(password, 12) } })
              await prisma.verificationToken.delete({ where })
            }
            """,
        ),
    ),
    others=(
        Example(
            "an address beside the token, for which it need not be",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function reset(email: string, token: string, password: string) {
              const found = await prisma.verificationToken.findUnique({ where: { token } })
              if (!found) throw new Error('No such token')
              await prisma.user.update({ where: { email }, data: { password } })
              await prisma.verificationToken.delete({ where: { token } })
            }
            """,
        ),
        Example(
            "a record that the caller names beside it",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function confirm(token: string, id: string) {
              const found = await prisma.verificationToken.findUnique({ where: { token } })
              if (!found) throw new Error('No such token')
              await prisma.user.update({ where: { id }, data: { confirmed: true } })
              await prisma.verificationToken.delete({ where: { token } })
            }
            """,
        ),
    ),
)
