"""Two paths on which the same is the caller's, each for a reason of its own."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

STACK = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "db/schema.ts": """
        import { boolean, pgTable, text } from 'drizzle-orm/pg-core'
        export const teams = pgTable('team', { id: text('id') })
        export const members = pgTable('member', {
          teamId: text('team_id'), userId: text('user_id'), role: text('role'),
        })
        export const boards = pgTable('board', {
          id: text('id'), teamId: text('team_id'), isPrivate: boolean('is_private'), title: text('title'),
        })
        export const guests = pgTable('guest', { boardId: text('board_id'), userId: text('user_id') })
    """,
    "db/index.ts": """
        import { drizzle } from 'drizzle-orm/postgres-js'
        import postgres from 'postgres'
        import * as schema from './schema'
        export const db = drizzle(postgres(process.env.DATABASE_URL!), { schema })
    """,
}
CODE = """
    'use server'
    import {{ auth }} from '../lib/auth'
    import {{ db }} from '../db'
    import {{ boards, guests, members }} from '../db/schema'
    import {{ and, eq }} from 'drizzle-orm'
    const inTeam = (teamId: string) => db.select({{ id: boards.id }}).from(boards).where(eq(boards.teamId, teamId))
    const asGuest = (userId: string) =>
      db.select({{ id: guests.boardId }}).from(guests).where(eq(guests.userId, userId))
    async function member(userId: string, teamId: string) {{
      const [found] = await db.select().from(members)
        .where(and(eq(members.teamId, teamId), eq(members.userId, userId))).limit(1)
      return found ?? null
    }}
    async function may(userId: string, teamId: string, boardId: string): Promise<boolean> {{
      const m = await member(userId, teamId)
      {asks}
    }}
    export async function rename(teamId: string, boardId: string, title: string) {{
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      if (!(await may(session.user.id, teamId, boardId))) return {{ error: 'Not found' }}
      await db.update(boards).set({{ title }}).where(eq(boards.id, {changed}))
    }}
"""


def is_reported(asks: str, changed: str = "boardId") -> bool:
    """Whether something says that the board that is changed may be another one's."""
    facts = run({**STACK, "app/actions.ts": CODE.format(asks=asks, changed=changed)})["rename"]
    return any(found.effect.target == "board" for found in facts.unowned_effects())


LISTS = (
    "if (!m) return false\n"
    "if (m.role === 'ADMIN') return (await inTeam(teamId)).map((b) => b.id).includes(boardId)\n"
    "return (await asGuest(userId)).map((g) => g.id).includes(boardId)",
    "if (!m) throw new Error('Not a member')\n"
    "const rows = m.role === 'ADMIN' ? await inTeam(teamId) : await asGuest(userId)\n"
    "return rows.some((row) => row.id === boardId)",
    "if (!m) return false\n"
    "const ids = m.role === 'GUEST' ? (await asGuest(userId)).map((g) => g.id)"
    " : (await inTeam(teamId)).map((b) => b.id)\n"
    "return new Set(ids).has(boardId)",
    "if (!m) return false\n"
    "let ids: string[] = []\n"
    "if (m.role === 'ADMIN') { ids = (await inTeam(teamId)).map((b) => b.id) }"
    " else { ids = (await asGuest(userId)).map((g) => g.id) }\n"
    "return ids.includes(boardId)",
    "if (!m) throw new Error('Not a member')\n"
    "if (m.role === 'GUEST') { const own = await asGuest(userId); return own.map((g) => g.id).includes(boardId) }\n"
    "const all = await inTeam(teamId)\n"
    "return all.map((b) => b.id).includes(boardId)",
)


@pytest.mark.parametrize("asks", LISTS)
def test_what_is_in_the_team_or_was_shared_with_the_caller_is_theirs(asks: str) -> None:
    assert not is_reported(asks)


@pytest.mark.parametrize("asks", LISTS)
def test_only_what_was_asked_for_is(asks: str) -> None:
    assert is_reported(asks, changed="title")


@pytest.mark.parametrize(
    "asks",
    [
        "if (m?.role === 'ADMIN') return true\nreturn (await asGuest(userId)).map((g) => g.id).includes(boardId)",
        "const rows = m ? await inTeam(teamId) : await inTeam(boardId)\nreturn rows.map((b) => b.id).includes(boardId)",
        "return (await inTeam(teamId)).map((b) => b.id).includes(boardId)",
        "const all = await db.select({ id: boards.id }).from(boards)\n"
        "const ids = (m?.role === 'GUEST' ? await asGuest(userId) : all).map((b) => b.id)\n"
        "return ids.includes(boardId)",
        "if (m) return (await inTeam(boardId)).length > 0\n"
        "return (await asGuest(userId)).map((g) => g.id).includes(boardId)",
    ],
)
def test_what_is_theirs_on_one_of_two_paths_is_not(asks: str) -> None:
    """An administrator of any team, a board of a team of which nobody has shown to be part."""
    assert is_reported(asks)


FELLOW = """
    'use server'
    import {{ auth }} from '../lib/auth'
    import {{ db }} from '../db'
    import {{ guests, members }} from '../db/schema'
    import {{ and, eq }} from 'drizzle-orm'
    async function member(userId: string, teamId: string) {{
      const [found] = await db.select().from(members)
        .where(and(eq(members.teamId, teamId), eq(members.userId, userId))).limit(1)
      if (!found) throw new Error('Not a member')
      return found
    }}
    export async function change(teamId: string, boardId: string, userId: string) {{
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      const own = await member(session.user.id, teamId)
      if (own.role !== 'ADMIN') throw new Error('Administrators only')
      const other = await member(userId, teamId)
      {code}
    }}
"""


@pytest.mark.parametrize(
    ("code", "is_anothers"),
    [
        ("await db.delete(guests).where(and(eq(guests.boardId, boardId), eq(guests.userId, userId)))", True),
        (
            "await db.update(guests).set({ boardId: '1' }).where(and(eq(guests.boardId, boardId),"
            " eq(guests.userId, userId)))",
            True,
        ),
        ("await db.delete(guests).where(and(eq(guests.userId, userId), eq(guests.boardId, boardId)))", True),
        ("await db.delete(members).where(and(eq(members.teamId, teamId), eq(members.userId, userId)))", False),
        ("await db.delete(members).where(and(eq(members.teamId, other.teamId), eq(members.userId, userId)))", False),
        ("await db.delete(guests).where(eq(guests.userId, userId))", False),
        ("await db.delete(guests).where(and(eq(guests.boardId, boardId), eq(guests.userId, session.user.id)))", False),
    ],
)
def test_somebody_of_the_team_says_nothing_of_what_else_is_chosen(code: str, is_anothers: bool) -> None:
    facts = run({**STACK, "app/actions.ts": FELLOW.format(code=code)})["change"]
    assert any(found.effect.target in {"guest", "member"} for found in facts.unowned_effects()) is is_anothers
