"""Stores with query languages of their own."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given

NEO4J = """
    import neo4j from 'neo4j-driver'
    const driver = neo4j.driver('neo4j://x', neo4j.auth.basic('a', process.env.PASSWORD))
"""
SURREAL = """
    import { Surreal, RecordId } from 'surrealdb'
    const db = new Surreal()
    const open = () => db.connect('x', { namespace: 'a', database: 'b' })
"""
GEL = "import { createClient } from 'gel'; const client = createClient()"


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (
            NEO4J,
            "await driver.session().run('MATCH (p:Post {id: $id}) DETACH DELETE p', { id: input.id })",
            "delete Post {id: input.id} -> -",
        ),
        (
            NEO4J,
            "await driver.session().executeWrite((tx) => tx.run('MATCH (p:Post {id: $id}) SET p.seen = true', input))",
            "write Post {parameters: input} -> {parameters: input}",
        ),
        (
            NEO4J,
            "await driver.executeQuery('CREATE (p:Post {title: $title})', { title: input.title })",
            "insert Post - -> {title: input.title}",
        ),
        (
            NEO4J,
            "await driver.session().run(`MATCH (p:Post {id: '${input.id}'}) RETURN p`)",
            "read Post {query: input.id} -> -",
        ),
        (SURREAL, "await db.select(new RecordId('post', input.id))", "read post {id: input.id} -> -"),
        (SURREAL, "await db.create('post', { title: input.title })", "insert post - -> {title: input.title}"),
        (SURREAL, "await db.merge(new RecordId('post', input.id), { a: 1 })", "write post {id: input.id} -> {a: 1}"),
        (SURREAL, "await db.delete(`post:${input.id}`)", "delete post {id: input.id} -> -"),
        (
            SURREAL,
            "await db.query('UPDATE post SET seen = true WHERE id = $id', { id: input.id })",
            "write post {id: input.id} -> {id: input.id}",
        ),
        (
            SURREAL,
            "await db.signin({ username: 'root', password: process.env.ROOT })\nawait db.delete('post:1')",
            "delete post {id: 'post:1'} -> -",
        ),
        (
            GEL,
            "await client.querySingle('select Post { title } filter .id = <uuid>$id', { id: input.id })",
            "read Post {id: input.id} -> -",
        ),
        (
            GEL,
            "await client.transaction((tx) => tx.execute('delete Post filter .id = <uuid>$id', { id: input.id }))",
            "delete Post {id: input.id} -> -",
        ),
    ],
)
def test_a_statement_says_what_it_does_and_its_parameters_choose(imports: str, body: str, effect: str) -> None:
    assert done(imports, body) == [effect]


def test_whom_surrealdb_serves_decides_who_judges() -> None:
    caller = "await db.authenticate(input.token)\nawait db.delete('post:1')"
    assert done(SURREAL, caller)[-1] == "as caller: delete post {id: 'post:1'} -> -"
    assert done(SURREAL, "await db.signin({ access: 'user', variables: input })") == [
        "identify the caller's session - -> -"
    ]


def test_records_of_a_graph_come_back_whole() -> None:
    body = "const { records } = await driver.executeQuery('MATCH (p:Post) RETURN p'); return records"
    assert given(NEO4J, body) == "[record of Post]"
