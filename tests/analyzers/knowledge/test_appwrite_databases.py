"""Appwrite's databases and files."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen

HEAD = """
    import { Client, Databases, TablesDB, Storage, Query, ID } from 'node-appwrite'
    import { cookies } from 'next/headers'
    async function admin() {
      const client = new Client().setEndpoint('x').setKey(process.env.APPWRITE_KEY!)
      return { get databases() { return new Databases(client) }, tables: new TablesDB(client) }
    }
    async function session() {
      const client = new Client()
      client.setSession((await cookies()).get('session')!.value)
      return { databases: new Databases(client) }
    }
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, f"const user = await me(); {body}")


def test_calls_do_what_their_first_word_says() -> None:
    def does(call: str) -> list[str]:
        return seen(action(f"const {{ databases, tables }} = await admin(); return {call}"))

    assert does("databases.createDocument('db', 'posts', ID.unique(), { title: input.title })") == [
        "insert posts <- title: input.title"
    ]
    assert does("databases.updateDocument('db', 'posts', id, input)") == ["write posts (id: id) <- input"]
    assert does("databases.deleteDocument('db', 'posts', id)") == ["delete posts (id: id)"]
    assert does("databases.listDocuments('db', 'posts', [Query.equal('owner', [user.id]), Query.limit(3)])") == [
        "read posts (owner: session)"
    ]
    assert does("databases.listDocuments('db', 'posts', [Query.or([Query.equal('a', user.id), Query.limit(1)])])") == [
        "read posts"
    ]
    assert does("tables.updateRow({ databaseId: 'db', tableId: 'posts', rowId: id, data: input })") == [
        "write posts (id: id) <- input"
    ]


def test_a_client_with_a_session_speaks_as_the_caller() -> None:
    body = "const { databases } = await session(); await databases.deleteDocument('db', 'posts', id)"
    assert seen(action(body)) == []


def test_documents_come_whole() -> None:
    body = "const { databases } = await admin(); return (await databases.listDocuments('db', 'users', [])).documents[0]"
    assert returned(action(body)) == ["users"]
