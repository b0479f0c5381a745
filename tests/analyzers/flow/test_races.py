"""What a race of promises gives, and what a promise made by hand is fulfilled with."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { auth } from '@/auth'
    const db = new PrismaClient()
"""
AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""

PROVEN = {
    "a race with a timeout that only rejects": """
        async function session() {
          const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 4000))
          return await Promise.race([auth(), late])
        }
    """,
    "a race with a timeout that is handed to the timer": """
        const late = (ms: number) => new Promise<never>((resolve, reject) => setTimeout(reject, ms))
        async function session() { return Promise.race([auth(), late(4000)]) }
    """,
    "a race with a timeout that gives null": """
        async function session() {
          const late = new Promise<null>((resolve) => { setTimeout(() => resolve(null), 4000) })
          return Promise.race([auth(), late])
        }
    """,
    "a race in a helper for any promise": """
        function within<T>(work: Promise<T>, ms: number): Promise<T> {
          return Promise.race([work, new Promise<T>((_resolve, reject) => setTimeout(() => reject('late'), ms))])
        }
        const session = async () => within(auth(), 1000)
    """,
    "a promise by hand that gives what another gave": """
        function within<T>(work: Promise<T>, ms: number): Promise<T> {
          return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error('late')), ms)
            work.then((found) => { clearTimeout(timer); resolve(found) }, reject)
          })
        }
        const session = async () => within(auth(), 1000)
    """,
    "any of a session and what never comes": """
        const session = async () => Promise.any([auth(), new Promise(() => {})])
    """,
}


@pytest.mark.parametrize("session", PROVEN.values(), ids=PROVEN.keys())
def test_the_session_that_wins_a_race_is_the_session(session: str) -> None:
    act = """
    export async function remove(id: string) {
      const found = await session()
      if (!found?.user) throw new Error('who are you')
      await db.post.delete({ where: { id } })
    }"""
    assert effects(run({"app/actions.ts": HEAD + session + act, "auth.ts": AUTH})["remove"]) == [
        "delete post: Authenticated"
    ]


UNPROVEN = {
    "a race with a timeout that lets pass": """
        const late = new Promise((resolve) => setTimeout(() => resolve({ user: { id: 'guest' } }), 4000))
        const session = async () => Promise.race([auth(), late])
    """,
    "a promise by hand that is also fulfilled elsewhere": """
        import { listen } from 'anything'
        const session = async () => new Promise((resolve) => { auth().then((a) => resolve(a)); listen(resolve) })
    """,
    "a promise by hand whose place of fulfilment was left out": """
        let keep
        const session = async () => new Promise((resolve) => { keep = resolve; auth().then((a) => resolve(a)) })
    """,
}


@pytest.mark.parametrize("session", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_a_race_that_something_else_may_win_proves_nothing(session: str) -> None:
    act = """
    export async function remove(id: string) {
      const found = await session()
      if (!found?.user) throw new Error('who are you')
      await db.post.delete({ where: { id } })
    }"""
    assert effects(run({"app/actions.ts": HEAD + session + act, "auth.ts": AUTH})["remove"]) == ["delete post"]


def test_a_guard_that_only_raced_did_not_pass() -> None:
    code = """
        async function guard() { const s = await auth(); if (!s?.user) throw new Error('no') }
        export async function remove(id: string) {
          await Promise.race([guard(), new Promise<void>((resolve) => setTimeout(resolve, 50))])
          await db.post.delete({ where: { id } })
        }
    """
    assert effects(run({"app/actions.ts": HEAD + code, "auth.ts": AUTH})["remove"]) == ["delete post"]


def test_code_behind_a_promise_that_never_comes_in_a_race_goes_on() -> None:
    code = """
        export async function remove(id: string) {
          await Promise.race([new Promise(() => {}), db.post.delete({ where: { id } })])
          await db.log.create({ data: { id } })
        }
    """
    facts = run({"app/actions.ts": HEAD + code, "auth.ts": AUTH})["remove"]
    assert effects(facts) == ["delete post", "insert log: Valid"]
