"""Which effects touch the world of others."""

from __future__ import annotations

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
