"""Which effects touch the world of others."""

from __future__ import annotations

from preship.analyzers.actions.anonymity import AuthenticationFault
from preship.analyzers.actions.facts import ActionFacts
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


LOGGED = """
    'use server'
    import { headers } from 'next/headers'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'

    export async function rename(id: string, name: string) {
      const session = await auth()
      if (!session?.user?.id) {
        const from = (await headers()).get('x-forwarded-for')
        await db.entry.create({ data: { event: 'refused', from, %s } })
        return { error: 'Not signed in' }
      }
      await db.post.updateMany({ where: { id, authorId: session.user.id }, data: { name } })
    }
"""


def logged(more: str) -> list[str]:
    """The effects of an action that writes down, with more, from where it was called in vain."""
    return effects(run({"app/actions.ts": LOGGED % more, "lib/auth.ts": AUTH, "lib/db.ts": PRISMA})["rename"])


def test_an_entry_in_a_log_of_requests_may_quote_what_was_sent() -> None:
    assert logged("details: { id, name }") == ["write post: Authenticated"]


def test_what_has_a_column_for_what_was_sent_is_more_than_an_entry_in_a_log() -> None:
    assert logged("subject: name, details: { id }") == ["insert entry", "write post: Authenticated"]
    assert logged("post: { connect: { id } }") == ["insert entry", "write post: Authenticated"]


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


def test_an_argument_that_takes_the_sessions_place_says_who_acts_also_where_none_is_needed() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { auth } from '../lib/auth'
                import { db } from '../lib/db'

                async function whoever(accountId?: string) {
                  let id = accountId
                  if (!id) {
                    const session = await auth()
                    if (!session) throw new Error('Sign in')
                    id = session.user.id
                  }
                  const member = await db.member.findUnique({ where: { loginId: id }, select: { id: true } })
                  if (!member) throw new Error('Nobody')
                  return member.id
                }
                export async function rotate(keyId: string, accountId?: string) {
                  const memberId = await whoever(accountId)
                  const key = await db.apiKey.findFirst({ where: { id: keyId, memberId } })
                  if (!key) throw new Error('Not found')
                  await db.apiKey.update({ where: { id: keyId }, data: { hash: 'new' } })
                }
                export async function rotateOwn(keyId: string) {
                  const memberId = await whoever()
                  const key = await db.apiKey.findFirst({ where: { id: keyId, memberId } })
                  if (!key) throw new Error('Not found')
                  await db.apiKey.update({ where: { id: keyId }, data: { hash: 'new' } })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/db.ts": PRISMA,
        }
    )
    assert [(u.effect.what, u.stands_for) for u in actions["rotate"].unowned_effects()] == [
        ("prisma.apiKey.update", "loginId")
    ]
    assert not list(actions["rotateOwn"].unowned_effects())
    assert actions["rotateOwn"].anonymous_effect() is None


def test_a_check_that_comes_too_late_is_still_none_of_whose_record_it_is() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { revalidateTag } from 'next/cache'
                import { auth } from '../lib/auth'
                import { db } from '../lib/db'

                async function me() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Sign in')
                  return session.user.id
                }
                export async function rename(id: number, title: string) {
                  await db.entry.update({ where: { id }, data: { title } })
                  revalidateTag(`entries:${await me()}`)
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/db.ts": PRISMA,
        }
    )
    assert [u.effect.what for u in actions["rename"].unowned_effects()] == ["prisma.entry.update"]


def test_a_record_of_the_programs_own_that_is_made_once_touches_nobody() -> None:
    found = facts_of("""
        await db.user.upsert({ where: { login: 'admin' }, create: { login: 'admin', name: 'Admin' }, update: {} })
        await db.user.upsert({ where: { login: 'admin' }, create: { login: 'admin' }, update: { name: 'Admin' } })
        await db.user.upsert({ where: { login: id }, create: { login: id }, update: {} })
    """)
    assert effects(found) == ["write user", "insert user"]


def test_a_comparison_that_anonymous_callers_pass_comes_never_and_not_late() -> None:
    found = facts_of("""
        const session = await auth()
        const me = session?.user?.id
        const draft = await db.draft.findUnique({ where: { id } })
        if (!draft || (me && draft.authorId !== me)) return null
        return draft
    """).anonymous_effect()
    assert found is not None
    assert found.fault is AuthenticationFault.UNENFORCED


FAILURES = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'

    async function alert(said) {
      await fetch(`${%s}/push`, { method: 'POST', body: JSON.stringify({ at: Date.now(), %s }) })
    }
    export async function rename(id: string, name: string) {
      try {
        await unreadable(id)
        const session = await auth()
        if (!session?.user?.id) return { error: 'Not signed in' }
        await db.post.updateMany({ where: { id, authorId: session.user.id }, data: { name } })
      } catch (error) {
        await alert({ error, name })
        return { error: 'Failed' }
      }
    }
"""


def is_open(address: str, said: str) -> bool:
    """Whether what an action sends where it fails is the work of an anonymous caller."""
    code = FAILURES % (address, said)
    auth = "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })"
    facts = run({"app/actions.ts": code, "lib/db.ts": PRISMA, "lib/auth.ts": auth})["rename"]
    return facts.anonymous_effect() is not None


def test_a_failure_that_is_told_to_a_service_of_the_deployment_is_nobodys_doing() -> None:
    assert not is_open("process.env.LOG_HOST", "error: said.error")
    assert not is_open("process.env.LOG_HOST", "error: said.error, with: said.name")
    assert not is_open("'https://log.example.com'", "message: said.error.message, stack: said.error.stack")


def test_what_a_caller_sends_or_where_is_their_doing() -> None:
    assert is_open("process.env.LOG_HOST", "name: said.name")
    assert is_open("said.name", "error: said.error")
