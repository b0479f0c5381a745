"""Rows of joined tables that reach an anonymous caller."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

HEAD = """
    'use server'
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { eq } from 'drizzle-orm'
    import { pgTable, text, integer } from 'drizzle-orm/pg-core'
    import postgres from 'postgres'
    const sql = postgres(process.env.DB)
    const db = drizzle(process.env.DB)
    const users = pgTable('users', { id: integer('id'), email: text('email'), name: text('name') })
    const shares = pgTable('shares', { boardId: integer('board_id'), userId: integer('user_id') })
    const joined = () => db.select({ email: users.email, name: users.name }).from(shares)
"""


def read(body: str) -> str | None:
    """What an anonymous caller reads by an action with this body."""
    found = run(f"{HEAD}\n    export async function act(id: string) {{ {body} }}")["act"].anonymous_effect()
    return found.effect.target if found is not None else None


@pytest.mark.parametrize(
    "body",
    [
        "return joined().innerJoin(users, eq(users.id, shares.userId)).where(eq(shares.boardId, id))",
        "const rows = await db.select().from(shares).leftJoin(users, eq(users.id, shares.userId));"
        " return rows.map((row) => row.users?.email)",
        "const rows = await joined().innerJoin(users, eq(users.id, shares.userId)).where(eq(shares.boardId, id));"
        " return { ok: true, people: rows.map((row) => row.name) }",
        "return sql`select u.email from shares s join users u on u.id = s.user_id where s.board_id = ${id}`",
    ],
)
def test_what_comes_along_from_a_joined_table_is_handed_out_as_well(body: str) -> None:
    assert read(body) == "shares"


def test_what_another_statement_has_read_is_no_part_of_a_join() -> None:
    body = """
      const rows = await db.select().from(shares).where(eq(shares.boardId, id))
      const people = await db.select({ name: users.name }).from(users)
      return rows.length ? people : []
    """
    assert read(body) == "users"
