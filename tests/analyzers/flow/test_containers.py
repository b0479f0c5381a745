"""Containers: what is put into a map, a form, headers, search parameters or a cache comes out of them again."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

REACHED = """
    'use server'
    import {{ db }} from '../lib/db'

    export async function removePost(id: string) {{
      {body}
    }}
"""


def reached(body: str) -> list[str]:
    """What an action does with this body."""
    return effects(run({"app/actions.ts": REACHED.format(body=body), **LIBRARY})["removePost"])


DELETE = "await {}.post.delete({{ where: {{ id }} }})"

WAYS_OUT = {
    "a map under a name": "const m = new Map(); m.set('db', db); " + DELETE.format("m.get('db')"),
    "a map under any key": "const m = new Map(); m.set(id, db); " + DELETE.format("m.get(id)"),
    "a map of pairs": "const m = new Map([['a', db]]); " + DELETE.format("m.get('a')"),
    "a map of mapped pairs": "const m = new Map([id].map((i) => [i, db])); " + DELETE.format("m.get(id)"),
    "a weak map": "const m = new WeakMap(); m.set(db, db); " + DELETE.format("m.get(db)"),
    "values": "const m = new Map([['a', db]]); for (const c of m.values()) { " + DELETE.format("c") + " }",
    "entries": "const m = new Map([['a', db]]); for (const [, c] of m.entries()) { " + DELETE.format("c") + " }",
    "a loop": "const m = new Map([['a', db]]); for (const [, c] of m) { " + DELETE.format("c") + " }",
    "forEach": "const m = new Map([['a', db]]); m.forEach(async (c) => { " + DELETE.format("c") + " })",
    "spread": "const m = new Map([['a', db]]); const [[, c]] = [...m]; " + DELETE.format("c"),
    "destructured": "const m = new Map([['a', db]]); const [[, c]] = m; " + DELETE.format("c"),
    "Array.from": "const m = new Map([['a', db]]); const [c] = Array.from(m.values()); " + DELETE.format("c"),
    "Object.fromEntries": "const m = new Map([['a', db]]); " + DELETE.format("Object.fromEntries(m).a"),
    "entries of an object": "const m = new Map(Object.entries({ a: db })); " + DELETE.format("m.get('a')"),
    "a copy": "const m = new Map(new Map([['a', db]])); " + DELETE.format("m.get('a')"),
    "a set": "const s = new Set(); s.add(db); for (const c of s) { " + DELETE.format("c") + " }",
    "a set of items": "const [c] = new Set([db]); " + DELETE.format("c"),
    "a cache": "const cache = {}; cache[id] = db; " + DELETE.format("cache[id]"),
    "within a loop": "const m = new Map(); for (const i of [1, 2]) m.set('a', db); " + DELETE.format("m.get('a')"),
    "after another was taken out": "const m = new Map([['a', db], ['b', db]]); m.delete('a'); "
    + DELETE.format("m.get('b')"),
    "where it is looked for first": "const m = new Map(); if (!m.has('a')) m.set('a', db); "
    + DELETE.format("m.get('a')"),
}


@pytest.mark.parametrize("body", WAYS_OUT.values(), ids=WAYS_OUT.keys())
def test_what_is_put_in_comes_out(body: str) -> None:
    assert "delete post" in reached(body)


NOT_ABSENT = {
    "a map that is empty here": "const m = new Map(); fill(m); m.get('a').close()",
    "another key": "const m = new Map([['a', 1]]); fill(m); m.get('b').close()",
    "what was taken out": "const m = new Map([['a', 1]]); m.clear(); m.get('a').close()",
    "headers": "const h = new Headers(); sign(h); h.get('authorization').slice(7)",
    "a form": "const f = new FormData(); fill(f); f.get('file').name.toLowerCase(); f.getAll('x')[0].size",
    "search parameters": "const p = new URLSearchParams(); fill(p); p.get('a').trim(); p.size.toFixed()",
    "a cache": "const cache = {}; fill(cache); cache[id].close()",
}


@pytest.mark.parametrize("body", NOT_ABSENT.values(), ids=NOT_ABSENT.keys())
def test_what_may_not_be_there_is_not_absent(body: str) -> None:
    assert "delete post" in reached(f"{body}; {DELETE.format('db')}")


SENT = {
    "a form": "const sent = new FormData(); sent.append('id', id); sent.append('id', 'x')",
    "a form set": "const sent = new FormData(); sent.set('id', id)",
    "search parameters": "const sent = new URLSearchParams(); sent.set('id', id)",
    "search parameters of an object": "const sent = new URLSearchParams({ id })",
    "search parameters of pairs": "const sent = new URLSearchParams([['id', id]])",
    "headers": "const sent = new Headers({ Id: id })",
    "headers set": "const sent = new Headers(); sent.set('ID', id)",
}


@pytest.mark.parametrize("made", SENT.values(), ids=SENT.keys())
def test_what_the_caller_sent_is_still_theirs(made: str) -> None:
    code = REACHED.format(body=f"{made}; await db.post.delete({{ where: {{ id: sent.get('id') }} }})")
    (effect,) = run({"app/actions.ts": code, **LIBRARY})["removePost"].touching_effects()
    assert "parameter='id'" in repr(effect.key)


ACTIONS = """
    'use server'
    import { db } from '../lib/db'
    import { current } from '../lib/session'

    export async function removePost(id: string) {
      const session = await current(id)
      if (!session) throw new Error('no')
      await db.post.delete({ where: { id, ownerId: session.user.id } })
    }
