"""Values that travel with a request."""

from __future__ import annotations

from tests.analyzers.running import effects, run

FILES = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/principal.ts": """
        import { AsyncLocalStorage } from 'node:async_hooks'
        import NextAuth from 'next-auth'
        const principals = new AsyncLocalStorage<{ userId: string }>()
        const { auth } = NextAuth({ providers: [] })

        export async function session() {
          const principal = principals.getStore()
          if (principal) return { user: { id: principal.userId } }
          return auth()
        }
        export const currentPrincipal = () => principals.getStore()
        export const withContext = (work) => principals.run({ userId: 'x' }, work)
    """,
    "app/actions.ts": """
        'use server'
        import { prisma } from '../lib/prisma'
        import { currentPrincipal, session, withContext } from '../lib/principal'

        export async function remove(id: string) {
          const found = await session()
          if (!found) throw new Error('Sign in')
          await prisma.post.delete({ where: { id } })
        }
        export async function inside(id: string) {
          return withContext(async () => {
            const principal = currentPrincipal()
            if (!principal) throw new Error('Sign in')
            await prisma.post.delete({ where: { id } })
          })
        }
        export async function unasked(id: string) {
          return withContext(() => prisma.post.delete({ where: { id } }))
        }
    """,
}


def test_an_action_begins_outside_of_every_context() -> None:
    found = effects(run(FILES)["remove"])
    assert found == ["delete post: Authenticated"]


def test_a_principal_of_a_context_may_have_been_proven_where_nobody_can_see() -> None:
    action = run(FILES)["inside"]
    assert action.is_doubtful
    assert action.anonymous_effect() is None


def test_what_runs_inside_a_context_runs() -> None:
    assert effects(run(FILES)["unasked"]) == ["delete post"]
