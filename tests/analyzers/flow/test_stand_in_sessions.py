"""A login that the deployment lets stand in for the session: who calls cannot choose it."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

STACK = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
}
HELPER = """
    import {{ auth }} from './auth'
    import {{ cookies, headers }} from 'next/headers'
    import {{ prisma }} from './prisma'
    export async function current() {{
      let session = await auth()
      {branch}
      return session
    }}
"""
ACTION = """
    'use server'
    import { current } from '../lib/session'
    import { prisma } from '../lib/prisma'
    export async function remove(id: string) {
      const session = await current()
      if (!session?.user) throw new Error('no')
      await prisma.post.deleteMany({ where: { id, authorId: session.user.id } })
    }
"""
FOUND = """{
        const role = (await cookies()).get('dev_role')?.value ?? 'admin'
        let user = await prisma.user.findFirst({ where: { role } })
        if (!user) user = await prisma.user.create({ data: { role } })
        session = { user: { id: user.id, role: user.role } }
      }"""


def remove(branch: str):
    """The action, where the helper has this branch."""
    return run({**STACK, "lib/session.ts": HELPER.format(branch=branch), "app/actions.ts": ACTION})["remove"]


@pytest.mark.parametrize(
    "branch",
    [
        f"if (!session && process.env.DEV_MODE === 'true') {FOUND}",
        f"if (process.env.E2E && !session) {FOUND}",
        f"if (!session) {{ if (process.env.NODE_ENV === 'development') {FOUND} }}",
        "if (!session && process.env.DEMO === '1') session = { user: { id: 'demo', role: 'admin' } }",
        "if (process.env.MOCK_AUTH) session = { user: await prisma.user.findFirst() }",
    ],
    ids=["mode", "tests", "nested", "demo", "mock"],
)
def test_a_session_that_a_setting_puts_in_place_of_another_is_asked_for_as_that_one(branch: str) -> None:
    facts = remove(branch)
    assert facts.anonymous_effect() is None
    assert list(facts.unowned_effects()) == []


@pytest.mark.parametrize(
    "branch",
    [
        f"if (!session) {FOUND}",
        "if (!session) session = { user: { id: (await headers()).get('x-user') } }",
        f"if (!session && (await cookies()).get('dev')) {FOUND}",
    ],
    ids=["always", "header", "cookie"],
)
def test_one_that_callers_choose_is_none(branch: str) -> None:
    assert remove(branch).anonymous_effect() is not None


def test_an_effect_that_a_setting_switches_on_is_not_excused() -> None:
    code = """
        'use server'
        import { prisma } from '../lib/prisma'
        export async function purge(id: string) {
          if (process.env.PURGE === 'on') await prisma.post.delete({ where: { id } })
        }
    """
    assert run({**STACK, "app/actions.ts": code})["purge"].anonymous_effect() is not None
