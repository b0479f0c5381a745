"""Verdicts are challenged: without the check that they rest on they must change, or nobody can rely on them."""

from __future__ import annotations

from functools import partial

import pytest

from preship.analyzers.analysis import Answer, Challenge, Item, MemoryFiles, Policy, as_declared, scan
from preship.analyzers.challenge import STEPS_OF_A_CHALLENGE, Challenger
from preship.analyzers.codebase import codebase_of
from preship.analyzers.project.project import Parsed

COMMON = {
    "package.json": '{"dependencies": {"next": "16.4.1", "next-auth": "5", "@prisma/client": "6"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/guards.ts": """\
import { auth } from '../auth'
import { prisma } from './prisma'

export async function requireUser() {
  const session = await auth()
  if (!session?.user) throw new Error('Not signed in')
  return session.user
}

export async function requireOwner(id: string) {
  const user = await requireUser()
  const note = await prisma.note.findFirst({ where: { id, authorId: user.id } })
  if (!note) throw new Error('Not found')
}

export const withUser = (run: (user: { id: string }, id: string) => Promise<void>) => async (id: string) => {
  const user = await requireUser()
  await run(user, id)
}
""",
}

HEAD = """\
'use server'
const data = { name: 'x' }
import { auth as clerk } from '@clerk/nextjs/server'
import { auth } from '../auth'
import { prisma } from '../lib/prisma'
import { requireOwner, requireUser, withUser } from '../lib/guards'
"""


def challenged(code: str) -> Challenge:
    found = scan(MemoryFiles({**COMMON, "app/actions.ts": HEAD + code}), Policy(), challenge_steps=STEPS_OF_A_CHALLENGE)
    assert found.challenge is not None
    return found.challenge


@pytest.mark.parametrize(
    ("name", "code", "answers"),
    [
        (
            "a test that throws",
            "const session = await auth()\n  if (!session) throw new Error('no')\n  await prisma.tag.create({ data })",
            1,
        ),
        (
            "a test around all that is done",
            "const session = await auth()\n  if (session?.user) {\n    await prisma.tag.create({ data })\n  }",
            1,
        ),
        ("a helper that throws", "await requireUser()\n  await prisma.tag.create({ data })", 1),
        ("a library that throws", "await clerk.protect()\n  await prisma.tag.create({ data })", 1),
        (
            "two of them, of which each is enough",
            "await requireUser()\n  const session = await auth()\n  if (!session?.user) return\n"
            "  await prisma.tag.create({ data })",
            1,
        ),
        ("an owner's helper", "await requireOwner(id)\n  await prisma.note.delete({ where: { id } })", 2),
    ],
)
def test_an_answer_changes_once_its_check_is_taken_out(name: str, code: str, answers: int) -> None:
    assert challenged(f"export async function act(id: string) {{\n  {code}\n}}\n") == Challenge(answers, (), 0)


@pytest.mark.parametrize(
    ("work", "is_flipped"),
    [
        ("const { user } = session\n  user.roles.includes('chief')", True),
        ("session.user.roles.some((role) => role === 'chief')", True),
        ("const name = session.user.email.toLowerCase()", True),
        ("const names = session.user.teams.map((team) => team.name)", True),
        ("session?.user?.roles.includes('chief')", False),
        ("console.log(session)", False),
    ],
)
def test_what_nobody_gets_past_without_a_session_is_kept_by_a_failure(work: str, *, is_flipped: bool) -> None:
    """No statement refuses in `session.user.id`. Where something is done for nobody, a session was only read."""
    code = f"const session = await auth()\n  if (!session) return\n  {work}\n  await prisma.tag.create({{ data }})\n"
    believer = believing(f"export async function act() {{\n  {code}}}\n")
    assert (believer.flipped, len(believer.outcome().unflipped)) == ((1, 0) if is_flipped else (0, 1))


def believing(code: str) -> Challenger:
    """What comes of the challenge where the judge says the same whatever is taken out."""
    tree = codebase_of(MemoryFiles({**COMMON, "app/actions.ts": HEAD + code}), Parsed())
    [action] = tree.actions("app/actions.ts")
    judged = as_declared(tree, action, Policy())
    believer = Challenger(tree, lambda tree, action: judged, STEPS_OF_A_CHALLENGE)
    believer.challenged(judged)
    return believer


def test_the_check_of_a_wrapper_is_taken_out_there() -> None:
    code = "export const act = withUser(async (user, id) => {\n  await prisma.tag.create({ data })\n})\n"
    assert challenged(code) == Challenge(1, (), 0)


def test_an_answer_that_rests_on_no_statement_is_not_tried_and_counted() -> None:
    code = """
export async function act(id: string) {
  const user = await requireUser()
  await prisma.note.delete({ where: { id, authorId: user.id } })
}
"""
    assert challenged(code) == Challenge(1, (), 1)


def test_what_the_other_side_judges_by_the_callers_own_credentials_is_not_tried() -> None:
    code = """
'use server'
import { createClient } from '../lib/supabase'

export async function rename(name: string) {
  const supabase = await createClient()
  await supabase.auth.updateUser({ data: { name } })
}
"""
    client = """
import { createServerClient } from '@supabase/ssr'
import { cookies } from 'next/headers'

export async function createClient() {
  const jar = await cookies()
  return createServerClient(process.env.URL!, process.env.KEY!, { cookies: { getAll: () => jar.getAll() } })
}
"""
    files = {"app/actions.ts": code.lstrip(), "lib/supabase.ts": client}
    found = scan(MemoryFiles(files), Policy(), challenge_steps=STEPS_OF_A_CHALLENGE)
    assert found.challenge == Challenge(0, (), 2)


def test_an_answer_that_stays_without_its_check_could_not_be_seen() -> None:
    files = {
        **COMMON,
        "app/actions.ts": f"{HEAD}export async function act() {{\n  if (!(await auth())) return\n"
        "  await prisma.tag.create({ data })\n}\n",
    }
    tree = codebase_of(MemoryFiles(files), Parsed())
    [action] = tree.actions("app/actions.ts")
    judged = as_declared(tree, action, Policy())
    believer = Challenger(tree, lambda tree, action: judged, STEPS_OF_A_CHALLENGE)
    entry = believer.challenged(judged).checklist[0]
    assert (entry.item, entry.answer, entry.path, entry.line) == (
        Item.AUTHENTICATION,
        Answer.UNSEEN,
        "app/actions.ts",
        8,
    )
    assert entry.evidence.startswith("stays so without this check, so nobody can rely on it: ")
    assert [(each.path, each.name, each.entry.item) for each in believer.outcome().unflipped] == [
        ("app/actions.ts", "act", Item.AUTHENTICATION)
    ]


def test_what_the_steps_do_not_suffice_for_is_counted_and_stays_as_it_was() -> None:
    files = {
        **COMMON,
        "app/actions.ts": f"{HEAD}export async function act() {{\n  await requireUser()\n"
        "  await prisma.tag.create({ data })\n}\n",
    }
    tree = codebase_of(MemoryFiles(files), Parsed())
    judged = as_declared(tree, tree.actions("app/actions.ts")[0], Policy())
    spent = Challenger(tree, partial(as_declared, policy=Policy()), 0)
    assert spent.challenged(judged) == judged
    assert spent.outcome() == Challenge(0, (), 1)
