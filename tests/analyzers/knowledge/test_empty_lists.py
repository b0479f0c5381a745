"""Lists that may be empty: they find no record, so they say nothing of whose a record is that was found."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

SHARED = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/db.ts": """
        import { PrismaClient } from '@prisma/client'
        import { drizzle } from 'drizzle-orm/postgres-js'
        import { pgTable, text } from 'drizzle-orm/pg-core'
        import { Kysely } from 'kysely'
        import mongoose from 'mongoose'
        import postgres from 'postgres'
        export const prisma = new PrismaClient()
        export const sql = postgres(process.env.DATABASE_URL!)
        export const db = drizzle(sql)
        export const kysely = new Kysely<any>({})
        export const teams = pgTable('team', { id: text('id'), code: text('code') })
        export const Team = mongoose.model('Team', new mongoose.Schema({ code: String }))
    """,
}

HEAD = """
    'use server'
    import { inArray } from 'drizzle-orm'
    import { auth } from '../lib/auth'
    import { Team, db, kysely, prisma, sql, teams } from '../lib/db'

    async function led(userId: string) {
      const own = await prisma.membership.findMany({ where: { userId } })
      if (own.length === 0) return []
      const ids = new Set<string>(own.map((m) => m.teamId))
      for (const each of await prisma.deputy.findMany({ where: { userId } })) ids.add(each.teamId)
      return [...ids]
    }
"""

FINDS = {
    "prisma": "await prisma.team.findMany({ where: { id: { in: ids } } })",
    "drizzle": "await db.select().from(teams).where(inArray(teams.id, ids))",
    "kysely": "await kysely.selectFrom('team').where('id', 'in', ids).selectAll().execute()",
    "mongoose": "await Team.find({ _id: { $in: ids } })",
    "SQL": "await sql`select * from team where id = any(${ids})`",
}


def unowned(ids: str, find: str) -> list[str]:
    """What `act` changes of somebody's, where it asks that a record's code is one of those of the teams found."""
    code = f"""{HEAD}
    export async function act(id: string, sent: string[]) {{
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      const me = session.user.id
      const found = await prisma.acceptance.findUnique({{ where: {{ id }} }})
      if (!found) return
      const ids = {ids}
      let codes: string[] = []
      if (ids.length > 0) {{
        const rows = {find}
        codes = rows.map((team) => team.code)
      }}
      if (!codes.includes(found.code)) throw new Error('Not yours')
      await prisma.acceptance.delete({{ where: {{ id }} }})
    }}"""
    return [each.effect.target for each in run({**SHARED, "app/actions.ts": code})["act"].unowned_effects()]


@pytest.mark.parametrize("find", FINDS.values(), ids=FINDS.keys())
def test_what_is_found_by_a_list_of_the_callers_is_theirs_though_the_list_may_be_empty(find: str) -> None:
    assert unowned("await led(me)", find) == []


@pytest.mark.parametrize("find", FINDS.values(), ids=FINDS.keys())
def test_what_is_found_by_a_list_that_is_sent_is_anybodys(find: str) -> None:
    assert unowned("sent ?? []", find) == ["acceptance"]
