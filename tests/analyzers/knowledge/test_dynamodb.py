"""DynamoDB and Convex, as servers speak to them."""

from __future__ import annotations

from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen

HEAD = """
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
    import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, DeleteCommand, UpdateCommand,
      TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
"""


def does(body: str) -> list[str]:
    """What an action with this body does."""
    return seen(reading.action(HEAD, f"const user = await me(); {body}"))


def test_commands_do_what_they_are_called_when_they_are_sent() -> None:
    key = "TableName: 'posts', Key: { id, owner: user.id }"
    assert does("new DeleteCommand({ TableName: 'posts', Key: { id } })") == []
    assert does(f"await client.send(new DeleteCommand({{ {key} }}))") == ["delete posts (id: id, owner: session)"]
    assert does("return client.send(new GetCommand({ TableName: 'posts', Key: { id } }))") == ["read posts (id: id)"]
    query = "KeyConditionExpression: 'pk = :pk and at > :at', ExpressionAttributeValues: { ':pk': id, ':at': input.at }"
    assert does(f"return client.send(new QueryCommand({{ TableName: 'posts', {query} }}))") == ["read posts (pk: id)"]
    new = "ConditionExpression: 'attribute_not_exists(id)'"
    assert does(f"await client.send(new PutCommand({{ TableName: 'posts', Item: {{ id }}, {new} }}))") == [
        "insert posts <- id: id"
    ]
    items = "TransactItems: [{ Delete: { TableName: 'posts', Key: { id } } }]"
    assert does(f"await client.send(new TransactWriteCommand({{ {items} }}))") == ["delete posts (id: id)"]


def test_an_item_comes_whole() -> None:
    body = "return (await client.send(new GetCommand({ TableName: 'users', Key: { id } }))).Item"
    assert returned(reading.action(HEAD, body)) == ["users"]


def test_public_functions_of_convex_judge_their_caller_and_an_admin_is_the_server() -> None:
    head = """
        import { ConvexHttpClient } from 'convex/browser'
        import { fetchMutation } from 'convex/nextjs'
        import { api } from '../convex/_generated/api'
        const convex = new ConvexHttpClient(process.env.NEXT_PUBLIC_CONVEX_URL!)
    """
    assert seen(reading.action(head, "await fetchMutation(api.posts.remove, { id })")) == []
    assert seen(reading.action(head, "await convex.mutation(api.posts.remove, { id })")) == []
    admin = "const c = new ConvexHttpClient(''); c.setAdminAuth(process.env.KEY)"
    assert seen(reading.action(head, f"{admin}; await c.mutation(api.posts.remove, {{ id }})")) == [
        "write posts.remove (id: id) <- id: id"
    ]
