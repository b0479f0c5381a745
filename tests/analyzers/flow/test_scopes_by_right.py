"""Queries that are built in steps, with a condition that only those without a right are bound to."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

FILES = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
        export async function caller() {
          const session = await auth()
          if (!session?.user?.id) throw new Error('no')
          return session.user
        }
    """,
    "lib/stores.ts": """
        import { createClient } from '@supabase/supabase-js'
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { Kysely } from 'kysely'
        import makeKnex from 'knex'
        import mongoose from 'mongoose'
        export const admin = createClient(process.env.URL!, process.env.SERVICE_ROLE_KEY!)
        export const drizzled = drizzle(process.env.DATABASE_URL!)
        export const kysely = new Kysely({})
        export const knex = makeKnex({ client: 'pg' })
        export const Note = mongoose.model('Note', new mongoose.Schema({ text: String, userId: String }))
    """,
    "lib/schema.ts": """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const notes = pgTable('notes', { id: text('id').primaryKey(), userId: text('user_id') })
    """,
}
HEAD = """
'use server'
import { and, eq } from 'drizzle-orm'
import { caller } from '../lib/auth'
import { admin, drizzled, kysely, knex, Note } from '../lib/stores'
import { notes } from '../lib/schema'

export async function act(id: string, data: any) {
  const user = await caller()
  const isAdmin = user.role === 'admin'
"""
BUILT = {
    "Supabase, awaited behind one more method": """
        let query = admin.from('notes').update(data).eq('id', id)
        if (!isAdmin) { query = query.eq('user_id', user.id) }
        const { data: changed } = await query.select()""",
    "Supabase, awaited as it is": """
        let query = admin.from('notes').delete().eq('id', id)
        if (!isAdmin) query = query.eq('user_id', user.id)
        await query""",
    "either of two queries": """
        const base = () => admin.from('notes').delete().eq('id', id)
        await (isAdmin ? base() : base().eq('user_id', user.id))""",
    "conditions in a list": """
        const conditions = [eq(notes.id, id)]
        if (!isAdmin) conditions.push(eq(notes.userId, user.id))
        await drizzled.delete(notes).where(and(...conditions))""",
    "Kysely": """
        let query = kysely.deleteFrom('notes').where('id', '=', id)
        if (!isAdmin) query = query.where('userId', '=', user.id)
        await query.execute()""",
    "Knex": """
        let query = knex('notes').where({ id })
        if (!isAdmin) query = query.where({ userId: user.id })
        await query.del()""",
    "a filter of Mongoose's": """
        const filter = { _id: id }
        if (!isAdmin) filter.userId = user.id
        await Note.deleteOne(filter)""",
}
WRONG = {
    "bound is who has the right": ("!isAdmin", "isAdmin"),
    "the caller chooses whether they are bound": ("!isAdmin", "!data.everything"),
    "bound to somebody whom the caller names": ("user.id)", "data.userId)"),
}


def unowned(body: str) -> list[str]:
    """What the action does to rows that are not shown to be the caller's."""
    found = run({"app/actions.ts": f"{HEAD}{body}\n}}", **FILES})["act"].unowned_effects()
    return [u.effect.kind.value for u in found]


@pytest.mark.parametrize("body", BUILT.values(), ids=list(BUILT))
def test_a_condition_for_those_without_a_right_ties_the_rows(body: str) -> None:
    assert unowned(body) == []


@pytest.mark.parametrize("change", WRONG.values(), ids=list(WRONG))
def test_a_condition_that_binds_the_wrong_ones_ties_nothing(change: tuple[str, str]) -> None:
    body = BUILT["Supabase, awaited as it is"]
    assert unowned(body.replace(*change)) == ["delete"]
