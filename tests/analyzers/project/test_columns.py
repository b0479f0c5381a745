"""The columns that schemas of every kind give their tables."""

from __future__ import annotations

import pytest

from analyzers.project.columns import Columns
from analyzers.project.memory import MemoryFiles
from analyzers.project.project import Project


def columns(path: str, text: str) -> Columns:
    return Project(MemoryFiles({path: text})).columns


SCHEMAS = {
    "db/schema.prisma": (
        "model Account {\n  id String @id\n  passwordHash String? // bcrypt\n  user User[]\n}\n\nmodel User {\n}"
    ),
    "supabase/migrations/1.sql": (
        'create table if not exists public.accounts (\n  id uuid primary key,\n  "passwordHash" text,\n'
        "  amount numeric(10, 2),\n  constraint one unique (id)\n);"
    ),
    "migrations/2.sql": "CREATE TABLE account (id uuid);\nALTER TABLE account ADD COLUMN passwordHash text;",
    "db/schema.ts": (
        "export const accounts = pgTable('app_accounts', {\n  id: uuid('id').default(sql`gen()`),\n"
        "  // of bcrypt\n  passwordHash: text('password_hash', { length: 60 }),\n}, (t) => ({ i: index('i') }))"
    ),
    "models/account.ts": (
        "const accountSchema = new mongoose.Schema<Account>({\n  id: { type: String, required: true },\n"
        "  passwordHash: String,\n}, { timestamps: true })"
    ),
    "convex/schema.ts": (
        "export default defineSchema({\n  accounts: defineTable({\n    id: v.string(),\n"
        "    passwordHash: v.optional(v.string()),\n  }).index('by', ['id']),\n})"
    ),
}


@pytest.mark.parametrize("path", SCHEMAS)
def test_a_column_is_found_with_its_place_whatever_the_schema_is_written_in(path: str) -> None:
    found = columns(path, SCHEMAS[path]).of("Account")
    assert found is not None
    assert {"id", "passwordHash"} <= set(found)
    assert not {"constraint", "length", "timestamps", "i", "type"} & set(found)
    line = next(i for i, text in enumerate(SCHEMAS[path].splitlines(), 1) if "passwordHash" in text)
    assert (found["passwordHash"].path, found["passwordHash"].line) == (path, line)


def test_a_relation_leads_to_the_table_of_its_type_or_of_its_name() -> None:
    schema = "model Booking {\n id String\n guest User @relation(fields: [id])\n}\nmodel User {\n id String\n}"
    found = columns("schema.prisma", schema)
    assert (found.related("booking", "guest"), found.related("orders", "user")) == ("User", "user")
    assert found.of("nothing") is None


def test_a_schema_that_people_write_says_where_a_column_is_and_not_the_migrations_made_of_it() -> None:
    files = {
        "prisma/schema.prisma": "model User {\n  password String\n}",
        "prisma/migrations/1/migration.sql": 'CREATE TABLE "User" (\n"password" TEXT,\n"old" TEXT\n);',
    }
    found = Project(MemoryFiles(files)).columns.of("user")
    assert found is not None
    assert {name: column.path for name, column in found.items()} == {
        "password": "prisma/schema.prisma",
        "old": "prisma/migrations/1/migration.sql",
    }
