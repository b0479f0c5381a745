"""The columns that schemas of every kind give their tables."""

from __future__ import annotations

import pytest

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.schema.reading import ownership_of
from preship.analyzers.schema.tables import Place, Tables


def read(files: dict[str, str]) -> Tables:
    return ownership_of(Project(MemoryFiles(files))).tables


SCHEMAS = {
    "db/schema.prisma": (
        "model Account {\n  id String @id\n  passwordHash String? // bcrypt\n  user User[]\n}\n\nmodel User {\n}"
    ),
    "supabase/migrations/1.sql": (
        'create table if not exists public.accounts (\n  id uuid primary key,\n  "passwordHash" text,\n'
        "  amount numeric(10, 2),\n  constraint one unique (id)\n);"
    ),
    "migrations/2.sql": 'CREATE TABLE account (id uuid);\nALTER TABLE account ADD COLUMN "passwordHash" text;',
    "db/schema.ts": (
        "export const accounts = pgTable('app_accounts', {\n  id: uuid('id').default(sql`gen()`),\n"
        "  // of bcrypt\n  passwordHash: text('password_hash', { length: 60 }),\n}, (t) => ({ i: index('i') }))"
    ),
    "models/account.ts": (
        "import mongoose from 'mongoose'\n"
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
    found = read({path: SCHEMAS[path]}).get("Account")
    assert found is not None
    assert {"id", "passwordHash"} <= set(found.columns)
    assert not {"constraint", "length", "timestamps", "i", "type"} & set(found.columns)
    line = next(i for i, text in enumerate(SCHEMAS[path].splitlines(), 1) if "passwordHash" in text)
    assert found.places["passwordHash"] == Place(path, line)


def test_a_relation_leads_to_the_table_of_its_type_or_of_its_name() -> None:
    schema = """
        model Booking {
          id      String
          guestId String
          guest   User   @relation(fields: [guestId], references: [id])
        }
        model User {
          id       String
          bookings Booking[]
        }
    """
    tables = read({"schema.prisma": schema})
    booking, user = tables.get("bookings"), tables.get("User")
    assert booking is not None
    assert user is not None
    assert (booking.related("guest"), booking.related("room"), user.related("bookings")) == ("User", "room", "Booking")
    assert tables.get("nothing") is None


def test_the_columns_of_a_table_are_those_that_its_schema_and_not_its_migrations_give_it() -> None:
    files = {
        "prisma/schema.prisma": "model User {\n  password String\n}",
        "prisma/migrations/1/migration.sql": 'CREATE TABLE "User" (\n"password" TEXT,\n"old" TEXT\n);',
    }
    found = read(files).get("user")
    assert found is not None
    assert found.places == {"password": Place("prisma/schema.prisma", 2)}


def test_migrations_drop_and_rename_columns() -> None:
    files = {
        "db/1.sql": "create table if not exists notes (id uuid, title text, old text, owner uuid not null);",
        "db/2.sql": "alter table notes drop column if exists old, add column if not exists tag text;\n"
        "alter table notes rename column title to name; create table if not exists notes (id uuid, more text);",
    }
    found = read(files).get("notes")
    assert found is not None
    assert (found.columns, found.required) == (("id", "name", "owner", "tag", "more"), {"owner"})
