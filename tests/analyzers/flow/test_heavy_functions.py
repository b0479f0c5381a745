"""Functions that one action calls very often: executed until they show nothing new, guards and effects always."""

from __future__ import annotations

import pytest

from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from tests.analyzers.running import effects, run

HEAD = """
'use server'
import { PrismaClient } from '@prisma/client'
import NextAuth from 'next-auth'
const { auth } = NextAuth({})
const prisma = new PrismaClient()
"""

REDACTION = """
const SECRET = /token|password/
function redacted(value, depth = 0) {
  if (depth > 4) return '…'
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1))
  if (typeof value === 'object' && value) {
    const out = {}
    for (const [name, each] of Object.entries(value)) out[name] = SECRET.test(name) ? '***' : redacted(each, depth + 1)
    return out
  }
  return typeof value === 'string' ? value.slice(0, 100) : value
}
function logger(scope) {
  const line = (level, text, ...rest) => {
    const parts = rest.map((each) => (each instanceof Error ? each.message : JSON.stringify(redacted(each))))
    return `${level} [${scope}] ${text} ${parts.join(' ')}`
  }
  return {
    info: (text, ...rest) => console.log(line('info', text, ...rest)),
    with: (name) => logger(`${scope}/${name}`),
  }
}
"""

CALLS = 120


def many(call: str) -> str:
    """A statement for each of many values."""
    return "\n".join(call.replace("N", str(number)) for number in range(CALLS))


def steps_of(code: str) -> int:
    """How many steps the one action takes."""
    tree = codebase_of(MemoryFiles({"app/actions.ts": HEAD + code}), Parsed())
    with deep_recursion():
        tree.executed(tree.actions("app/actions.ts")[0])
    return tree.interpreter.spent


def deletes(code: str) -> list[str]:
    """What `act` deletes, with what held there."""
    return [line for line in effects(run(HEAD + code)["act"]) if line.startswith("delete")]


LOGGED = REDACTION + (
    "export async function act(form) {\n"
    "  const log = logger('posts')\n"
    "  if (!(await auth())) throw new Error('Sign in')\n"
    + many("  log.info('step N', { nameN: form.aN, more: [{ tokenN: form.bN, deep: { xN: form.cN } }] })")
    + "\n  await prisma.post.delete({ where: { id: form.id } })\n}\n"
)


def test_what_only_computes_costs_little_however_often_it_is_called() -> None:
    assert steps_of(LOGGED) < 12_000


def test_what_stands_behind_many_calls_is_seen_with_its_guard() -> None:
    (deleted,) = deletes(LOGGED)
    assert "Authenticated" in deleted


NEVER_SPARED = {
    "a guard by argument": (
        "async function allowed(kind) {\n"
        "  const session = await auth()\n"
        "  if (session?.user?.role !== kind) throw new Error('Forbidden')\n"
        "}\n"
        "export async function act(form) {\n"
        + many("  if (form.isN) { await allowed('roleN') } ")
        + "\n  await allowed('admin')\n  await prisma.post.delete({ where: { id: form.id } })\n}\n"
    ),
    "a predicate": (
        "function known(session, part) { const parts = [part, part]; return session !== null && parts.length > 0 }\n"
        "export async function act(form) {\n  const session = await auth()\n"
        + many("  console.log(known(session, { N: form.xN, deep: [form.yN, { zN: form.zN }] }))")
        + "\n  if (!known(session, form.last)) return\n  await prisma.post.delete({ where: { id: form.id } })\n}\n"
    ),
    "a variable that is set": (
        "export async function act(form) {\n"
        "  let session = null\n"
        "  const seen = []\n"
        "  const note = async (part, last) => { seen.push(part); if (last) session = await auth() }\n"
        + many("  await note({ N: form.xN, deep: [form.yN, { zN: form.zN }] }, false)")
        + "\n  await note(form, true)\n  if (!session) throw new Error('Sign in')\n"
        "  await prisma.post.delete({ where: { id: form.id } })\n}\n"
    ),
}


@pytest.mark.parametrize("code", NEVER_SPARED.values(), ids=NEVER_SPARED)
def test_what_decides_something_is_executed_each_time(code: str) -> None:
    (deleted,) = deletes(code)
    assert "Authenticated" in deleted


def test_an_effect_that_one_call_of_many_has_is_seen() -> None:
    code = (
        REDACTION + "async function save(part, kind) {\n  const parts = [redacted(part), redacted([part, [part]])]\n"
        "  if (kind === 'last') await prisma.post.delete({ where: { id: part } })\n  return parts\n}\n"
        "export async function act(form) {\n"
        + many("  await save({ N: form.xN, deep: [form.yN, { zN: form.zN }] }, 'kindN')")
        + "\n  await save(form.id, 'last')\n}\n"
    )
    (deleted,) = deletes(code)
    assert deleted.startswith("delete post")
