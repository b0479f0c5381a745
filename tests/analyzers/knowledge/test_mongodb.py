"""MongoDB's driver: collections and cursors."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen

FILES = {
    "lib/mongo.ts": """
        import { MongoClient } from 'mongodb'
        const client = new MongoClient(process.env.MONGODB_URI!)
        let clientPromise: Promise<MongoClient>
        if (process.env.NODE_ENV === 'development') {
          const g = global as any
          if (!g._mongo) g._mongo = client.connect()
          clientPromise = g._mongo
        } else {
          clientPromise = client.connect()
        }
        export default clientPromise
    """
}
HEAD = """
    import clientPromise from '../lib/mongo'
    import { ObjectId } from 'mongodb'
    async function posts() { return (await clientPromise).db('app').collection('posts') }
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, body, FILES)


def test_collections_do_what_their_methods_say() -> None:
    def does(call: str) -> list[str]:
        return seen(action(f"const user = await me(); const c = await posts(); await c.{call}"))

    assert does("insertOne({ title: input.title })") == ["insert posts <- title: input.title"]
    assert does("updateOne({ _id: new ObjectId(id), owner: user.id }, { $set: { title: input.title } })") == [
        "write posts (_id: id, owner: session) <- title: input.title"
    ]
    assert does("deleteOne({ _id: new ObjectId(id) })") == ["delete posts (_id: id)"]
    assert does("find({ owner: id }).sort({ at: 1 }).toArray()") == ["read posts (owner: id)"]
    assert does("findOne(input)") == ["read posts (: input)"]


def test_a_projection_names_the_columns() -> None:
    users = "const users = (await clientPromise).db().collection('users'); return users"
    assert returned(action(f"{users}.findOne({{ _id: id }})")) == ["users"]
    assert returned(action(f"{users}.findOne({{ _id: id }}, {{ projection: {{ name: 1 }} }})")) == [
        "users._id",
        "users.name",
    ]
    assert returned(action(f"{users}.find().project({{ name: 1 }}).toArray()")) == [
        "users._id",
        "users.name",
    ]
