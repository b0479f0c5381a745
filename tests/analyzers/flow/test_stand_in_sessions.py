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


SOURCES = """
    import {{ auth }} from './auth'
    import {{ prisma }} from './prisma'
    import {{ cookies, headers }} from 'next/headers'
    const kind = () => (process.env.DATABASE_URL ? 'real' : 'demo')
    const USERS = [{{ id: 'kate', role: 'owner' }}, {{ id: 'tom', role: 'viewer' }}]
    const MATRIX = {{ 'post.remove': ['owner', 'admin'], 'post.read': ['owner', 'admin', 'viewer'] }}
    async function real() {{
      const session = await auth()
      return session?.user ? {{ id: session.user.id }} : null
    }}
    async function demo() {{
      const asked = (await cookies()).get('demo_user')?.value
      const user = USERS.find((each) => each.id === asked) ?? USERS[0]
      return user ? {{ id: user.id }} : null
    }}
    {session}
    const rows = (userId) => prisma.member.findMany({{ where: {{ userId }} }})
    const stored = () => ({{ memberships: {{ of: async (userId) => rows(userId) }} }})
    const remembered = () => ({{ memberships: {{ of: async () => USERS.map((user) => ({{ role: user.role }})) }} }})
    {source}
    export async function authorize(permission) {{
      const session = await current()
      if (!session) throw new Error('Sign in')
      const [membership] = await dataSource().memberships.of(session.id)
      if (!membership) throw new Error('No member')
      if (!MATRIX[permission].includes(membership.role)) throw new Error('Not allowed')
      return {{ session, membership }}
    }}
    export async function enter(permission) {{
      const session = await current()
      if (!session) throw new Error('Sign in')
      const [membership] = await dataSource().memberships.of(session.id)
      if (!membership) throw new Error('No member')
      return {{ session, membership }}
    }}
"""
GUARDED = """
    'use server'
    import { authorize, enter } from '../lib/session'
    import { prisma } from '../lib/prisma'
    export async function remove(id: string) {
      await authorize('post.remove')
      await prisma.post.delete({ where: { id } })
    }
    export async function publish(id: string) {
      await enter('post.publish')
      await prisma.post.update({ where: { id }, data: { live: true } })
    }
"""
SESSIONS = {
    "a conditional expression": "const current = async () => (kind() === 'real' ? real() : demo())",
    "the other way round": "const current = async () => (kind() === 'demo' ? demo() : real())",
    "a helper that returns early": (
        "async function current() { if (kind() === 'real') return real(); return await demo() }"
    ),
    "a helper with two branches": (
        "async function current() { if (process.env.DEMO) { return demo() } else { const s = await real(); return s } }"
    ),
    "a switch": (
        "async function current() {"
        " switch (kind()) { case 'real': return real(); default: return { id: USERS[0].id } } }"
    ),
    "a function that is chosen": "const current = process.env.DEMO === '1' ? demo : real",
}
DATA_SOURCES = {
    "a conditional expression": "const dataSource = () => (kind() === 'real' ? stored() : remembered())",
    "a factory that returns early": (
        "let kept = null\n"
        "function dataSource() { if (kind() === 'real') return stored(); kept ??= remembered(); return kept }"
    ),
    "only one": "const dataSource = () => stored()",
}


def judged(session: str, source: str):
    """What is not shown to be the caller's in an action that asks for a permission, and in one that does not."""
    files = {"lib/session.ts": SOURCES.format(session=session, source=source), "app/actions.ts": GUARDED, **STACK}
    found = run(files)
    return [[u.effect.what for u in found[name].unowned_effects()] for name in ("remove", "publish")]


@pytest.mark.parametrize("source", DATA_SOURCES.values(), ids=list(DATA_SOURCES))
@pytest.mark.parametrize("session", SESSIONS.values(), ids=list(SESSIONS))
def test_a_demo_in_place_of_the_session_takes_no_role_away(session: str, source: str) -> None:
    assert judged(session, source) == [[], ["prisma.post.update"]]


BELIEVED = {
    "the caller chooses the demo": (
        "async function current() {"
        " const asked = (await headers()).get('x-demo-user'); return asked ? { id: asked } : real() }"
    ),
    "the caller is whom a header names": (
        "async function current() {"
        " if (kind() === 'real') return real(); return { id: (await headers()).get('x-user') } }"
    ),
    "the caller may choose, if the deployment lets them": (
        "async function current() {"
        " const asked = (await headers()).get('x-demo-user'); if (process.env.DEMO || asked) return { id: asked };"
        " return real() }"
    ),
}


@pytest.mark.parametrize("session", BELIEVED.values(), ids=list(BELIEVED))
def test_what_a_caller_chooses_in_place_of_the_session_takes_it_away(session: str) -> None:
    assert judged(session, DATA_SOURCES["only one"])[0] == ["prisma.post.delete"]


def scoped(key: str):
    """What is not shown to be the caller's where a delete is scoped by this."""
    code = f"""
        'use server'
        import {{ auth }} from '../lib/auth'
        import {{ prisma }} from '../lib/prisma'
        export async function remove(id: string, other: string) {{
          const session = await auth()
          if (!session?.user) throw new Error('no')
          const key = {key}
          await prisma.post.deleteMany({{ where: {{ id, ...key }} }})
        }}
    """
    return [u.effect.what for u in run({**STACK, "app/actions.ts": code})["remove"].unowned_effects()]


def test_a_scope_that_a_setting_leaves_out_is_none() -> None:
    mine = "{ authorId: session.user.id }"
    assert scoped(mine) == []
    assert scoped(f"process.env.DEMO ? {{ authorId: 'demo' }} : {mine}") == []
    assert scoped(f"process.env.SCOPED ? {mine} : {{}}") == ["prisma.post.deleteMany"]
    assert scoped(f"process.env.SCOPED ? {mine} : {{ isDraft: true }}") == ["prisma.post.deleteMany"]
    assert scoped(f"process.env.SCOPED ? {mine} : {{ authorId: other }}") == ["prisma.post.deleteMany"]


@pytest.mark.parametrize(
    "gate",
    [
        "if (!process.env.DEMO) { if (session.user.role !== 'admin') throw new Error('no') }",
        "if (!(process.env.DEMO || session.user.role === 'admin')) throw new Error('no')",
        "if (!process.env.DEMO) { const post = await prisma.post.findUnique({ where: { id } });"
        " if (post?.authorId !== session.user.id) throw new Error('no') }",
    ],
    ids=["left out", "one of two", "an owner"],
)
def test_a_right_that_the_deployment_does_not_ask_for_is_asked_of_every_caller_else(gate: str) -> None:
    code = f"""
        'use server'
        import {{ auth }} from '../lib/auth'
        import {{ prisma }} from '../lib/prisma'
        export async function remove(id: string) {{
          const session = process.env.DEMO ? {{ user: {{ id: 'demo', role: 'admin' }} }} : await auth()
          if (!session?.user) throw new Error('no')
          {gate}
          await prisma.post.delete({{ where: {{ id }} }})
        }}
    """
    for text, expected in ((code, []), (code.replace(gate, ""), ["prisma.post.delete"])):
        facts = run({**STACK, "app/actions.ts": text})["remove"]
        assert [u.effect.what for u in facts.unowned_effects()] == expected
