"""Arguments of which methods are called that nothing has which a request can carry."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of
from tests.analyzers.running import effects, run

HEAD = """
    'use server'
    import { eq } from 'drizzle-orm'
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { pgTable, text } from 'drizzle-orm/pg-core'
    import { auth } from '../lib/auth'
    const orders = pgTable('orders', { id: text('id'), ownerId: text('owner_id'), status: text('status') })
    const db = drizzle(process.env.DATABASE_URL!)
    type AnyDb = typeof db
"""
LIBRARY = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """
}


@pytest.mark.parametrize(
    "body",
    [
        "await database.transaction(async (tx) => { await tx.delete(orders).where(eq(orders.id, id)) })",
        "await database.transaction(async (tx) => { await remove(tx, id) })",
        """
            const found = await database.select().from(orders).where(eq(orders.id, id))
            if (!found.length) return
            await db.delete(orders).where(eq(orders.id, id))""",
        "await database.update(orders).set({ status: 'paid' }).where(eq(orders.id, id)).returning()",
        """
            const session = database.startSession()
            await session.withTransaction(() => db.delete(orders).where(eq(orders.id, id)))""",
        "for (const row of await database.select().from(orders)) await db.delete(orders).where(eq(orders.id, row.id))",
    ],
)
def test_a_client_that_the_caller_would_have_to_send_does_nothing(body: str) -> None:
    helper = "async function remove(tx, id) { await tx.delete(orders).where(eq(orders.id, id)) }\n"
    code = f"{HEAD}{helper}export async function act(database: AnyDb, id: string) {{ {body} }}"
    facts = run({"app/actions.ts": code, **LIBRARY})["act"]
    assert effects(facts) == []
    assert [e.what for e in facts.effects if e.kind is EffectKind.UNSEEN] == []


def test_what_passes_the_client_of_the_server_does_all_that_it_says() -> None:
    code = f"""{HEAD}
    export async function actWith(database: AnyDb, id: string) {{
      await database.transaction(async (tx) => {{ await tx.delete(orders).where(eq(orders.id, id)) }})
    }}
    export async function act(id: string) {{ await actWith(db, id) }}
    """
    assert effects(run({"app/actions.ts": code, **LIBRARY})["act"]) == ["delete orders"]


@pytest.mark.parametrize(
    "use",
    [
        "const at = when.toISOString()",
        "const names = [...form.entries()].filter(([name]) => name).map(([, value]) => value)",
        "const bytes = Buffer.from(await file.arrayBuffer())",
        "const last = items.findLast((item) => item.id)",
        "const text = (await file.text()).trim().split(',').map((part) => part.trim())",
        "const sorted = items.toSorted((a, b) => a.at - b.at)",
        "const done = onDone?.()",
        "await logger.info('about to go')",
    ],
)
def test_what_goes_on_with_data_or_with_a_function_that_may_be_sent_goes_on(use: str) -> None:
    code = f"""{HEAD}
    export async function act(id: string, when: Date, form: FormData, file: File, items: Item[], onDone, logger) {{
      {use}
      await db.delete(orders).where(eq(orders.id, id))
    }}
    """
    assert effects(run({"app/actions.ts": code, **LIBRARY})["act"]) == ["delete orders"]


def test_callbacks_of_lists_run_on_items_of_the_callers() -> None:
    code = f"""{HEAD}
    export async function act(ids: string[]) {{
      await Promise.all(ids.map(async (id) => db.delete(orders).where(eq(orders.id, id))))
    }}
    """
    facts = run({"app/actions.ts": code, **LIBRARY})["act"]
    keys = [o for e in facts.effects if e.kind is EffectKind.DELETE for o in origins_of(e.key)]
    assert {type(o) for o in keys} == {Input}
