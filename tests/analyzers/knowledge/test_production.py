"""What anonymous callers reach is the production build: what only development does is not judged."""

from __future__ import annotations

from tests.analyzers.running import effects, run

AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""


def test_a_stand_in_for_the_session_during_development_is_no_way_in() -> None:
    found = run(
        {
            "lib/auth.ts": AUTH,
            "lib/caller.ts": """
                import { auth } from './auth'
                const useStandIn = process.env.STAND_IN === 'true' && process.env.NODE_ENV !== 'production'
                export async function caller() {
                  if (useStandIn) return { id: 'developer' }
                  const session = await auth()
                  return session?.user ?? null
                }
            """,
            "app/actions.ts": """
                'use server'
                import { PrismaClient } from '@prisma/client'
                import { caller } from '../lib/caller'
                const prisma = new PrismaClient()
                export async function clear() {
                  const user = await caller()
                  if (!user) return { error: 'Not signed in' }
                  await prisma.draft.deleteMany({ where: { authorId: user.id } })
                }
            """,
        }
    )
    assert effects(found["clear"]) == ["delete draft: Authenticated"]


def test_a_stand_in_that_any_build_takes_is_one() -> None:
    found = run(
        {
            "lib/auth.ts": AUTH,
            "app/actions.ts": """
                'use server'
                import { PrismaClient } from '@prisma/client'
                import { auth } from '../lib/auth'
                const prisma = new PrismaClient()
                export async function clear() {
                  const session = process.env.NODE_ENV === 'production' ? { user: { id: '1' } } : await auth()
                  if (!session) return
                  await prisma.draft.deleteMany({ where: { authorId: session.user.id } })
                }
            """,
        }
    )
    assert effects(found["clear"]) == ["delete draft"]
