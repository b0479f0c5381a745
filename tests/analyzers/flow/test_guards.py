"""Guards as real code writes them, and code that only looks guarded: what is proven where the delete happens."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Authenticated, Strength, has_right
from tests.analyzers.running import run

LIBRARY = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth, signIn, signOut } = NextAuth({ providers: [] })
    """,
    "lib/db.ts": """
        import { PrismaClient } from '@prisma/client'
        const globalForPrisma = globalThis as unknown as { prisma: PrismaClient | undefined }
        export const db = globalForPrisma.prisma ?? new PrismaClient()
        if (process.env.NODE_ENV !== 'production') globalForPrisma.prisma = db
    """,
}
HEAD = """
'use server'
import { redirect, notFound } from 'next/navigation'
import { cache } from 'react'
import { auth } from '../lib/auth'
import { db } from '../lib/db'
"""


def strength_at_delete(body: str, **files: str) -> Strength | None:
    """How surely the caller is known where `act` deletes; None: not at all."""
    facts = run({"app/actions.ts": HEAD + body, **LIBRARY, **files})["act"]
    deletes = [e for e in facts.effects if e.kind is EffectKind.DELETE]
    assert deletes, "the action deletes"
    strengths = [max((f.strength for f in e.facts if isinstance(f, Authenticated)), default=None) for e in deletes]
    return None if None in strengths else min(s for s in strengths if s is not None)


