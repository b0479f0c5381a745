"""Ids in texts of statements and filters, by which a record was found before."""

from __future__ import annotations

import pytest

from preship.analyzers.rules import sql_injection
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { createClient } from '@supabase/supabase-js'
    import { eq, sql } from 'drizzle-orm'
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { pgTable, text } from 'drizzle-orm/pg-core'
    import { PrismaClient } from '@prisma/client'
    const prisma = new PrismaClient()
    const shops = pgTable('shops', { id: text('id'), slug: text('slug') })
    const db = drizzle(process.env.DATABASE_URL!)
    const supabase = createClient(process.env.URL!, process.env.SERVICE_KEY!)
    const found = async (id: string) => {
      const { data } = await supabase.from('shops').select('id').eq('id', id).maybeSingle()
      return data
    }
"""


def reported(body: str) -> bool:
    """Whether something is said of the statements of an action with this body."""
    code = f"{HEAD}\n    export async function act(id: string, slug: string) {{ {body} }}"
    return bool(list(sql_injection.check(run(code)["act"])))


FOUND = [
    "const row = await prisma.shop.findUnique({ where: { id } })\nif (!row) throw new Error('Not found')\n",
    "const { data: row } = await supabase.from('shops').select('id').eq('id', id).single()\nif (!row) return null\n",
    "const [row] = await db.select().from(shops).where(eq(shops.id, id)).limit(1)\nif (!row) return null\n",
    "if (!(await found(id))) return { error: 'Not found' }\n",
    "await prisma.shop.findUniqueOrThrow({ where: { id } })\n",
]
USES = [
    "await supabase.from('orders').select().or(`shop_id.eq.${id},buyer_id.eq.${id}`)",
    "await prisma.$queryRawUnsafe(`SELECT id FROM orders WHERE shop_id = '${id}'`)",
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("found", FOUND[:4])
def test_an_id_by_which_a_record_was_found_writes_nothing(found: str, use: str) -> None:
    assert not reported(found + use)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "before",
    [
        "",
        "await prisma.shop.findUnique({ where: { id } })\n",
        "const row = await prisma.shop.findUnique({ where: { id } })\nif (row) return null\n",
        "const row = await prisma.shop.findFirst({ where: { name: id } })\nif (!row) return null\n",
        "const row = await prisma.shop.findUnique({ where: { id: slug } })\nif (!row) return null\n",
        "const row = await prisma.shop.findFirst({ where: { OR: [{ id: `${id}` }, { slug }] } })\n",
    ],
    ids=["not-looked-up", "not-tested", "taken", "by-name", "another", "or"],
)
def test_any_other_input_may(before: str, use: str) -> None:
    assert reported(before + use)
