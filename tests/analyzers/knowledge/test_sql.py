"""SQL as text: which verb, which table, what chooses the rows; and the drivers that send it."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen
from tests.analyzers.running import effects

POSTGRES = """
    import postgres from 'postgres'
    const sql = postgres(process.env.DATABASE_URL!)
"""


@pytest.mark.parametrize(
    ("statement", "effect"),
    [
        ("SELECT * FROM posts WHERE id = ${id}", "read posts (id: id)"),
        ("select p.* from app.posts p where p.id = ${id} and p.author_id = ${user.id}",
         "read posts (id: id, author_id: session)"),
        ("SELECT * FROM posts WHERE title ILIKE ${input.q} OR id = ${id}", "read posts (id: id)"),
        ("SELECT * FROM posts WHERE id = ${id} OR author_id = ${user.id}", "read posts (id: id)"),
        ("SELECT * FROM posts WHERE (author_id = ${user.id} OR editor_id = ${user.id}) AND id = ${id}",
         "read posts (author_id: session, editor_id: session, id: id)"),
        ("SELECT * FROM posts WHERE id = ANY(${input.ids}) AND author_id <> ${user.id}", "read posts (id: input.ids)"),
        ("SELECT * FROM posts WHERE id IN (${input.a}, ${input.b}) AND NOT (author_id = ${user.id})",
         "read posts (id: input.a+input.b)"),
        ("SELECT * FROM posts WHERE at BETWEEN ${input.a} AND ${input.b} AND id = ${id} LIMIT 3",
         "read posts (id: id)"),
        ("SELECT * FROM posts WHERE id = ${id} AND EXISTS (SELECT 1 FROM members m WHERE m.user_id = ${user.id})",
         "read posts (id: id, user_id: session)"),
        ("SELECT t.* FROM teams t JOIN members m ON m.team_id = t.id AND m.user_id = ${user.id} WHERE t.id = ${id}",
         "read teams (user_id: session, id: id)"),
        ("SELECT t.* FROM teams t LEFT JOIN members m ON m.user_id = ${user.id} WHERE t.id = ${id}",
         "read teams (id: id)"),
        ("SELECT (SELECT count(*) FROM likes WHERE user_id = ${user.id}) FROM posts WHERE id = ${id}",
         "read posts (id: id)"),
        ("WITH mine AS (SELECT id FROM posts WHERE author_id = ${user.id}) DELETE FROM posts WHERE id = ${id}",
         "delete posts (author_id: session, id: id)"),
        ("INSERT INTO posts (title, author_id) VALUES (${input.title}, ${user.id}) RETURNING id",
         "insert posts <- title: input.title, author_id: session"),
        ("INSERT INTO likes (post_id, user_id) VALUES (${id}, ${user.id}) ON CONFLICT (user_id)"
         " DO UPDATE SET post_id = ${id}",
         "write likes (user_id: session) <- post_id: id, user_id: session"),
        ("INSERT INTO likes (post_id) VALUES (${id}) ON CONFLICT DO NOTHING", "insert likes <- post_id: id"),
        ('UPDATE "posts" SET title = ${input.title}, body = upper(${input.body}) WHERE id = ${id}'
         " -- and author_id = ${user.id}",
         "write posts (id: id) <- title: input.title, body: input.body"),
        ("DELETE FROM posts WHERE id = ${id}", "delete posts (id: id)"),
        ("TRUNCATE TABLE posts", "delete posts"),
        ("CALL archive(${id})", "sql the database"),
        ("SELECT * FROM people WHERE sub = auth.user_id()", "read people (sub: session)"),
        ("SELECT * FROM notes WHERE id = ${id} AND owner = (select auth.uid())", "read notes (id: id, owner: session)"),
        ("DELETE FROM notes WHERE owner = auth.uid()::text AND id = ${id}", "delete notes (owner: session, id: id)"),
        ("SELECT * FROM notes WHERE id = ${id} AND owner <> auth.uid()", "read notes (id: id)"),
        ("SELECT * FROM notes WHERE id = ${id} OR owner = auth.uid()", "read notes (id: id)"),
        ("INSERT INTO notes (body, owner) VALUES (${input.body}, auth.uid())",
         "insert notes <- body: input.body, owner: session"),
    ],
)  # fmt: skip
def test_a_statement_is_read_as_the_database_would(statement: str, effect: str) -> None:
    facts = reading.action(POSTGRES, f"const user = await me(); await sql`{statement}`")
    assert seen(facts) == [effect]


@pytest.mark.parametrize(
    "statement",
    [
        "BEGIN",
        "begin;",
        " START TRANSACTION READ ONLY ",
        "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SAVEPOINT before_lines",
        "ROLLBACK TO SAVEPOINT before_lines",
        "RELEASE before_lines",
        "COMMIT AND NO CHAIN",
        "ROLLBACK;",
    ],
)
def test_what_bounds_a_transaction_touches_no_rows(statement: str) -> None:
    pool = "import { Pool } from 'pg'; const pool = new Pool()"
    body = "const client = await pool.connect(); await client.query(`%s`); await client.query('DELETE FROM posts')"
    assert seen(reading.action(pool, body % statement)) == ["delete posts"]
    assert seen(reading.action(POSTGRES, f"await sql`{statement}`")) == []


@pytest.mark.parametrize(
    "statement", ["BEGIN ${sql.unsafe(input.rest)}", "END_OF_YEAR", "START archive", "SET role admin"]
)
def test_what_only_begins_like_one_may_touch_any(statement: str) -> None:
    (effect,) = seen(reading.action(POSTGRES, f"await sql`{statement}`"))
    assert effect.startswith("sql the database")


MYSQL = """
    import mysql from 'mysql2/promise'
    const db = mysql.createPool(process.env.DATABASE_URL!)
