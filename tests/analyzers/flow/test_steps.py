"""Functions of a list that is written out are called one after another: a guard among them is passed or ends it."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

FILES = {
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
}

HEAD = """
'use server'
import { AsyncLocalStorage } from 'node:async_hooks'
import { auth } from '../auth'
import { prisma } from '../lib/prisma'
async function named(context) { return { name: 'post' } }
async function signedIn(context) { if (!context.session) throw new Error('Sign in'); return context }
function known(context) { if (!context.session) throw new Error('Sign in') }
async function requireRole(role) {
  const session = await auth()
  if (session?.user?.role !== role) throw new Error('Forbidden')
}
"""

WORK = "await prisma.post.delete({ where: { id } })"

BUILDER = """
const storage = new AsyncLocalStorage()
class Action {
  private steps = []
  use(step) { this.steps.push(step); return this }
  guarded(reason) {
    const check = async (context) => { if (!context.session) throw new Error(reason); return context }
    this.steps.push(check)
    return this
  }
  handler(work) {
    const steps = [...this.steps]
    return async (id) => {
      const session = await auth()
      let context = { session, id }
      return storage.run(context, async () => {
        for (const step of steps) context = { ...context, ...(await step(context)) }
        return work(context)
      })
    }
  }
}
"""


def deletes(code: str) -> list[str]:
    """What `act` does to posts, with what held there."""
    code = HEAD + code.replace("WORK", WORK)
    return [line for line in effects(run({**FILES, "app/actions.ts": code})["act"]) if line.startswith("delete")]


def body(code: str) -> str:
    """The code of an action that has asked for the session."""
    return f"export async function act(id, given) {{ const session = await auth(); {code}; WORK }}"


GUARDED = {
    "a loop": body("for (const step of [named, signedIn]) await step({ session })"),
    "a loop over objects": body("for (const { run } of [{ run: named }, { run: signedIn }]) await run({ session })"),
    "a loop over instances": """
        class Named { async check(context) { return context.id } }
        class SignedIn { async check(context) { return signedIn(context) } }
    """
    + body("for (const policy of [new Named(), new SignedIn()]) await policy.check({ session })"),
    "a loop over words": body("for (const role of ['admin', 'editor']) await requireRole(role)"),
    "a context that each makes richer": body(
        "let c = { session }; for (const step of [named, signedIn]) { c = { ...c, ...(await step(c)) } }"
    ),
    "forEach": body("[() => {}, known].forEach((step) => step({ session }))"),
    "all at once": body("await Promise.all([named, signedIn].map((step) => step({ session })))"),
    "reduce": body(
        "await [signedIn, named].reduce((before, step) => before.then((c) => step(c)), Promise.resolve({ session }))"
    ),
    "from the inside out": """
        const wrapped = (next) => async (id) => next(id)
        const checked = (next) => async (id) => { known({ session: await auth() }); return next(id) }
        export const act = [wrapped, checked].reduceRight((next, wrap) => wrap(next), async (id) => { WORK })
    """,
    "rest parameters": """
        const piped = (...steps) => (work) => async (id) => {
          const session = await auth()
          for (const step of steps) await step({ session })
          return work(id)
        }
        export const act = piped(named, signedIn)(async (id) => { WORK })
    """,
    "a builder": BUILDER
    + "export const act = new Action().use(named).guarded('Sign in').handler(async ({ id }) => { WORK })",
}


@pytest.mark.parametrize("code", GUARDED.values(), ids=GUARDED)
def test_a_guard_among_the_steps_is_passed(code: str) -> None:
    (deleted,) = deletes(code)
    assert "Authenticated" in deleted


UNGUARDED = {
    "no guard among them": body("for (const step of [named, named]) await step({ session })"),
    "no guard in a builder": BUILDER + "export const act = new Action().use(named).handler(async ({ id }) => { WORK })",
    "a guard that another action was given": BUILDER
    + "export const other = new Action().guarded('Sign in').handler(async () => {})\n"
    + "export const act = new Action().use(named).handler(async ({ id }) => { WORK })",
    "left before the guard": body("for (const step of [named, signedIn]) { await step({ session }); if (id) break }"),
    "skipped": body("for (const step of [named, signedIn]) { if (given) continue; await step({ session }) }"),
    "nobody waits": body("[named, signedIn].forEach((step) => step({ session }))"),
    "a failure that is swallowed": body(
        "for (const step of [named, signedIn]) { try { await step({ session }) } catch {} }"
    ),
    "as many as come": body("for (const role of given) await requireRole(role)"),
    "added now and then": body(
        "const steps = [named]; if (given) steps.push(signedIn); for (const step of steps) await step({ session })"
    ),
    "what is left of them": body(
        "for (const step of [named, signedIn].filter((s) => given.includes(s.name))) await step({ session })"
    ),
    "the last one alone counts": """
        const wrapped = (next) => async (id) => { WORK }
        const checked = (next) => async (id) => { known({ session: await auth() }); return next(id) }
        export const act = [wrapped, checked].reduceRight((next, wrap) => wrap(next), async (id) => {})
    """,
}


@pytest.mark.parametrize("code", UNGUARDED.values(), ids=UNGUARDED)
def test_what_may_leave_out_the_guard_proves_nothing(code: str) -> None:
    (deleted,) = deletes(code)
    assert "Authenticated" not in deleted


def test_each_step_decides_by_itself() -> None:
    """What one step has found of the caller's choice says nothing of what the next one finds."""
    code = body(
        "const only = (kind) => async () => { const x = given === kind ? await auth() : null; if (x) return; };"
        "for (const step of [only('a'), only('b')]) await step()"
    )
    (deleted,) = deletes(code)
    assert "Authenticated" not in deleted
