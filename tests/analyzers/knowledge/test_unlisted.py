"""Packages that nothing is known of: what they answer may be a session, and what they do could not be seen."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.words import not_followed
from preship.analyzers.actions.world import strength_of_authentication
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Strength
from preship.analyzers.judgement.authentication import answer as authentication
from preship.analyzers.judgement.ownership import answer as ownership
from preship.analyzers.results import Answer
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { auth, currentUser, requireUser, check } from '@example/auth'
    import { Client } from '@example/crm'
    import { headers } from 'next/headers'
    const prisma = new PrismaClient()
    const crm = new Client(process.env.CRM_KEY)
    export async function remove(id: string, other: string) {
"""
REMOVED = "await prisma.post.delete({ where: { id } })"


def strength(body: str) -> Strength | None:
    """How surely the caller is known where the record is deleted."""
    touched = run(f"{HEAD}{body}; {REMOVED} }}")["remove"].touching_effects()
    return strength_of_authentication(touched[0])


def unseen(body: str) -> list[str]:
    """What could not be followed."""
    found = run(f"{HEAD}{body} }}")["remove"].effects
    return [not_followed(e) for e in found if e.kind is EffectKind.UNSEEN]


@pytest.mark.parametrize(
    "body",
    [
        "const s = await auth(); if (!s) throw new Error('no')",
        "const s = await auth(); if (!s?.user) return",
        "const { user } = await currentUser(); if (!user) throw new Error('no')",
        "const s = await auth(); if (s?.user?.role !== 'admin') throw new Error('no')",
        "const s = await auth(); if (s.isSignedIn === false) throw new Error('no')",
        "const s = await auth({ headers: await headers() }); if (!s) throw new Error('no')",
        "const client = new Client(); const u = await client.getUser(); if (u == null) throw new Error('no')",
        # It may have thrown.
        "await auth()",
        "const s = await auth(); console.log(s)",
        "await check('delete')",
    ],
)
def test_what_ends_the_path_where_an_unknown_package_answers_nothing_may_be_a_guard(body: str) -> None:
    assert strength(body) is Strength.POSSIBLE


@pytest.mark.parametrize(
    "body",
    [
        "auth()",
        "await check(id)",
        "await crm.ping(); console.log(crm)",
        "if (!(await check(other))) throw new Error('no')",
        "const s = auth; if (!s) throw new Error('no')",
    ],
)
def test_what_ends_no_path_or_judges_what_the_caller_sent_is_none(body: str) -> None:
    assert strength(body) is None


def test_what_an_unknown_package_is_asked_to_do_could_not_be_seen() -> None:
    assert unseen("await crm.contacts.delete(id)") == ["delete() of @example/crm"]
    assert unseen("return crm.contacts.delete(id)") == ["delete() of @example/crm"]
    assert unseen("await Promise.all([check(id)])") == ["check() of @example/auth"]


def test_what_an_unknown_package_is_asked_to_do_without_waiting_could_not_be_seen_either() -> None:
    assert unseen("crm.track(id)") == ["track() of @example/crm"]
    assert unseen("void crm.track(id)") == ["track() of @example/crm"]
    assert unseen("crm.track(id).catch(() => {})") == ["track() of @example/crm"]
    assert unseen("if (other) crm.track(id); else check(id)") == [
        "track() of @example/crm",
        "check() of @example/auth",
    ]


def test_what_only_computes_or_is_told_nothing_needs_no_word() -> None:
    assert unseen("const text = crm.format(id)") == []
    assert unseen("await check()") == []
    assert unseen("check()") == []


