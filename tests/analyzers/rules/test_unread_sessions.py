"""Sessions of packages of which nothing is known: who is calling could not be seen, nor could what is theirs."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import STACK, Confidence
from preship.analyzers.rules import identity_from_input, missing_ownership_check
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { redirect } from 'next/navigation'
    import { createAuth, currentUser, guard } from '@acme/auth/next'
    import { auth as known } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    const auth = createAuth({ secret: process.env.AUTH_SECRET })
    async function requireAdmin() {
      const { data: session } = await auth.getSession()
      if (!session) redirect('/login')
      if (session.user.role !== 'admin') redirect('/account')
      return session
    }
"""


def posted(body: str) -> list[str]:
    """The rules about whose a record is that would be a comment on an action with this body."""
    facts = run(
        {"app/actions.ts": f"{HEAD}\n    export async function act(id: string, userId: string) {{ {body} }}", **STACK}
    )
    found = (f for rule in (missing_ownership_check, identity_from_input) for f in rule.check(facts["act"]))
    return [f.rule for f in found if f.confidence is not Confidence.LOW]


@pytest.mark.parametrize(
    "body",
    [
        "const session = await requireAdmin()\n"
        "await prisma.post.deleteMany({ where: { id, adminId: session.user.id } })",
        "const session = await requireAdmin()\n"
        "const post = await prisma.post.findFirst({ where: { id, adminId: session.user.id } })\n"
        "if (!post) return\nawait prisma.post.delete({ where: { id } })",
        "const user = await currentUser()\nif (!user) throw new Error('Not signed in')\n"
        "await prisma.post.updateMany({ where: { id, authorId: user.id }, data: { isOld: true } })",
        "await guard()\nawait prisma.post.delete({ where: { id } })",
        "await requireAdmin()\nawait prisma.customer.create({ data: { userId, name: id } })",
    ],
    ids=["scoped", "looked-up", "user", "guarded", "for-somebody"],
)
def test_whose_a_record_is_may_be_asked_by_who_may_know_the_caller(body: str) -> None:
    assert posted(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "const session = await known()\nif (!session?.user) return\nawait prisma.post.delete({ where: { id } })",
        "const session = await known()\nif (!session?.user) return\n"
        "await prisma.note.create({ data: { userId, text: id } })",
    ],
)
def test_a_session_that_was_seen_says_whose_it_is_not(body: str) -> None:
    assert posted(body) != []
