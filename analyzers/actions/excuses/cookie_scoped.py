"""What is kept for the one whose cookie names it: a guest's cart, a draft, the answers of a quiz."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse

EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="cookie-scoped",
    why="its records are found by a cookie that nobody else can know",
    conditions=(
        Condition("its key is a credential in a cookie", lambda case: world.is_keyed_by_a_credential(case.effect)),
    ),
    examples=(
        Example(
            "a guest's cart",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function empty() {
              const cart = (await cookies()).get('cart_token')?.value
              await prisma.item.deleteMany({ where: { cart } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a cookie that anybody can guess",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function empty() {
              const user = (await cookies()).get('user_id')?.value
              await prisma.item.deleteMany({ where: { user } })
            }
            """,
        ),
    ),
)
