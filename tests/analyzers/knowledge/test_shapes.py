"""Calls that give their library away, on something that is not in the tree."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import seen

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
        ("await input.prisma.post.delete({ where: { id } })", "delete a record (id: id)"),
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