"""


@pytest.mark.parametrize(
    ("statement", "values", "effect"),
    [
        ("DELETE FROM posts -- later?\n WHERE author_id = ? AND id = ?", "[user.id, id]",
         "delete posts (author_id: session, id: id)"),
        ("DELETE FROM posts /* why? */ WHERE id = ?", "[id, user.id]", "delete posts (id: id)"),
        ("DELETE FROM posts # or archive?\n WHERE id = ?", "[id]", "delete posts (id: id)"),
        ('UPDATE posts SET note = "why?", title = ? WHERE id = ?', "[input.title, id]",
         "write posts (id: id) <- title: input.title"),
        ("UPDATE posts SET note = 'it''s ?' WHERE id = ?", "[id]", "write posts (id: id)"),
        ("UPDATE posts SET note = E'it\\\\'s ?' WHERE id = ?", "[id]", "write posts (id: id)"),
        ("UPDATE posts SET note = $$why?$$, other = $x$ $1 $x$ WHERE id = $1", "[id]", "write posts (id: id)"),
        ("DELETE FROM `what?` WHERE id = ?", "[id]", "delete what? (id: id)"),
        ("DELETE FROM posts WHERE tags ? 'a' AND author_id = $2 AND id = $1", "[id, user.id]",
         "delete posts (author_id: session, id: id)"),
        ("DELETE FROM posts WHERE tags ?| array['a'] AND id = $1", "[id]", "delete posts (id: id)"),
        ("DELETE FROM posts WHERE id = ?2 AND author_id = ?1", "[user.id, id]",
         "delete posts (id: id, author_id: session)"),
        ("DELETE FROM ?? WHERE ?? = ?", "['posts', 'id', id]", "delete posts (id: id)"),
        ("UPDATE posts SET place = (@rank := @rank + 1), zone = @@time_zone WHERE id = ?", "[id]",
         "write posts (id: id)"),
        ("DELETE FROM posts WHERE id = :id /* :author */ AND author_id = :author", "{ id, author: user.id }",
         "delete posts (id: id, author_id: session)"),
        ("DELETE FROM posts WHERE at < '12:30' AND kind = 'a:b'::kind AND id = ?", "[id]", "delete posts (id: id)"),
    ],
)  # fmt: skip
def test_what_looks_like_a_parameter_in_comments_and_quotes_is_none(statement: str, values: str, effect: str) -> None:
    text = statement.replace("`", "\\`").replace("${", "\\${")
    facts = reading.action(MYSQL, f"const user = await me(); await db.query(`{text}`, {values})")
    assert seen(facts) == [effect]


def test_postgres_sends_what_is_awaited() -> None:
    def does(body: str) -> list[str]:
        return seen(reading.action(POSTGRES, body))

    assert does("sql`DELETE FROM posts`") == []
    assert does("return sql`SELECT * FROM posts`.then((rows) => rows[0])") == ["read posts"]
    assert does("const mine = sql`author_id = ${id}`; await sql`DELETE FROM posts WHERE ${mine}`") == [
        "delete posts (author_id: id)"
    ]
    assert does("await sql`UPDATE posts SET ${sql(input, 'title')} WHERE id = ${id}`") == [
        "write posts (id: id) <- 1: input"
    ]
    assert does("await sql.begin(async (tx) => { await tx`DELETE FROM posts WHERE id = ${id}` })") == [
        "delete posts (id: id)"
    ]
    assert does("await sql.unsafe(`SELECT * FROM posts ORDER BY ${input.sort}`)") == ["sql the database <- input.sort"]
    assert does("await sql.unsafe('DELETE FROM posts WHERE id = $1', [id])") == ["delete posts (id: id)"]


@pytest.mark.parametrize(
    ("head", "call"),
    [
        ("import { sql } from '@vercel/postgres'", "(await sql`SELECT * FROM users WHERE id = ${id}`).rows[0]"),
        ("import { neon } from '@neondatabase/serverless'; const sql = neon('')",
         "(await sql`SELECT * FROM users WHERE id = ${id}`)[0]"),
        ("import { neon } from '@neondatabase/serverless'; const sql = neon('')",
         "(await sql.query('SELECT * FROM users WHERE id = $1', [id]))[0]"),
        ("import { Pool } from 'pg'; const pool = new Pool()",
         "(await pool.query('SELECT * FROM users WHERE id = $1', [id])).rows[0]"),
        ("import pg from 'pg'; const pool = new pg.Pool()",
         "(await (await pool.connect()).query({ text: 'SELECT * FROM users WHERE id = $1', values: [id] })).rows[0]"),
        ("import mysql from 'mysql2/promise'; const pool = mysql.createPool('')",
         "(await pool.execute('SELECT * FROM users WHERE id = ?', [id]))[0][0]"),
        ("import { createClient } from '@libsql/client'; const db = createClient({ url: '' })",
         "(await db.execute({ sql: 'SELECT * FROM users WHERE id = :id', args: { id } })).rows[0]"),
        ("import Database from 'better-sqlite3'; const db = new Database('a')",
         "db.prepare('SELECT * FROM users WHERE id = ?').get(id)"),
    ],
)  # fmt: skip
def test_each_driver_hands_its_rows_over_in_its_own_way(head: str, call: str) -> None:
    facts = reading.action(head, f"return {call}")
    assert seen(facts) == ["read users (id: id)"]
    assert returned(facts) == ["users"]


def test_text_from_outside_becomes_a_part_of_the_statement() -> None:
    pool = "import { Pool } from 'pg'; const pool = new Pool()"
    assert seen(reading.action(pool, "await pool.query(`SELECT * FROM users WHERE id = '${id}'`)")) == [
        "sql the database <- id"
    ]
    assert seen(reading.action(pool, "await pool.query('SELECT * FROM users WHERE id = ' + id)")) == [
        "sql the database <- id"
    ]


def test_a_row_of_the_caller_is_a_membership() -> None:
    def last(test: str) -> str:
        look = (
            "const { rows, rowCount } = await sql`SELECT 1 FROM members WHERE team_id = ${id} AND user_id = ${user.id}`"
        )
        body = f"const user = await me(); {look}; {test}; await sql`DELETE FROM teams WHERE id = ${{id}}`"
        return effects(reading.action("import { sql } from '@vercel/postgres'", body))[-1]

    assert last("if (rows.length === 0) return null") == "delete teams: Authenticated, Owns"
    assert last("if (!rows[0]) throw new Error()") == "delete teams: Authenticated, Owns"
    assert last("if (!rows) throw new Error()") == "delete teams: Authenticated"
