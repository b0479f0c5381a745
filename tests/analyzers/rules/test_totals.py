"""Counts and sums of rows that reach a caller whom nobody knows."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import Confidence, Persona
from preship.analyzers.rules import missing_authentication
from tests.analyzers.running import run

PRISMA = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """,
    "lib/db.ts": """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { integer, pgTable, text } from 'drizzle-orm/pg-core'
        export const orders = pgTable('orders', { id: text('id'), total: integer('total') })
        export const db = drizzle(process.env.DATABASE_URL!)
    """,
    "lib/models.ts": """
        import mongoose from 'mongoose'
        export const Ticket = mongoose.model('Ticket', new mongoose.Schema({ isOpen: Boolean }))
    """,
    "app/(in)/layout.tsx": """
        import { redirect } from 'next/navigation'
        import { auth } from '../../lib/auth'
        export default async function Layout({ children }) {
          if (!(await auth())) redirect('/sign-in')
          return <main>{children}</main>
        }
    """,
}
INSIDE = {
    "app/(in)/figures/page.tsx": """
        import { figures } from '../../actions'
        export default function Page() { return <Figures load={figures} /> }
    """
}
OUTSIDE = {
    "app/figures/page.tsx": """
        import { figures } from '../actions'
        export default function Page() { return <Figures load={figures} /> }
    """,
    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
}
HEAD = """
    'use server'
    import { count, eq } from 'drizzle-orm'
    import { auth } from '../lib/auth'
    import { db, orders } from '../lib/db'
    import { Ticket } from '../lib/models'
    import { prisma } from '../lib/prisma'
"""


def posted(files: dict[str, str]) -> list[str | None]:
    """The actions that would get a comment."""
    return [
        name
        for name, facts in run(files).items()
        for finding in missing_authentication.check(facts)
        if finding.persona is Persona.REGULAR and finding.confidence is not Confidence.LOW
    ]


TOLD = [
    "return prisma.member.count()",
    "const [all, late] = await Promise.all([prisma.loan.count(), prisma.loan.count({ where: { isLate: true } })])\n"
    "return { loans: { all, late } }",
    "const sum = await prisma.loan.aggregate({ where: { memberId: id }, _sum: { amount: true } })\n"
    "return Number(sum._sum.amount ?? 0)",
    "const paid = await prisma.loan.count({ where: { memberId: id } })\n"
    "const fines = await prisma.fine.count({ where: { memberId: id } })\nreturn paid + fines",
    "return db.$count(orders, eq(orders.id, id))",
    "const [row] = await db.select({ n: count() }).from(orders)\nreturn row.n",
    "return { open: await Ticket.countDocuments({ isOpen: true }) }",
]


@pytest.mark.parametrize("body", TOLD)
def test_a_total_that_only_members_are_shown_needs_a_session(body: str) -> None:
    code = f"{HEAD}\nexport async function figures(id: string) {{ {body} }}"
    assert posted({"app/actions.ts": code, **PRISMA, **INSIDE}) == ["figures"]


@pytest.mark.parametrize("body", TOLD)
def test_a_total_that_visitors_are_shown_needs_none(body: str) -> None:
    code = f"{HEAD}\nexport async function figures(id: string) {{ {body} }}"
    assert posted({"app/actions.ts": code, **PRISMA, **OUTSIDE}) == []


@pytest.mark.parametrize(
    "body",
    [
        "if ((await prisma.member.count()) > 50) return { error: 'Full' }\nreturn { ok: true }",
        "return { isFull: (await prisma.member.count()) > 50 }",
        "if (!(await auth())) return null\nreturn prisma.member.count()",
        "const n = await prisma.member.count()\nconst session = await auth()\nif (!session) return null\nreturn n",
        "const n = await prisma.member.count()\nconst session = await auth()\nreturn session ? { n } : { n: null }",
    ],
)
def test_a_total_that_reaches_nobody_unknown_needs_none(body: str) -> None:
    code = f"{HEAD}\nexport async function figures() {{ {body} }}"
    assert posted({"app/actions.ts": code, **PRISMA, **INSIDE}) == []
