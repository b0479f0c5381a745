"""Proxies: clients that are made when they are first used, and what stands before an object."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

ACTIONS = """
    'use server'
    import { db } from '../lib/db'

    export async function removePost(id: string) {
      await db.post.delete({ where: { id } })
    }
"""
CLIENT = """
    import { PrismaClient } from '@prisma/client'
    let client: PrismaClient | null = null
    function get() {
      if (!client) client = new PrismaClient()
      return client
    }
"""

PROXIES = {
    "by index": "get: (_, name) => (get() as any)[name]",
    "as a method": "get(_target, name) { return get()[name as keyof PrismaClient] }",
    "by reflection": "get(_, name, receiver) { return Reflect.get(get(), name, receiver) }",
    "bound": """
        get(_, name) {
          const client = get()
          const value = client[name]
          return typeof value === 'function' ? value.bind(client) : value
        }""",
}


@pytest.mark.parametrize("trap", PROXIES.values(), ids=PROXIES.keys())
def test_a_client_behind_a_proxy_does_what_it_does(trap: str) -> None:
    library = f"{CLIENT}\n    export const db = new Proxy({{}} as PrismaClient, {{ {trap} }})"
    assert effects(run({"app/actions.ts": ACTIONS, "lib/db.ts": library})["removePost"]) == ["delete post"]


def test_a_query_behind_a_proxy_is_built_and_run() -> None:
    actions = """
        'use server'
        import { eq } from 'drizzle-orm'
        import { db } from '../lib/db'
        import { posts } from '../lib/schema'

        export async function load(id: string) {
          const [post] = await db.select().from(posts).where(eq(posts.id, id)).limit(1)
          return post
        }
    """
    library = """
        import { drizzle } from 'drizzle-orm/postgres-js'
        import postgres from 'postgres'
        let open = null
        function get() {
          if (!open) open = drizzle(postgres(process.env.DATABASE_URL))
          return open
        }
        export const db = new Proxy({}, {
          get(_, name) {
            const value = get()[name]
            return typeof value === 'function' ? value.bind(get()) : value
          },
        })
    """
    schema = """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const posts = pgTable('post', { id: text('id').primaryKey(), title: text('title') })
    """
    files = {"app/actions.ts": actions, "lib/db.ts": library, "lib/schema.ts": schema}
    assert effects(run(files)["load"]) == ["read post"]


def test_without_a_trap_the_target_answers() -> None:
    actions = """
        'use server'
        import { auth } from '../lib/auth'
        import { db } from '../lib/db'

        export async function removePost(id: string) {
          await guard.require()
          await db.post.delete({ where: { id } })
        }
        const guard = new Proxy({ require: async () => { if (!(await auth())) throw new Error('no') } }, {})
    """
    library = f"{CLIENT}\n    export const db = get()"
    auth = """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """
    files = {"app/actions.ts": actions, "lib/db.ts": library, "lib/auth.ts": auth}
    assert effects(run(files)["removePost"]) == ["delete post: Authenticated"]
