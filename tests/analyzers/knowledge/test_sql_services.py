"""SQL in databases with clients of their own."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done

MSSQL = "import sql from 'mssql'; const open = () => sql.connect(process.env.MSSQL)"
ORACLE = "import oracledb from 'oracledb'; const open = () => oracledb.getConnection({ user: 'a' })"
SNOWFLAKE = "import snowflake from 'snowflake-sdk'; const connection = snowflake.createConnection({ account: 'a' })"
BIGQUERY = "import { BigQuery } from '@google-cloud/bigquery'; const bigquery = new BigQuery()"
CLICKHOUSE = "import { createClient } from '@clickhouse/client'; const client = createClient()"
PGLITE = "import { PGlite } from '@electric-sql/pglite'; const db = new PGlite()"
SLONIK = "import { createPool, sql } from 'slonik'; const open = () => createPool('postgres://')"
AURORA = """
    import { RDSDataClient, ExecuteStatementCommand } from '@aws-sdk/client-rds-data'
    const client = new RDSDataClient({})
"""


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (
            MSSQL,
            "const pool = await open()\n"
            "await pool.request().input('id', sql.Int, input.id).query('DELETE FROM posts WHERE id = @id')",
            "delete posts {id: input.id} -> -",
        ),
        (
            MSSQL,
            "const pool = await open()\nconst request = pool.request()\nrequest.input('id', input.id)\n"
            "await request.query('SELECT * FROM posts WHERE id = @id')",
            "read posts {id: input.id} -> -",
        ),
        (
            MSSQL,
            "await open()\nawait sql.query`DELETE FROM posts WHERE id = ${input.id}`",
            "delete posts {id: input.id} -> -",
        ),
        (MSSQL, "await open()\nawait sql.query(`DELETE FROM ${input.id}`)", "sql"),
        (
            MSSQL,
            "const pool = await open()\nawait pool.request().input('id', input.id).execute('close_account')",
            "write close_account {id: input.id} -> {id: input.id}",
        ),
        (
            ORACLE,
            "const db = await open()\nawait db.execute('DELETE FROM posts WHERE id = :id', { id: input.id })",
            "delete posts {id: input.id} -> -",
        ),
        (
            SNOWFLAKE,
            "connection.execute({ sqlText: 'SELECT * FROM posts WHERE id = ?', binds: [input.id] })",
            "read posts {id: input.id} -> -",
        ),
        (
            BIGQUERY,
            "await bigquery.query({ query: 'SELECT * FROM posts WHERE id = @id', params: { id: input.id } })",
            "read posts {id: input.id} -> -",
        ),
        (BIGQUERY, "await bigquery.dataset('shop').table('orders').insert([input])", "insert orders - -> [input]"),
        (
            CLICKHOUSE,
            "await client.query({ query: 'SELECT * FROM hits WHERE id = {id: UInt64}', query_params: input })",
            "read hits {id: input} -> -",
        ),
        (CLICKHOUSE, "await client.insert({ table: 'hits', values: [input] })", "insert hits - -> [input]"),
        (PGLITE, "await db.query('DELETE FROM posts WHERE id = $1', [input.id])", "delete posts {id: input.id} -> -"),
        (PGLITE, "await db.sql`DELETE FROM posts WHERE id = ${input.id}`", "delete posts {id: input.id} -> -"),
        (
            SLONIK,
            "const pool = await open()\nawait pool.query(sql.unsafe`DELETE FROM posts WHERE id = ${input.id}`)",
            "delete posts {id: input.id} -> -",
        ),
        (
            SLONIK,
            "const pool = await open()\nawait pool.one(sql.typeAlias('a')`SELECT * FROM posts WHERE id = ${input.id}`)",
            "read posts {id: input.id} -> -",
        ),
        (
            AURORA,
            "await client.send(new ExecuteStatementCommand({ sql: 'DELETE FROM posts WHERE id = :id', "
            "parameters: [{ name: 'id', value: { stringValue: input.id } }] }))",
            "delete posts {id: {name: 'id', value: {stringValue: input.id}}} -> -",
        ),
    ],
)
def test_a_statement_does_what_it_says_to_the_rows_that_its_values_choose(imports: str, body: str, effect: str) -> None:
    (found,) = done(imports, body)
    assert found.startswith(effect)
