"""What was tested and is read again is what it was: the path knows which of its outcomes it is on."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done

IMPORTS = """
import { auth } from '@clerk/nextjs/server'
import { getIronSession } from 'iron-session'
import { getServerSession } from 'next-auth'
import { cookies } from 'next/headers'
import { prisma } from '@/lib/prisma'
async function sealed() { return getIronSession(await cookies(), { cookieName: 'app', password: 'secret' }) }
"""

READ_AGAIN = {
    "a field of a sealed cookie": (
        "const session = await sealed(); if (!session.userId) return;",
        "session.userId",
    ),
    "in the branch of its test": ("const session = await sealed(); if (session.userId)", "session.userId"),
    "the session, asked for twice": ("if (!(await auth()).userId) return;", "(await auth()).userId"),
    "an optional chain": ("const session = await auth(); if (!session?.userId) return;", "session?.userId"),
    "a chain behind a call": (
        "if (!(await getServerSession())) return;",
        "(await getServerSession())?.userId",
    ),
}


@pytest.mark.parametrize(("test", "read"), READ_AGAIN.values(), ids=READ_AGAIN.keys())
def test_what_was_tested_is_there_when_it_is_read_again(test: str, read: str) -> None:
    found = done(IMPORTS, f"{test} await prisma.post.deleteMany({{ where: {{ authorId: {read} }} }})")
    assert found[-1] == "delete post {authorId: session.userId} -> -"


def test_what_nobody_tested_may_be_absent() -> None:
    found = done(IMPORTS, "await prisma.post.deleteMany({ where: { authorId: (await auth()).userId ?? undefined } })")
    assert found[-1] == "delete post {} -> -"
