"""Changes of every row of a table: nobody chooses one, and so all those are changed that are somebody else's."""

from __future__ import annotations

import pytest

from preship.analyzers.rules import missing_ownership_check
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

PRISMA = """
    model User {
      id    String @id
      email String
      notes Note[]
    }
    model Note {
      id       String @id
      text     String
      views    Int
      authorId String
      author   User   @relation(fields: [authorId], references: [id])
    }
    model Country {
      id   String @id
      name String
    }
"""
TABLES = """
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
    export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') })
    export const pages = pgTable('pages', {
      id: text('id').primaryKey(),
      title: text('title'),
      endsAt: timestamp('ends_at'),
      authorId: text('author_id').notNull().references(() => users.id),
    })
    export const colors = pgTable('colors', { id: text('id').primaryKey(), name: text('name') })
    export const store = drizzle(process.env.DATABASE_URL)
"""


def unowned(body: str) -> list[str]:
    """What `act` does to rows that are not shown to be the caller's."""
    head = (
        f"{HEAD}\nimport {{ eq, lt, sql }} from 'drizzle-orm'\nimport {{ store, pages, colors }} from '../lib/tables'"
    )
    action = f"{head}\nexport async function act(id, text) {{ {SESSION} {body} }}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": PRISMA, "lib/tables.ts": TABLES, **LIBRARY}
    return [found.effect.what for found in run(files)["act"].unowned_effects()]


ALL = {
    "no condition": "await db.note.deleteMany()",
    "an empty condition": "await db.note.updateMany({ where: {}, data: { text } })",
    "nothing but what is written": "await db.note.updateMany({ data: { text } })",
    "no condition of a builder": "await store.delete(pages)",
    "a column that equals itself": "await store.update(pages).set({ title: text }).where(eq(pages.id, pages.id))",
    "text that is always true": "await store.delete(pages).where(sql`1 = 1`)",
    "a condition that is left out": "await store.update(pages).set({ title: text }).where(undefined)",
    "all people": "await db.user.updateMany({ data: { email: text } })",
}


@pytest.mark.parametrize("body", ALL.values(), ids=ALL.keys())
def test_whoever_changes_all_rows_changes_those_of_others(body: str) -> None:
    assert len(unowned(body)) == 1


SOME = {
    "the caller's own": "await db.note.deleteMany({ where: { authorId: user.id } })",
    "the caller's own, of a builder": "await store.delete(pages).where(eq(pages.authorId, user.id))",
    "those that have ended": "await store.delete(pages).where(lt(pages.endsAt, new Date()))",
    "those of a kind": "await db.note.deleteMany({ where: { text: 'draft' } })",
    "what nobody owns": "await db.country.deleteMany()",
    "what nobody owns, of a builder": "await store.delete(colors)",
    "for a role": "if (user.role !== 'ADMIN') return\nawait db.note.deleteMany()",
    "whatever could not be followed": "await db.note.deleteMany(chosen(user))",
}


@pytest.mark.parametrize("body", SOME.values(), ids=SOME.keys())
def test_what_is_chosen_or_nobodys_or_for_a_role_is_not_everybodys(body: str) -> None:
    assert unowned(body) == []


def test_it_says_that_no_row_is_left_out() -> None:
    action = f"{HEAD}\nexport async function act() {{ {SESSION} await db.note.deleteMany() }}"
    facts = run({"app/actions.ts": action, "prisma/schema.prisma": PRISMA, **LIBRARY})["act"]
    assert [finding.message for finding in missing_ownership_check.RULE.check(facts)] == [
        "`act` deletes from `note` (`prisma.note.deleteMany`), and no condition leaves any row out. Any signed-in user "
        "does this to what belongs to all others."
    ]