GUARDED = {
    "throws when there is no session": """
        export async function act(id) {
          const session = await auth()
          if (!session) throw new Error('no')
          await db.post.delete({ where: { id } })
        }""",
    "the user is optional too": """
        export async function act(id) {
          const session = await auth()
          if (!session?.user?.id) return { error: 'no' }
          await db.post.delete({ where: { id } })
        }""",
    "redirects": """
        export async function act(id) {
          const session = await auth()
          if (!session) redirect('/login')
          await db.post.delete({ where: { id } })
        }""",
    "a helper that throws, whose answer is not used": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id) { await certain(); await db.post.delete({ where: { id } }) }""",
    "a helper that gives null, tested here": """
        const who = cache(async () => { const s = await auth(); return s?.user ?? null })
        export async function act(id) {
          const user = await who()
          if (!user) return null
          await db.post.delete({ where: { id } })
        }""",
    "a discriminated result": """
        async function who() {
          const s = await auth()
          if (!s?.user) return { user: null, error: 'no' }
          return { user: s.user, error: null }
        }
        export async function act(id) {
          const { user, error } = await who()
          if (error) return { error }
          await db.post.delete({ where: { id } })
        }""",
    "a success flag": """
        async function who() {
          const s = await auth()
          return s?.user ? { success: true, user: s.user } : { success: false }
        }
        export async function act(id) {
          const answer = await who()
          if (!answer.success) return answer
          await db.post.delete({ where: { id } })
        }""",
    "a helper that gives a denial": """
        async function denial() { const s = await auth(); if (!s) return { error: 'no' } }
        export async function act(id) {
          const denied = await denial()
          if (denied) return denied
          await db.post.delete({ where: { id } })
        }""",
    "a boolean variable": """
        export async function act(id) {
          const session = await auth()
          const known = !!session?.user
          if (!known) throw new Error('no')
          await db.post.delete({ where: { id } })
        }""",
    "a flag set on one branch": """
        export async function act(id) {
          let known = false
          const session = await auth()
          if (session?.user) known = true
          if (!known) return
          await db.post.delete({ where: { id } })
        }""",
    "a conjunction": """
        export async function act(id, other) {
          const session = await auth()
          if (!session || !other) return
          await db.post.delete({ where: { id } })
        }""",
    "the write stands inside the if": """
        export async function act(id) {
          const session = await auth()
          if (session?.user && id) { await db.post.delete({ where: { id } }) }
        }""",
    "a wrapper": """
        const guarded = (work) => async (...args) => {
          const session = await auth()
          if (!session) throw new Error('no')
          return work(session.user, ...args)
        }
        export const act = guarded(async (user, id) => { await db.post.delete({ where: { id } }) })""",
    "nested wrappers": """
        const logged = (work) => async (...args) => { try { return await work(...args) } catch (e) { throw e } }
        const guarded = (work) => async (...args) => {
          const session = await auth()
          if (!session) throw new Error('no')
          return work(session.user, ...args)
        }
        export const act = logged(guarded(async (user, id) => { await db.post.delete({ where: { id } }) }))""",
    "a wrapper called in the body": """
        async function withUser(work) {
          const session = await auth()
          if (!session?.user) return { error: 'no' }
          return work(session.user)
        }
        export async function act(id) { return withUser(async (user) => db.post.delete({ where: { id } })) }""",
    "an option that switches the check on": """
        function action(options, work) {
          return async (...args) => {
            if (options.withAuth) { const s = await auth(); if (!s) throw new Error('no') }
            return work(...args)
          }
        }
        export const act = action({ withAuth: true }, async (id) => { await db.post.delete({ where: { id } }) })""",
    "in each branch": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id, soft) {
          if (soft) { await certain() } else { await certain() }
          await db.post.delete({ where: { id } })
        }""",
    "a catch that returns": """
        export async function act(id) {
          let user
          try { const s = await auth(); if (!s) throw new Error('no'); user = s.user } catch { return { error: 'no' } }
          await db.post.delete({ where: { id } })
        }""",
    "a catch that throws on": """
        async function certain() { const s = await auth(); if (!s) throw new Error('no'); return s }
        export async function act(id) {
          await certain().catch((e) => { console.error(e); throw e })
          await db.post.delete({ where: { id } })
        }""",
    "a dynamic import of a literal": """
        export async function act(id) {
          const { certain } = await import('../lib/certain')
          await certain()
          await db.post.delete({ where: { id } })
        }""",
    "an invariant": """
        function invariant(x, message) { if (!x) throw new Error(message) }
        export async function act(id) {
          const session = await auth()
          invariant(session?.user, 'no')
          await db.post.delete({ where: { id } })
        }""",
    "an instance of Error": """
        async function who() { const s = await auth(); if (!s) return new Error('no'); return s.user }
        export async function act(id) {
          const user = await who()
          if (user instanceof Error) return { error: user.message }
          await db.post.delete({ where: { id } })
        }""",
    "a transaction's callback": """
        export async function act(id) {
          const session = await auth()
          if (!session) throw new Error('no')
          await db.$transaction(async (tx) => { await tx.post.delete({ where: { id } }) })
        }""",
    "inside Promise.all behind the check": """
        export async function act(id) {
          const [session] = await Promise.all([auth(), db.tag.findMany()])
          if (!session) throw new Error('no')
          await db.post.delete({ where: { id } })
        }""",
    "a switch": """
        export async function act(id) {
          const session = await auth()
          switch (session) {
            case null: return
            default: await db.post.delete({ where: { id } })
          }
        }""",
    "a class that checks in its method": """
        class Posts {
          constructor(private store) {}
          async remove(id) {
            const session = await auth()
            if (!session) throw new Error('no')
            await this.store.post.delete({ where: { id } })
          }
        }
        const posts = new Posts(db)
        export async function act(id) { await posts.remove(id) }""",
    "a loop that checks first": """
        export async function act(ids) {
          for (const id of ids) {
            const session = await auth()
            if (!session) continue
            await db.post.delete({ where: { id } })
          }
        }""",
    "early return by a conditional expression": """
        export async function act(id) {
          const session = await auth()
          return session ? db.post.delete({ where: { id } }) : null
        }""",
    "compared with null": """
        export async function act(id) {
          const session = await auth()
          if (session === null) return
          await db.post.delete({ where: { id } })
        }""",
    "two helpers, one truth": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id) {
          await certain()
          const again = await auth()
          await db.post.deleteMany({ where: { id, authorId: again?.user?.id } })
        }""",
}

BARE = {
    "nobody asks": "export async function act(id) { await db.post.delete({ where: { id } }) }",
    "never tested": """
        export async function act(id) { const s = await auth(); await db.post.delete({ where: { id } }) }""",
    "tested on one branch only": """
        export async function act(id, soft) {
          const session = await auth()
          if (soft) { if (!session) return }
          await db.post.delete({ where: { id } })
        }""",
    "the check does not end the path": """
        export async function act(id) {
          const session = await auth()
          if (!session) console.log('no session')
          await db.post.delete({ where: { id } })
        }""",
    "tested after the write": """
        export async function act(id) {
          const session = await auth()
          await db.post.delete({ where: { id } })
          if (!session) throw new Error('no')
        }""",
    "the guard is not awaited": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id) { certain(); await db.post.delete({ where: { id } }) }""",
    "a catch that goes on": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id) {
          try { await certain() } catch (e) { console.error(e) }
          await db.post.delete({ where: { id } })
        }""",
    "a redirect that a catch swallows": """
        export async function act(id) {
          try { const s = await auth(); if (!s) redirect('/login') } catch {}
          await db.post.delete({ where: { id } })
        }""",
    "the guard stands in a callback that may not run": """
        async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
        export async function act(id, ids) {
          await Promise.all(ids.map(async () => { await certain() }))
          await db.post.delete({ where: { id } })
        }""",
    "inverted": """
        export async function act(id) {
          const session = await auth()
          if (session) return
          await db.post.delete({ where: { id } })
        }""",
    "a fallback identity": """
        export async function act(id) {
          const session = await auth()
          const userId = session?.user?.id || 'anonymous'
          if (!userId) return
          await db.post.delete({ where: { id } })
        }""",
    "imported and never called": """
        import { certain } from '../lib/certain'
        export async function act(id) { await db.post.delete({ where: { id } }) }""",
    "a wrapper that only reports": """
        const reported = (work) => async (...args) => { try { return await work(...args) } catch { return null } }
        export const act = reported(async (id) => { await db.post.delete({ where: { id } }) })""",
    "an option that switches the check off": """
        function action(options, work) {
          return async (...args) => {
            if (options.withAuth) { const s = await auth(); if (!s) throw new Error('no') }
            return work(...args)
          }
        }
        export const act = action({ withAuth: false }, async (id) => { await db.post.delete({ where: { id } }) })""",
}

CERTAIN = {
    "lib/certain.ts": """
        import { auth } from './auth'
        export async function certain() { const s = await auth(); if (!s?.user) throw new Error('no'); return s.user }
    """
}


@pytest.mark.parametrize("body", GUARDED.values(), ids=GUARDED.keys())
def test_a_guard_is_what_ends_the_path_when_there_is_no_session(body: str) -> None:
    assert strength_at_delete(body, **CERTAIN) is Strength.PROVEN


@pytest.mark.parametrize("body", BARE.values(), ids=BARE.keys())
def test_what_ends_no_path_is_no_guard(body: str) -> None:
    assert strength_at_delete(body, **CERTAIN) is None


def test_a_guard_by_dereference_is_only_likely() -> None:
    body = """
        export async function act(id) {
          const session = await auth()
          console.log(session.user.id)
          await db.post.delete({ where: { id } })
        }"""
    assert strength_at_delete(body) is Strength.LIKELY


def test_a_helper_that_is_not_in_the_tree_may_be_a_guard() -> None:
    body = """
        import { certain } from '../generated/certain'
        export async function act(id) { await certain(); await db.post.delete({ where: { id } }) }"""
    assert strength_at_delete(body) is Strength.POSSIBLE


def test_a_default_behind_a_dereference_refuses_nobody() -> None:
    body = """
        export async function act(id) {
          const session = await auth()
          const userId = session.user.id || ''
          await db.post.delete({ where: { id, userId } })
        }"""
    assert strength_at_delete(body) is Strength.LIKELY
    refusing = body.replace("|| ''", "|| redirect('/login')")
    assert strength_at_delete("import { redirect } from 'next/navigation'" + refusing) is Strength.PROVEN


ENUM_GATES = {
    "compared": "if (user.role !== Role.ADMIN) throw new Error('no')",
    "one of several": "if (!user.roles.some((each) => each.role === Role.ADMIN)) throw new Error('no')",
    "in a list": "if (![Role.ADMIN, Role.OWNER].includes(user.role)) throw new Error('no')",
    "of all enums": "if (user.role !== $Enums.Role.ADMIN) throw new Error('no')",
    "in lower case": "if (user.role !== Role.admin) throw new Error('no')",
    "in a text of several": "if (!user.role.split(',').includes(Role.admin)) throw new Error('no')",
    "switched": "switch (user.role) { case Role.ADMIN: break; default: throw new Error('no') }",
}


@pytest.mark.parametrize("gate", ENUM_GATES.values(), ids=list(ENUM_GATES))
def test_a_member_of_a_schemas_enum_is_a_role_as_its_text_is(gate: str) -> None:
    code = f"""
        'use server'
        import {{ PrismaClient, Role, $Enums }} from '@prisma/client'
        import {{ auth }} from '../lib/auth'
        const prisma = new PrismaClient()
        export async function remove(id: string) {{
          const session = await auth()
          if (!session) throw new Error('no')
          const user = await prisma.user.findUnique({{ where: {{ id: session.user.id }}, include: {{ roles: true }} }})
          if (!user) throw new Error('no')
          {gate}
          await prisma.post.delete({{ where: {{ id }} }})
        }}
    """
    auth = "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })"
    (delete,) = [e for e in run({"app/actions.ts": code, "lib/auth.ts": auth})["remove"].effects if e.target == "post"]
    assert has_right(delete.facts)
