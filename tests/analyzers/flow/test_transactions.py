"""A check behind a change is in time where both stand in one transaction, which is undone where the check throws."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id String @id
    }
    model Board {
      id     String @id
      name   String
      userId String
      user   User   @relation(fields: [userId], references: [id])
      cards  Card[]
    }
    model Card {
      id      String @id
      boardId String
      board   Board  @relation(fields: [boardId], references: [id])
    }
"""
DRIZZLE = {
    "lib/database.ts": """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import * as schema from './tables'
        export const database = drizzle(process.env.DATABASE_URL!, { schema })
    """,
    "lib/tables.ts": """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const users = pgTable('users', { id: text('id').primaryKey() })
        export const boards = pgTable('boards', {
          id: text('id').primaryKey(),
          userId: text('user_id').notNull().references(() => users.id),
        })
        export const cards = pgTable('cards', {
          id: text('id').primaryKey(),
          boardId: text('board_id').notNull().references(() => boards.id),
        })
    """,
}
IMPORTS = """
import { and, eq } from 'drizzle-orm'
import { database } from '../lib/database'
import { boards, cards } from '../lib/tables'
"""


def unowned(body: str) -> list[str]:
    """The kinds and tables of the effects of `act` on records that it has not shown to be the caller's."""
    action = f"{HEAD}\n{IMPORTS}\nexport async function act(id, name) {{ {SESSION} {body} }}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **DRIZZLE, **LIBRARY}
    return [f"{u.effect.kind} {u.effect.target}" for u in run(files)["act"].unowned_effects()]


IN_TIME = {
    "the change of its parent, which throws where it is not theirs": """
        await db.$transaction(async (tx) => {
          await tx.card.create({ data: { boardId: id } })
          await tx.board.update({ where: { id, userId: user.id }, data: { name } })
        })""",
    "a comparison": """
        await db.$transaction(async (tx) => {
          await tx.card.deleteMany({ where: { boardId: id } })
          const board = await tx.board.findUnique({ where: { id } })
          if (board?.userId !== user.id) throw new Error('Not yours')
        })""",
    "a list of statements": """
        await db.$transaction([
          db.card.deleteMany({ where: { boardId: id } }),
          db.board.delete({ where: { id, userId: user.id } }),
        ])""",
    "within a handler around the transaction": """
        try {
          await db.$transaction(async (tx) => {
            await tx.card.deleteMany({ where: { boardId: id } })
            await tx.board.delete({ where: { id, userId: user.id } })
          })
        } catch (error) {
          return { error: 'Not found' }
        }""",
    "rows that were deleted, in a query that is put together": """
        await database.transaction(async (trx) => {
          await trx.delete(cards).where(eq(cards.boardId, id))
          const gone = await trx.delete(boards).where(and(eq(boards.id, id), eq(boards.userId, user.id))).returning()
          if (!gone.length) throw new Error('Not found')
        })""",
}


@pytest.mark.parametrize("body", IN_TIME.values(), ids=IN_TIME.keys())
def test_a_check_in_the_same_transaction_is_in_time(body: str) -> None:
    assert unowned(body) == []


TOO_LATE = {
    "behind the transaction": (
        """
        await db.$transaction(async (tx) => { await tx.card.deleteMany({ where: { boardId: id } }) })
        const board = await db.board.findUnique({ where: { id } })
        if (board?.userId !== user.id) throw new Error('Not yours')
        await db.board.delete({ where: { id } })""",
        ["delete card"],
    ),
    "the callback returns where it is not theirs": (
        """
        await db.$transaction(async (tx) => {
          await tx.card.deleteMany({ where: { boardId: id } })
          const board = await tx.board.findUnique({ where: { id } })
          if (board?.userId !== user.id) return
          await tx.board.delete({ where: { id } })
        })""",
        ["delete card"],
    ),
    "the refusal is caught in the callback": (
        """
        await db.$transaction(async (tx) => {
          await tx.card.deleteMany({ where: { boardId: id } })
          try {
            await tx.board.delete({ where: { id, userId: user.id } })
          } catch (error) {
            console.error('kept')
          }
        })""",
        ["delete card"],
    ),
    "the change is made by another client": (
        """
        await db.$transaction(async (tx) => {
          await db.card.deleteMany({ where: { boardId: id } })
          await tx.board.delete({ where: { id, userId: user.id } })
        })""",
        ["delete card"],
    ),
    "how many rows were theirs is not asked": (
        """
        await db.$transaction(async (tx) => {
          await tx.card.deleteMany({ where: { boardId: id } })
          await tx.board.deleteMany({ where: { id, userId: user.id } })
        })""",
        ["delete card"],
    ),
    "two statements without a transaction": (
        """
        await Promise.all([
          db.card.deleteMany({ where: { boardId: id } }),
          db.board.delete({ where: { id, userId: user.id } }),
        ])""",
        ["delete card"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), TOO_LATE.values(), ids=TOO_LATE.keys())
def test_a_check_that_undoes_nothing_is_too_late(body: str, expected: list[str]) -> None:
    assert unowned(body) == expected
