"""What a deployment without a login makes to work on, and effects that only look so: who is asked about them."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

STACK = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/file.ts": """
        import { existsSync, readFileSync, writeFileSync } from 'node:fs'
        const FILE = process.env.DATA_FILE ?? '/var/lib/demo.json'
        const FIRST = { users: [{ id: 'demo', role: 'admin' }] }
        let kept: typeof FIRST | null = null
        export function read() {
          if (kept) return kept
          if (existsSync(FILE)) return (kept = JSON.parse(readFileSync(FILE, 'utf8')))
          kept = FIRST
          writeFileSync(FILE, JSON.stringify(kept))
          return kept
        }
    """,
}
HEAD = """
    'use server'
    import { redirect } from 'next/navigation'
    import { unlinkSync, writeFileSync } from 'node:fs'
    import { auth } from '../lib/auth'
    import { read } from '../lib/file'
    import { prisma } from '../lib/prisma'
"""
REMOVES = """
    export async function act(id: string) {
      const viewer = await current()
      if (viewer.role !== 'admin') return { error: 'Not yours' }
      await prisma.post.deleteMany({ where: { id, authorId: viewer.id } })
    }
"""
SIGNED_IN = """
      const session = await auth()
      if (!session?.user) redirect('/login')
      return session.user
"""


def reaches(code: str) -> str | None:
    """What anybody reaches in the action behind this helper, and no setting may excuse."""
    found = run({**STACK, "app/actions.ts": HEAD + code})["act"].anonymous_effect()
    return None if found is None or found.is_doubtful else found.effect.what


@pytest.mark.parametrize(
    "helper",
    [
        "async function current() { if (!process.env.AUTH_SECRET) return read().users[0];" + SIGNED_IN + "}",
        "async function current() { if (process.env.AUTH_SECRET) {" + SIGNED_IN + "} return read().users[0] }",
        """
        const client = () => process.env.AUTH_URL ? { session: () => auth() } : null
        const demo = async () => read().users.find((one) => one.id === 'demo')
        async function real() {
          const found = client()
          if (!found) return demo()
          const session = await found.session()
          if (!session?.user) redirect('/login')
          return session.user
        }
        async function current() { return process.env.AUTH_URL ? real() : demo() }
        """,
        """
        async function current() {
          if (process.env.MODE !== 'demo') {"""
        + SIGNED_IN
        + """}
          return prisma.user.create({ data: { id: 'demo', role: 'admin' } })
        }
        """,
        """
        async function current() {
          switch (process.env.MODE) {
            case 'demo': {
              writeFileSync('/tmp/demo', 'started')
              return { id: 'demo', role: 'admin' }
            }
            default: {"""
        + SIGNED_IN
        + "}}}",
        """
        const users = {
          demo: () => { writeFileSync('/tmp/demo', 'started'); return { id: 'demo', role: 'admin' } },
          real: async () => {"""
        + SIGNED_IN
        + """},
        }
        const current = async () => process.env.IS_DEMO ? users.demo() : users.real()
        """,
    ],
    ids=["mode first", "mode last", "no client", "records", "switch", "table of functions"],
)
def test_what_a_mode_without_a_login_makes_for_itself_needs_no_caller(helper: str) -> None:
    assert reaches(helper + REMOVES) is None


@pytest.mark.parametrize(
    "helper",
    [
        # Callers choose what is written.
        """
        async function current(id) {
          if (!process.env.AUTH_SECRET) { writeFileSync('/tmp/' + id, 'started'); return read().users[0] }"""
        + SIGNED_IN
        + "}",
        # What was there is gone.
        """
        async function current() {
          if (!process.env.AUTH_SECRET) { await prisma.user.deleteMany({}); return read().users[0] }"""
        + SIGNED_IN
        + "}",
        # In each mode.
        "async function current() { unlinkSync('/var/lib/demo.json');" + SIGNED_IN + "}",
        # Of no setting that has anything to do with the session.
        "async function current() { if (process.env.KEEP) writeFileSync('/tmp/kept', 'now');" + SIGNED_IN + "}",
        # Whether there is a file is no mode.
        "async function current() { read();" + SIGNED_IN + "}",
    ],
    ids=["input", "delete", "always", "unrelated setting", "file"],
)
def test_what_is_done_where_callers_are_asked_or_what_they_choose_needs_one(helper: str) -> None:
    assert reaches(helper + REMOVES.replace("current()", "current(id)")) is not None


def test_a_mode_without_a_login_excuses_no_action_that_never_asks_in_the_other() -> None:
    code = """
        export async function act(id: string) {
          read()
          await prisma.post.delete({ where: { id } })
        }
    """
    assert reaches(code) is not None
