"""Deployments that are configured to have no login, and code that only asks for a setting."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.facts import Strength
from tests.analyzers.flow.test_guards import HEAD, LIBRARY, strength_at_delete
from tests.analyzers.running import run

ACT = """
export async function act(id: string) {
  const user = await currentUser()
  if (!user) throw new Error('Sign in')
  await db.post.delete({ where: { id } })
}
"""


@pytest.mark.parametrize(
    "guard",
    [
        """
        const LOCAL = { id: 'local', email: 'admin@localhost' }
        async function currentUser() {
          if (process.env.AUTH_MODE === 'local') return LOCAL
          const session = await auth()
          return session?.user ?? null
        }
        """,
        """
        import { readFileSync } from 'fs'
        const mode = () => JSON.parse(readFileSync('/app/config.json', 'utf-8')).mode
        async function currentUser() {
          if (mode() !== 'local') {
            const session = await auth()
            if (!session) redirect('/login')
            return session.user
          } else {
            return { id: 'local' }
          }
        }
        """,
        """
        const owner = async () => db.user.findFirst({ where: { email: 'owner@localhost' } })
        async function currentUser() {
          if (process.env.SELF_HOSTED === 'true') {
            const user = await owner()
            if (user) return user
            redirect('/setup')
          }
          const session = await auth()
          if (!session?.user) redirect('/login')
          return session.user
        }
        """,
        """
        import { z } from 'zod'
        const schema = z.object({ SELF_HOSTED: z.enum(['true', 'false']).default('true') })
        const env = schema.parse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')))
        const config = { isSelfHosted: env.SELF_HOSTED === 'true' } as const
        async function currentUser() {
          if (config.isSelfHosted) return { id: 'owner' }
          const session = await auth()
          if (!session?.user) redirect('/login')
          return session.user
        }
        """,
        """
        import { z } from 'zod'
        const env = z.object({ SELF_HOSTED: z.string().optional() }).parse(process.env)
        const owner = async () => db.user.findFirst({ where: { email: 'owner@localhost' } })
        async function getSession() {
          if (env.SELF_HOSTED) {
            const user = await owner()
            return user ? { user } : null
          }
          return await auth()
        }
        async function currentUser() {
          if (env.SELF_HOSTED) {
            const user = await owner()
            if (user) return user
            redirect('/setup')
          }
          const session = await getSession()
          if (session && session.user) return session.user
          redirect('/login')
        }
        """,
        """
        async function check() {
          if (process.env.SKIP_AUTH) return
          const session = await auth()
          if (!session) redirect('/login')
        }
        async function currentUser() {
          await check()
          return { id: 'somebody' }
        }
        """,
        """
        const isOn = (value) => value === '1' || value === 'true'
        function isLocal() {
          if (!isOn(typeof window === 'undefined' ? process.env.LOCAL : process.env.NEXT_PUBLIC_LOCAL)) return false
          if (!isOn(process.env.ALLOWED)) throw new Error('Not here')
          return true
        }
        async function currentUser() {
          if (isLocal()) return process.env.LOCAL_USER || 'local'
          const session = await auth()
          if (!session?.user) redirect('/login')
          return session.user.id
        }
        """,
    ],
)
def test_who_a_setting_puts_in_the_sessions_place_is_likely_known(guard: str) -> None:
    assert strength_at_delete(guard + ACT) is Strength.LIKELY


def test_who_stands_in_for_a_session_owns_what_is_theirs() -> None:
    body = """
      async function currentUser() {
        if (process.env.SELF_HOSTED) {
          const user = await db.user.findFirst({ where: { email: 'owner@localhost' } })
          if (user) return user
          redirect('/setup')
        }
        const session = await auth()
        if (!session?.user) redirect('/login')
        return session.user
      }
      export async function act(id) {
        const user = await currentUser()
        await db.post.deleteMany({ where: { id, userId: user.id } })
      }"""
    facts = run({"app/actions.ts": HEAD + body, **LIBRARY})["act"]
    assert list(facts.unowned_effects()) == []


def test_a_setting_that_leaves_nobody_there_weakens_nothing() -> None:
    guard = """
        async function getSession() {
          if (process.env.CI) return null
          return await auth()
        }
        async function currentUser() {
          const session = await getSession()
          return session?.user
        }
    """
    assert strength_at_delete(guard + ACT) is Strength.PROVEN


@pytest.mark.parametrize(
    "guard",
    [
        # Behind the test of a setting everything is as always.
        """
        async function currentUser() {
          if (!process.env.AUTH_SECRET) throw new Error('Set it')
          const session = await auth()
          return session?.user ?? { id: 'guest' }
        }
        """,
        # A setting that guards nobody.
        """
        async function currentUser() {
          if (process.env.MODE === 'demo') return { id: 'demo' }
          return { id: 'visitor' }
        }
        """,
    ],
)
def test_a_setting_proves_nothing_where_it_is_not_all_that_opens(guard: str) -> None:
    assert strength_at_delete(guard + ACT) is None


def test_what_a_setting_has_written_is_no_callers_doing() -> None:
    body = """
      const isLocal = () => {
        if (!process.env.LOCAL) return false
        return true
      }
      const seed = (id) => db.user.upsert({ where: { id }, create: { id, name: 'Local' }, update: { name: 'Local' } })
      export async function act() {
        if (isLocal()) await seed(process.env.LOCAL_USER || 'local')
      }"""
    assert touched(body) == []


def test_what_a_caller_names_is_theirs_in_any_deployment() -> None:
    body = """
      export async function act(id) {
        if (process.env.LOCAL) await db.user.upsert({ where: { id }, create: { id }, update: { name: 'Local' } })
      }"""
    assert touched(body) == ["prisma.user.upsert"]


def touched(body: str) -> list[str]:
    """The effects of `act` on the world."""
    return [e.what for e in run({"app/actions.ts": HEAD + body, **LIBRARY})["act"].touching_effects()]


SETTINGS = {
    "lib/env.ts": """
        export const ENV = process.env.ENVIRONMENT
        export const MOCK = process.env.MOCK === 'true'
        export const config = { auth: { disabled: Boolean(process.env.AUTH_DISABLED) } }
        export const isEnabled = (name: string) => (process.env.FLAGS ?? '').split(',').includes(name)
    """
}
IMPORTED = "import { ENV, MOCK, config, isEnabled } from '../lib/env'\n"
OF_THE_DEPLOYMENT = {
    "settings of another module": "if (ENV === 'dev' && MOCK) return { name: 'dev-' + process.env.ROLE }",
    "a nested setting": "if (config.auth.disabled) return { id: 'somebody' }",
    "a flag in a list": "if (isEnabled('open')) return { id: 'somebody' }",
    "a setting that browsers see as well": "if (process.env.NEXT_PUBLIC_DEMO === 'true') return { id: 'demo' }",
    "what the platform sets": "if (process.env.VERCEL_ENV === 'preview') return { id: 'preview' }",
    "a case of a switch": "switch (process.env.MODE) { case 'mock': return { id: 'mock' } }",
    "a conditional expression": "return MOCK ? { id: 'mock' } : (await auth())?.user",
    "a variable": "let user = null; if (MOCK) { user = { id: 'x' } } else { user = (await auth())?.user }; return user",
}


@pytest.mark.parametrize("code", OF_THE_DEPLOYMENT.values(), ids=list(OF_THE_DEPLOYMENT))
def test_who_is_let_in_by_the_deployment_is_let_in_by_no_caller(code: str) -> None:
    guard = f"async function currentUser() {{ {code}; const session = await auth(); return session?.user ?? null }}"
    assert (strength_at_delete(IMPORTED + guard + ACT, **SETTINGS) or Strength.POSSIBLE) >= Strength.LIKELY


DELETE = "await db.post.delete({ where: { id } })"
IN_THE_ACTION = {
    "the guard is left out": "if (!MOCK) { if (!(await auth())) throw new Error('No') }",
    "one of two": "if (!(MOCK || (await auth()))) throw new Error('No')",
    "neither of two": "const session = await auth(); if (!session && !MOCK) throw new Error('No')",
    "one session or the other": "const who = MOCK ? { id: 'mock' } : await auth(); if (!who) throw new Error('No')",
}


@pytest.mark.parametrize("guard", IN_THE_ACTION.values(), ids=list(IN_THE_ACTION))
def test_a_guard_that_the_deployment_leaves_out_is_left_out_by_no_caller(guard: str) -> None:
    action = f"export async function act(id) {{ {guard}; {DELETE} }}"
    assert strength_at_delete(IMPORTED + action, **SETTINGS) is Strength.LIKELY


OPEN = {
    "a constant": "const OFF = true\n",
    "a constant among others": "const OFF = true || process.env.OFF\n",
    "a constant of an object": "const features = { open: true }\nconst OFF = features.open\n",
}


@pytest.mark.parametrize("constant", OPEN.values(), ids=list(OPEN))
def test_a_check_that_the_program_itself_switches_off_checks_nothing(constant: str) -> None:
    action = f"export async function act(id) {{ if (!OFF) {{ if (!(await auth())) throw new Error('No') }} {DELETE} }}"
    assert strength_at_delete(constant + action) is None


@pytest.mark.parametrize("asked", ["id === 'x'", "(await headers()).get('x-test')"])
def test_what_the_caller_says_is_no_setting(asked: str) -> None:
    action = (
        f"export async function act(id) {{ if (!({asked})) {{ if (!(await auth())) throw new Error('No') }} {DELETE} }}"
    )
    assert strength_at_delete("import { headers } from 'next/headers'\n" + action) is None


def test_a_caller_who_names_themselves_is_let_in_by_no_setting() -> None:
    guard = """
        import { cookies } from 'next/headers'
        import { decodeJwt } from 'jose'
        async function currentUser() {
          if (process.env.TRUST) return decodeJwt((await cookies()).get('token').value)
          const session = await auth()
          return session?.user ?? null
        }
    """
    assert strength_at_delete(guard + ACT) is None


def test_a_cookie_for_which_a_setting_may_stand_in_names_its_caller_likely() -> None:
    guard = """
        import { cookies } from 'next/headers'
        async function claims() {
          if (MOCK) return { email: `dev-${process.env.ROLE}@localhost` }
          const token = (await cookies()).get('session')?.value
          return token ? { email: token } : null
        }
        async function currentUser() {
          const found = await claims()
          return found && db.user.findUnique({ where: { email: found.email } })
        }
    """
    assert (strength_at_delete(IMPORTED + guard + ACT, **SETTINGS) or Strength.POSSIBLE) >= Strength.LIKELY


TEXTS = """
import { headers } from 'next/headers'
import { readFile } from 'fs/promises'
import path from 'path'
async function text(session) {
  const locale = session?.user?.locale ?? (await headers()).get('accept-language')?.split(',')[0] ?? 'en'
  return JSON.parse(await readFile(path.resolve(process.cwd(), 'locales', `${locale}.json`), 'utf8'))
}
"""


def test_a_text_in_the_callers_language_is_read_before_the_caller_is_known() -> None:
    action = """
        export async function act(id) {
          const session = await auth()
          const texts = await text(session)
          if (!session?.user) return { error: texts.unauthorized }
          await db.post.delete({ where: { id } })
        }
    """
    facts = run({"app/actions.ts": HEAD + TEXTS + action, **LIBRARY})["act"]
    assert facts.anonymous_effect() is None
