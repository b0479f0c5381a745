"""Which effects touch the world of others."""

from __future__ import annotations

from analyzers.actions.facts import ActionFacts
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const db = new PrismaClient()
"""


def test_counting_where_requests_come_from_touches_nobody() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { kv } from '@vercel/kv'

                async function charge(name: string, said?: string) {
                  const ip = (await headers()).get('x-forwarded-for') ?? 'unknown'
                  const key = `limit:${name}:${said ?? ip}`
                  const count = Number(await kv.get(key))
                  if (count > 10) throw new Error('Too many')
                  await kv.set(key, count + 1)
                }
                export async function search() {
                  await charge('search')
                  return []
                }
                export async function reset(bucket: string) {
                  await charge('search', bucket)
                }
            """
        }
    )
    assert [e for e in effects(actions["search"]) if e.startswith("write")] == []
    assert [e for e in effects(actions["reset"]) if e.startswith("write")] != []


AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""
HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'
"""


def facts_of(body: str) -> ActionFacts:
    """The action `act(id, userId)` with this body."""
    text = f"{HEAD}\n    export async function act(id: string, userId?: string) {{\n{body}\n}}"
    return run({"lib/auth.ts": AUTH, "lib/db.ts": PRISMA, "app/actions.ts": text})["act"]


def test_an_argument_that_stands_in_for_the_session_is_an_identity_that_the_caller_chooses() -> None:
    found = facts_of("""
        const owner = userId || (await auth())?.user?.id
        if (!owner) return { error: 'Who are you?' }
        await db.chat.create({ data: { text: id, userId: owner } })
    """)
    assert [(e.effect.what, e.stands_for) for e in found.unowned_effects()] == [("prisma.chat.create", "userId")]


def test_what_a_key_that_names_the_session_finds_is_read_by_nobody_without_one() -> None:
    found = facts_of("""
        const session = await auth()
        return db.draft.findFirstOrThrow({ where: { id, userId: session?.user?.id || '' } })
    """)
    assert found.anonymous_effect() is None
    bare = facts_of("""
        const session = await auth()
        return db.draft.findFirstOrThrow({ where: { id, userId: session?.user?.id } })
    """)
    assert bare.anonymous_effect() is not None
