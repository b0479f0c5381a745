"""Joins that leave out none of a table's rows: no condition compares its columns with the other table's."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.running import run

SHARED = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "db/index.ts": """
        import { drizzle } from 'drizzle-orm/postgres-js'
        import { pgTable, text, integer, boolean } from 'drizzle-orm/pg-core'
        import { Kysely } from 'kysely'
        import postgres from 'postgres'
        export const sql = postgres(process.env.DATABASE_URL!)
        export const db = drizzle(sql)
        export const kysely = new Kysely<any>({})
        export const posts = pgTable('posts', {
          id: integer('id'), shopId: integer('shop_id'), isOpen: boolean('is_open'), title: text('title'),
        })
        export const shops = pgTable('shops', { id: integer('id'), adminId: text('admin_id') })
    """,
}

HEAD = """
    'use server'
    import { and, eq, sql as piece } from 'drizzle-orm'
    import { auth } from '../lib/auth'
    import { db, kysely, posts, shops, sql } from '../db'
    const drop = (id: number) => db.delete(posts).where(eq(posts.id, id))
"""


def act(body: str) -> ActionFacts:
    """The action that finds a post so and then deletes it."""
    code = f"""{HEAD}
    export async function act(id: number) {{
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      const me = session.user.id
      {body}
      if (!post) return
      await drop(post.id)
    }}"""
    return run({**SHARED, "app/actions.ts": code})["act"]


UNTIED = {
    "drizzle, the owner alone": """
        const [post] = await db.select({ id: posts.id }).from(posts)
          .innerJoin(shops, eq(shops.adminId, me)).where(eq(posts.id, id))""",
    "drizzle, behind the condition": """
        const [post] = await db.select({ id: posts.id }).from(posts).where(eq(posts.id, id))
          .innerJoin(shops, and(eq(shops.adminId, me), eq(posts.isOpen, true)))""",
    "kysely": """
        const post = await kysely.selectFrom('posts as p')
          .innerJoin('shops as s', (join) => join.on('s.adminId', '=', me)).where('p.id', '=', id)
          .select('p.id').executeTakeFirst()""",
    "kysely, tied to nothing": """
        const post = await kysely.selectFrom('posts as p')
          .innerJoin('shops as s', (join) => join.onTrue().on('s.adminId', '=', me)).where('p.id', '=', id)
          .select('p.id').executeTakeFirst()""",
    "SQL": """
        const [post] = await sql`
          select p.id from posts p join shops s on s.admin_id = ${me} where p.id = ${id} and p.is_open = true`""",
}

TIED = {
    "drizzle, in the join": """
        const [post] = await db.select({ id: posts.id }).from(posts)
          .innerJoin(shops, and(eq(shops.adminId, me), eq(posts.shopId, shops.id))).where(eq(posts.id, id))""",
    "drizzle, in the condition behind it": """
        const [post] = await db.select({ id: posts.id }).from(posts)
          .innerJoin(shops, eq(shops.adminId, me)).where(and(eq(posts.id, id), eq(posts.shopId, shops.id)))""",
    "drizzle, in the condition before it": """
        const [post] = await db.select({ id: posts.id }).from(posts)
          .where(and(eq(shops.id, posts.shopId), eq(posts.id, id))).innerJoin(shops, eq(shops.adminId, me))""",
    "drizzle, by a piece of SQL": """
        const [post] = await db.select({ id: posts.id }).from(posts)
          .innerJoin(shops, piece`${shops.id} = ${posts.shopId} and ${shops.adminId} = ${me}`)
          .where(eq(posts.id, id))""",
    "kysely, in the join": """
        const post = await kysely.selectFrom('posts as p')
          .innerJoin('shops as s', (join) => join.onRef('s.id', '=', 'p.shopId').on('s.adminId', '=', me))
          .where('p.id', '=', id).select('p.id').executeTakeFirst()""",
    "kysely, in the condition": """
        const post = await kysely.selectFrom('posts as p')
          .innerJoin('shops as s', (join) => join.on('s.adminId', '=', me)).where('p.id', '=', id)
          .whereRef('s.id', '=', 'p.shopId').select('p.id').executeTakeFirst()""",
    "SQL, in the join": """
        const [post] = await sql`
          select p.id from posts p join shops s on s.id = p.shop_id and s.admin_id = ${me} where p.id = ${id}`""",
    "SQL, in the condition": """
        const [post] = await sql`
          select p.id from posts p join shops s on s.admin_id = ${me} where p.id = ${id} and p.shop_id = s.id`""",
}


@pytest.mark.parametrize("body", UNTIED.values(), ids=UNTIED.keys())
def test_a_join_that_ties_nothing_says_nothing_of_whose_a_row_is(body: str) -> None:
    assert [found.effect.target for found in act(body).unowned_effects()] == ["posts"]


@pytest.mark.parametrize("body", TIED.values(), ids=TIED.keys())
def test_a_join_that_compares_columns_chooses_rows(body: str) -> None:
    assert not list(act(body).unowned_effects())
