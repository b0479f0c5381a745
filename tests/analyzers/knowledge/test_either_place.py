"""What lies between two people, either of whom may stand in either place: the caller is one of them."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

FILES = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "lib/kysely.ts": "import { Kysely } from 'kysely'\nexport const kysely = new Kysely({})\n",
    "lib/drizzle.ts": """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const friends = pgTable('friends', { id: text('id'), one: text('one'), two: text('two') })
        export const drizzled = drizzle(process.env.DATABASE_URL)
    """,
    "lib/friend.ts": """
        import mongoose from 'mongoose'
        export const Friend = mongoose.model('Friend', new mongoose.Schema({ one: String, two: String }))
    """,
}
HEAD = """
    'use server'
    import { and, eq, or } from 'drizzle-orm'
    import { auth } from '../lib/auth'
    import { drizzled, friends } from '../lib/drizzle'
    import { Friend } from '../lib/friend'
    import { kysely } from '../lib/kysely'
    import { prisma } from '../lib/prisma'
    export async function act(id, other) {
      const session = await auth()
      if (!session?.user?.id) throw new Error('no')
      const me = session.user.id
"""


def unowned(body: str) -> list[str]:
    """The effects on records that the action has not shown to be the caller's."""
    found = run({"app/actions.ts": f"{HEAD}{body}\n}}", **FILES})["act"]
    return [each.effect.what for each in found.unowned_effects()]


EITHER = "OR: [{ one: me, two: id }, { one: id, two: me }]"
OWNED = {
    "prisma": f"await prisma.friend.deleteMany({{ where: {{ {EITHER} }} }})",
    "prisma, beside another condition": f"await prisma.friend.deleteMany({{ where: {{ on: true, {EITHER} }} }})",
    "prisma, with both in a list": (
        "await prisma.friend.deleteMany({ where: { OR: [{ AND: [{ one: me }, { two: id }] }, { one: id, two: me }] } })"
    ),
    "prisma, found before": f"""
        const friend = await prisma.friend.findFirst({{ where: {{ {EITHER} }} }})
        if (!friend) return
        await prisma.friend.delete({{ where: {{ id: friend.id }} }})""",
    "drizzle": """
        const either = or(and(eq(friends.one, me), eq(friends.two, id)), and(eq(friends.one, id), eq(friends.two, me)))
        await drizzled.delete(friends).where(either)""",
    "kysely": """
        await kysely.deleteFrom('friends').where(({ and, eb, or }) => or([
          and([eb('one', '=', me), eb('two', '=', id)]), and([eb('two', '=', me), eb('one', '=', id)]),
        ])).execute()""",
    "mongoose": "await Friend.deleteMany({ $or: [{ one: me, two: id }, { one: id, two: me }] })",
}


@pytest.mark.parametrize("body", OWNED.values(), ids=OWNED.keys())
def test_what_lies_between_the_caller_and_somebody_is_the_callers(body: str) -> None:
    assert unowned(body) == []


@pytest.mark.parametrize(
    "where",
    [
        "OR: [{ one: me, two: id }, { one: id, two: other }]",
        "OR: [{ one: me, two: id }, { one: id }]",
        "OR: [{ one: me }, { two: id }]",
        "OR: [{ one: id, two: other }, { one: other, two: id }]",
    ],
    ids=["somebody else in one of them", "anybody in one of them", "one or the other", "two others"],
)
def test_what_may_lie_between_others_is_not(where: str) -> None:
    assert unowned(f"await prisma.friend.deleteMany({{ where: {{ {where} }} }})") == ["prisma.friend.deleteMany"]


def test_no_condition_at_all_is_nobodys() -> None:
    assert unowned("await prisma.friend.deleteMany({ where: { two: id, OR: [] } })") == ["prisma.friend.deleteMany"]
