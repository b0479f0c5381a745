"""Calls that give their library away, on something that is not in the tree."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import seen
from tests.analyzers.running import effects, run

HEAD = """
    import { db, prisma, sql, context } from '@/lib/db'
    import { posts } from '@/lib/schema'
    import Post from '@/models/post'
    import { and, eq } from 'drizzle-orm'
"""


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await prisma.post.delete({ where: { id } })", "delete post (id: id)"),
        ("const all = await context(); await all.prisma.post.delete({ where: { id } })", "delete a record (id: id)"),
        ("await db.delete(posts).where(and(eq(posts.id, id), eq(posts.author, user.id)))",
         "delete posts (id: id, author: session)"),
        ("return db.query.posts.findMany({ where: eq(posts.id, id) })", "read posts (id: id)"),
        ("return db.select().from(posts).where(eq(posts.id, id))", "read posts (id: id)"),
        ("await Post.findByIdAndDelete(id)", "delete Post (_id: id)"),
        ("await Post.deleteOne({ _id: id, author: user.id })", "delete Post (_id: id, author: session)"),
        ("await sql`DELETE FROM posts WHERE id = ${id}`", "delete posts (id: id)"),
    ],
)  # fmt: skip
def test_a_call_that_only_one_kind_of_client_has_is_read_as_that(body: str, effect: str) -> None:
    assert seen(reading.action(HEAD, f"const user = await me(); {body}")) == [effect]


SENT = {
    "a transaction of Prisma's": "(tx, id) { await tx.post.upsert({ where: { id }, create: {}, update: {} }) }",
    "a context with a client": "(context, id) { await context.prisma.post.delete({ where: { id } }) }",
    "a transaction of Drizzle's": "(tx, id) { await tx.delete(posts).where(eq(posts.id, id)) }",
    "an insert by a transaction": "(tx, id) { await tx.insert(posts).values({ id }) }",
    "a connection": "(client, id) { await client.query('DELETE FROM posts WHERE id = $1', [id]) }",
    "a part of an argument": "({ tx, id }) { await tx.post.delete({ where: { id } }) }",
    "an argument of a helper": "(tx, id) { const drop = (it) => it.post.delete({ where: { id } }); await drop(tx) }",
}


@pytest.mark.parametrize("rest", SENT.values(), ids=list(SENT))
def test_what_a_caller_sends_is_data_and_has_no_effect_when_it_is_called(rest: str) -> None:
    assert effects(run({"app/actions.ts": SERVER + rest, **TABLES})["act"]) == []


MAY_BE_ANOTHER = {
    "a default": "(id, tx = client) { await tx.post.delete({ where: { id } }) }",
    "another one where none is sent": "(id, tx) { await (tx ?? client).post.delete({ where: { id } }) }",
    "what a transaction gives": "(id) { await client.$transaction((tx) => tx.post.delete({ where: { id } })) }",
}


@pytest.mark.parametrize("rest", MAY_BE_ANOTHER.values(), ids=list(MAY_BE_ANOTHER))
def test_a_client_of_the_server_has_its_effect_whatever_a_caller_sends(rest: str) -> None:
    assert effects(run({"app/actions.ts": SERVER + rest, **TABLES})["act"]) == ["delete post"]


def test_a_table_that_a_caller_names_is_the_servers() -> None:
    head = "'use server'\nimport { load } from '@/lib/load'\nlet tables\nfunction set(it) { tables = it }\n"
    action = "export async function act(name, id) { await tables[name].delete({ where: { id } }) }"
    assert effects(run(head + action)["act"]) == ["delete a record"]


SERVER = """
'use server'
import { PrismaClient } from '@prisma/client'
import { eq } from 'drizzle-orm'
import { posts } from '../lib/tables'
const client = new PrismaClient()
export async function act"""
TABLES = {
    "lib/tables.ts": """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const posts = pgTable('posts', { id: text('id') })
    """
}


def test_what_came_over_the_network_is_no_client() -> None:
    assert seen(reading.action(HEAD, "await input.prisma.post.delete({ where: { id } })")) == []
