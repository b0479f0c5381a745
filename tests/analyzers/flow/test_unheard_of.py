"""Functions of packages of which nothing is known: told nothing but the request, they may refuse by throwing."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.results import JudgedAction
from tests.analyzers.running import files_of

HEAD = """
    'use server'
    import * as acme from '@acme/auth'
    import auth, { currentUser, requireUser } from '@acme/auth'
    import { Database } from '@acme/database'
    import { headers } from 'next/headers'
    import { setTimeout } from 'node:timers/promises'
    import { PrismaClient } from '@prisma/client'
    const prisma = new PrismaClient()
    const database = new Database()
    const guard = async () => { const user = await currentUser(); return user }
    export async function remove(id: string) {
"""


def judged(body: str) -> JudgedAction:
    """The action with this body and a deletion behind it."""
    code = f"{HEAD}{body}\n      await prisma.post.delete({{ where: {{ id }} }})\n    }}"
    (action,) = scan(MemoryFiles(files_of(code)), Policy()).actions
    return action


def said(body: str) -> list[str]:
    """What is reported of who is calling."""
    return [f.message for f in judged(body).findings if f.rule == "missing-authentication"]


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ("await requireUser()", "requireUser()"),
        ("const user = await acme.user()", "user()"),
        ("await auth.protect({ role: 'admin' })", "protect()"),
        ("await acme.check(await headers())", "check()"),
        ("await guard()", "currentUser()"),
        ("const [user, tags] = await Promise.all([requireUser(), prisma.tag.findMany()])", "requireUser()"),
    ],
)
def test_what_may_have_refused_leaves_open_who_is_calling(body: str, call: str) -> None:
    assert said(body) == []
    assert f"perhaps by {call} of @acme/auth" in [
        entry.evidence for entry in judged(body).checklist if str(entry.answer) == "unseen"
    ]


OPEN = "`remove` deletes from `post` (`prisma.post.delete`), and nothing on the way asks who is calling"


@pytest.mark.parametrize(
    "body",
    [
        "requireUser()",
        "try { await requireUser() } catch {}",
        "if (id) await requireUser()",
        "await setTimeout(100)",
        "await prisma.$connect()",
        "await database.connect()",
        "setImmediate(async () => { await requireUser() })",
    ],
)
def test_what_refuses_nobody_leaves_nothing_open(body: str) -> None:
    assert said(body) == [f"{OPEN}."]


@pytest.mark.parametrize("body", ["await acme.may('delete', id)", "await acme.may({ id }); await acme.log(id)"])
def test_what_is_handed_what_the_caller_sends_is_named_in_the_finding(body: str) -> None:
    assert said(body) == [f"{OPEN}, unless `may()` of `@acme/auth` does, of which nothing is known."]


def test_what_comes_behind_is_no_doubt() -> None:
    code = f"{HEAD} await prisma.post.delete({{ where: {{ id }} }}); await acme.log(id) }}"
    (action,) = scan(MemoryFiles(files_of(code)), Policy()).actions
    assert [f.message for f in action.findings if f.rule == "missing-authentication"] == [f"{OPEN}."]
