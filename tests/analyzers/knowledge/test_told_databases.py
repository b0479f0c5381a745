"""Databases that are told who is calling, by a setting that their policies read."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import Client
from tests.analyzers.running import run

POLICIES = """
    CREATE FUNCTION me() RETURNS uuid LANGUAGE sql AS $$ SELECT current_setting('app.user_id', true)::uuid $$;
    CREATE TABLE posts (id uuid, author_id uuid);
    ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON posts USING (author_id = me());
    CREATE TABLE remarks (id uuid, post_id uuid);
    ALTER TABLE remarks ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON remarks USING (post_id IN (SELECT id FROM posts));
    CREATE TABLE prices (id uuid, amount int);
    ALTER TABLE prices ENABLE ROW LEVEL SECURITY;
    CREATE POLICY all_of_us ON prices USING (true);
    CREATE TABLE labels (id uuid, name text);
"""
POSTGRES = "import postgres from 'postgres'\nconst sql = postgres(process.env.DATABASE_URL)\n"
POOL = "import { Pool } from 'pg'\nconst pool = new Pool()\n"
PRISMA = "import { PrismaClient } from '@prisma/client'\nconst prisma = new PrismaClient()\n"
DRIZZLE = """
    import { sql } from 'drizzle-orm'
    import { drizzle } from 'drizzle-orm/node-postgres'
    const db = drizzle(process.env.DATABASE_URL)
"""
KYSELY = """
    import { Kysely, PostgresDialect, sql } from 'kysely'
    const db = new Kysely({ dialect: new PostgresDialect({}) })
"""

TOLD = {
    "postgres.js": (
        POSTGRES,
        "await sql.begin(async (tx) => { await tx`SELECT set_config('app.user_id', ${me}, true)`\n"
        "await tx`DELETE FROM posts WHERE id = ${id}` })",
    ),
    "pg": (
        POOL,
        "const client = await pool.connect()\nawait client.query('BEGIN')\n"
        "await client.query(\"select set_config('app.user_id', $1, true)\", [me])\n"
        "await client.query('DELETE FROM posts WHERE id = $1', [id])",
    ),
    "drizzle-set-local": (
        DRIZZLE,
        "await db.transaction(async (tx) => {\n"
        "await tx.execute(sql`SET LOCAL app.user_id = ${sql.raw(me)}`)\n"
        "await tx.execute(sql`DELETE FROM posts WHERE id = ${id}`) })",
    ),
    "prisma": (
        PRISMA,
        "await prisma.$transaction(async (tx) => {\n"
        "await tx.$executeRaw`SELECT set_config('app.user_id', ${me}, true)`\n"
        "await tx.$executeRaw`DELETE FROM posts WHERE id = ${id}` })",
    ),
    "drizzle": (
        DRIZZLE,
        "await db.transaction(async (tx) => { await tx.execute(sql`SELECT set_config('app.user_id', ${me}, true)`)\n"
        "await tx.execute(sql`DELETE FROM posts WHERE id = ${id}`) })",
    ),
    "kysely": (
        KYSELY,
        "await db.transaction().execute(async (tx) => {\n"
        "await sql`SELECT set_config('app.user_id', ${me}, true)`.execute(tx)\n"
        "await tx.deleteFrom('posts').where('id', '=', id).execute() })",
    ),
}


def clients(store: str, code: str, more: str = "") -> list[Client]:
    """As whom the store is spoken to, one change after the other."""
    action = f"""
        'use server'
        import {{ auth }} from '@clerk/nextjs/server'
        {store}
        export async function remove(id: string, other: string) {{
          const {{ userId: me }} = await auth()
          if (!me) throw new Error('Not signed in')
          {code}
          {more}
        }}
    """
    actions = run({"db/setup.sql": POLICIES, "app/actions.ts": action})
    return [effect.client for effect in actions["remove"].effects if effect.kind.value == "delete"]


@pytest.mark.parametrize(("store", "code"), TOLD.values(), ids=TOLD)
def test_policies_judge_once_the_database_was_told_who_is_calling(store: str, code: str) -> None:
    assert clients(store, code) == [Client.CALLER]


@pytest.mark.parametrize(("store", "code"), TOLD.values(), ids=TOLD)
def test_whom_the_caller_names_tells_the_database_nothing(store: str, code: str) -> None:
    told = code.replace("${me}", "${other}").replace("raw(me)", "raw(other)").replace("[me]", "[other]")
    assert clients(store, told) == [Client.SERVER]


@pytest.mark.parametrize(
    ("table", "client"),
    [
        ("posts", Client.CALLER),
        ("remarks", Client.CALLER),
        ("prices", Client.SERVER),
        ("labels", Client.SERVER),
        ("unheard_of", Client.SERVER),
    ],
)
def test_it_is_the_policies_of_the_table_that_judge(table: str, client: Client) -> None:
    store, code = TOLD["postgres.js"]
    assert clients(store, code.replace("FROM posts", f"FROM {table}")) == [client]


def test_what_happens_before_is_judged_by_nobody() -> None:
    store, code = TOLD["postgres.js"]
    before = "await sql`DELETE FROM posts WHERE id = ${id}`\n"
    assert clients(store, before + code) == [Client.SERVER, Client.CALLER]


@pytest.mark.parametrize("rows", ["profile_of(${me})", "public.profile_of(${me})", "profile_of(trim(${me})) AS p"])
def test_what_a_function_is_handed_chooses_the_rows_that_it_gives(rows: str) -> None:
    store, code = TOLD["postgres.js"]
    looked_up = f"const [row] = await sql`SELECT id FROM {rows}`\n"
    assert clients(store, looked_up + code.replace("${me}", "${row.id}")) == [Client.CALLER]
    named = looked_up.replace("${me}", "${other}").replace("raw(me)", "raw(other)")
    assert clients(store, named + code.replace("${me}", "${row.id}")) == [Client.SERVER]