"""
HEAD = """
    import { cache } from 'react'
    import { cookies, headers } from 'next/headers'
    import { AsyncLocalStorage } from 'node:async_hooks'
    import { auth } from './auth'
"""


def removed(session: str) -> list[str]:
    """What an action does that asks for its session so."""
    return effects(run({"app/actions.ts": ACTIONS, "lib/session.ts": HEAD + session, **LIBRARY})["removePost"])


CALLERS = {
    "under a cookie": """
        const memo = new Map()
        export async function current() {
          const token = (await cookies()).get('session')?.value
          if (token && memo.has(token)) return memo.get(token)
          const session = await auth()
          if (token) memo.set(token, session)
          return session
        }
    """,
    "under the header of all cookies, and for a while": """
        const memo = new Map<string, { session: Session; until: number }>()
        export async function current() {
          const key = `session:${(await headers()).get('cookie')}`
          const hit = memo.get(key)
          if (hit && hit.until > Date.now()) return hit.session
          const session = await auth()
          memo.set(key, { session, until: Date.now() + 1000 })
          return session
        }
    """,
    "as a promise": """
        const memo = new Map<string, Promise<Session | null>>()
        export async function current() {
          const token = (await cookies()).get('session')!.value
          let pending = memo.get(token)
          if (!pending) {
            pending = auth()
            memo.set(token, pending)
          }
          return pending
        }
    """,
    "in an object": """
        const memo: Record<string, Session> = {}
        export async function current() {
          const token = (await cookies()).get('session')?.value ?? ''
          if (memo[token]) return memo[token]
          const session = await auth()
          memo[token] = session
          return session
        }
    """,
    "in a weak map by the request's own headers": """
        const memo = new WeakMap()
        export async function current() {
          const request = await headers()
          if (memo.has(request)) return memo.get(request)
          const session = await auth()
          memo.set(request, session)
          return session
        }
    """,
    "where it was enforced": """
        const memo = new Map()
        async function required() {
          const session = await auth()
          if (!session) throw new Error('no')
          return session
        }
        export async function current() {
          const token = (await cookies()).get('session')?.value
          const kept = memo.get(token)
          if (kept) return kept
          const session = await required()
          memo.set(token, session)
          return session
        }
    """,
    "in a map of this call": """
        export async function current() {
          const memo = new Map()
          memo.set('session', await auth())
          const read = (key: string) => memo.get(key)
          return read('session')
        }
    """,
    "by React": "export const current = cache(async () => auth())",
    "around the call": """
        const store = new AsyncLocalStorage()
        const inner = async () => store.getStore()
        export async function current() {
          const session = await auth()
          return store.run(session, inner)
        }
    """,
}


@pytest.mark.parametrize("session", CALLERS.values(), ids=CALLERS.keys())
def test_a_session_that_is_kept_for_its_caller_is_theirs(session: str) -> None:
    assert removed(session) == ["delete post: Authenticated"]


MANY = ", ".join(f"key{number}: {number}" for number in range(100))

ANYBODYS = {
    "in an object of very many": f"""
        const memo = {{ {MANY} }}
        export async function remember() {{
          memo[(await cookies()).get('session')!.value] = await auth()
        }}
        export const current = async (id: string) => memo[id]
    """,
    "for everybody": """
        let kept: Session | null = null
        export async function current() {
          kept ??= await auth()
          return kept
        }
    """,
    "under a name of the caller's choice": """
        const memo = new Map()
        export async function current(id: string) {
          if (memo.has(id)) return memo.get(id)
          const session = await auth()
          memo.set(id, session)
          return session
        }
    """,
    "under one key for all": """
        const memo = new Map()
        export async function current() {
          if (memo.has('session')) return memo.get('session')
          const session = await auth()
          memo.set('session', session)
          return session
        }
    """,
    "under a cookie, and asked for by choice": """
        const memo = new Map()
        export async function remember() {
          const token = (await cookies()).get('session')?.value
          memo.set(token, await auth())
        }
        export async function current(id: string) {
          return memo.get(id)
        }
    """,
    "under a cookie or what was sent": """
        const memo = new Map()
        export async function current(id: string) {
          const token = id ?? (await cookies()).get('session')?.value
          if (memo.has(token)) return memo.get(token)
          const session = await auth()
          memo.set(token, session)
          return session
        }
    """,
    "in an object under a name of the caller's choice": """
        const memo = {}
        export async function current(id: string) {
          if (memo[id]) return memo[id]
          const session = await auth()
          memo[id] = session
          return session
        }
    """,
    "as any of all": """
        const memo = new Map()
        export async function current() {
          const token = (await cookies()).get('session')?.value
          const session = await auth()
          memo.set(token, session)
          for (const any of memo.values()) return any
          return [...memo.values()][0]
        }
    """,
}


@pytest.mark.parametrize("session", ANYBODYS.values(), ids=ANYBODYS.keys())
def test_a_session_that_may_be_anothers_proves_nothing(session: str) -> None:
    assert removed(session) == ["delete post"]