CLIENT = """
    'use server'
    import { createApi } from '@example/api'
    import { auth } from '../auth'
    const api = createApi({ baseUrl: process.env.API, key: process.env.API_KEY })
    const open = createApi({ baseUrl: 'https://api.example.com' })
    export async function remove(id: string, other: string) {
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("await api.DELETE('/posts/{id}', { id })", ["fetch another service"]),
        ("await api.posts.delete(`/posts/${id}`)", ["fetch another service"]),
        ("api.post('https://api.example.com/posts', { id })", ["fetch another service"]),
        ("const { data } = await api.GET('/posts', { id }); return data", ["fetch another service"]),
        ("api.delete(id)", ["unseen @example/api"]),
        ("api.get('/posts')", ["unseen @example/api"]),
        ("await open.DELETE('/posts/{id}', { id })", ["unseen @example/api"]),
        ("await api.post('/posts', async () => id)", ["unseen @example/api"]),
    ],
)
def test_a_client_with_the_servers_key_that_is_called_as_http_is_calls_another_service(
    call: str, expected: list[str]
) -> None:
    found = run({"app/actions.ts": f"{CLIENT}{call} }}"})["remove"].effects
    kinds = {EffectKind.FETCH, EffectKind.UNSEEN}
    assert [f"{e.kind} {e.target}" for e in found if e.kind in kinds] == expected


@pytest.mark.parametrize(
    "body",
    [
        "keepAlive(db.delete(posts).where(eq(posts.id, id)))",
        "context.keepAlive(db.delete(posts).where(eq(posts.id, id)))",
        "const later = (query) => { keepAlive(query) }; later(db.delete(posts).where(eq(posts.id, id)))",
    ],
)
def test_a_query_that_is_handed_to_an_unknown_package_may_be_sent_there(body: str) -> None:
    code = """
        'use server'
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { eq } from 'drizzle-orm'
        import { pgTable, text } from 'drizzle-orm/pg-core'
        import { keepAlive, context } from '@example/edge'
        const db = drizzle(process.env.URL)
        const posts = pgTable('posts', { id: text('id') })
        export async function remove(id: string) {
    """
    assert [effect.target for effect in run(f"{code}{body} }}")["remove"].touching_effects()] == ["posts"]


GUARDED = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({})
"""
ASKED = "const session = await auth(); if (!session) throw new Error('no');"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{ASKED} await open.posts.remove(id)", Answer.YES),
        (f"await open.posts.remove(id); {ASKED}", Answer.UNSEEN),
        ("await open.posts.remove(id)", Answer.UNSEEN),
    ],
)
def test_a_proven_guard_stays_proven_whatever_an_unknown_package_does_behind_it(body: str, expected: Answer) -> None:
    facts = run({"app/actions.ts": f"{CLIENT}{body} }}", "auth.ts": GUARDED})["remove"]
    assert authentication(facts).answer is expected


@pytest.mark.parametrize(
    ("guard", "key"),
    [
        ("const s = await auth(); if (!s) throw new Error('no')", "id, authorId: s.user.id"),
        ("const s = await auth(); if (!s) throw new Error('no')", "author: { is: { id: s.user.id } }, id"),
    ],
)
def test_records_of_whom_an_unknown_package_names_may_be_the_callers(guard: str, key: str) -> None:
    code = f"{HEAD}{guard}; await prisma.post.deleteMany({{ where: {{ {key} }} }}) }}"
    facts = run(code)["remove"]
    assert facts.unowned_effect() is None
    assert ownership(facts).answer is Answer.UNSEEN


def test_records_of_whom_the_caller_named_to_an_unknown_package_are_not() -> None:
    guard = "const s = await auth(); if (!s) throw new Error('no'); const c = await check(other)"
    facts = run(f"{HEAD}{guard}; await prisma.post.deleteMany({{ where: {{ id, topic: c.id }} }}) }}")["remove"]
    assert facts.unowned_effect() is not None


def test_a_statement_in_sql_does_what_it_says_whoever_is_given_it() -> None:
    code = """
        'use server'
        import { Database } from '@example/database'
        import { run, log } from '@example/database/raw'
        const db = new Database('app.db')
        export async function remove(id: string) {
          const row = db.queryOne('SELECT owner FROM post WHERE id = ?', [id])
          db.execute('DELETE FROM post WHERE id = ?', [id])
          await run(`UPDATE post SET gone = 1 WHERE id = ${id}`)
          log('Delete of a post', id)
        }
    """
    found = run(code)["remove"].touching_effects()
    assert [(str(e.kind), e.target) for e in found] == [("read", "post"), ("delete", "post"), ("sql", "the database")]
