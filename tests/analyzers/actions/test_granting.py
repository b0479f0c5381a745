"""Rights that callers write as they like: in their own row, in an account that is made, and in those of others."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

FILES = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/better.ts": "import { betterAuth } from 'better-auth'\nexport const better = betterAuth({})",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/db.ts": """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { pgTable, text, boolean } from 'drizzle-orm/pg-core'
        export const db = drizzle(process.env.DATABASE_URL)
        export const profiles = pgTable('profiles', {
          id: text('id').primaryKey(), role: text('role'), isAdmin: boolean('is_admin'),
        })
    """,
    "lib/person.ts": """
        import mongoose from 'mongoose'
        export const User = mongoose.models.User || mongoose.model('User', new mongoose.Schema({ role: String }))
    """,
    "lib/supabase.ts": """
        import { createClient } from '@supabase/supabase-js'
        export const supabase = createClient(process.env.SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY)
    """,
}


def granted(body: str) -> list[tuple[str, str]]:
    """Whose rights an action writes as the caller says, and in which column."""
    code = f"""
        'use server'
        import {{ eq }} from 'drizzle-orm'
        import {{ hash }} from 'bcryptjs'
        import {{ z }} from 'zod'
        import {{ auth as clerk, clerkClient }} from '@clerk/nextjs/server'
        import {{ auth }} from '../lib/auth'
        import {{ better }} from '../lib/better'
        import {{ prisma }} from '../lib/prisma'
        import {{ db, profiles }} from '../lib/db'
        import {{ User }} from '../lib/person'
        import {{ supabase }} from '../lib/supabase'
        async function requireUser() {{
          const session = await auth()
          if (!session?.user?.id) throw new Error('Sign in')
          return session.user
        }}
        export async function act(id: string, role: string, form: FormData) {{
          {body}
        }}
    """
    facts = run({**FILES, "app/actions.ts": code})["act"]
    return [(found.whose.name, found.column) for found in facts.self_granted()]


ME = "const me = await requireUser()\n"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"{ME}await db.update(profiles).set({{ role }}).where(eq(profiles.id, me.id))", [("OWN", "role")]),
        (
            f"{ME}if (me.id !== id) throw new Error('no')\n"
            "await prisma.user.update({ where: { id }, data: { role } })",
            [("OWN", "role")],
        ),
        (
            f"{ME}const isAdmin = form.get('admin') === 'on'\n"
            "await db.update(profiles).set({ isAdmin }).where(eq(profiles.id, me.id))",
            [("OWN", "isAdmin")],
        ),
        (f"{ME}await User.findByIdAndUpdate(me.id, {{ $set: {{ role }} }})", [("OWN", "role")]),
        *(
            (f"{ME}await prisma.user.update({{ where: {{ id: me.id }}, data: {{ {name}: role }} }})", [("OWN", name)])
            for name in (
                "currentPlan",
                "subscriptionTier",
                "isPro",
                "billing_plan",
                "walletBalance",
                "remainingCredits",
            )
        ),
        (
            "const { userId } = await clerk()\nif (!userId) throw new Error('Sign in')\n"
            "const client = await clerkClient()\n"
            "await client.users.updateUserMetadata(userId, { publicMetadata: { currentPlan: role } })",
            [("OWN", "currentPlan")],
        ),
        (f"{ME}await supabase.from('profiles').update({{ role }}).eq('id', me.id)", [("OWN", "role")]),
        (
            f"{ME}const wanted = z.object({{ plan: z.string() }}).parse(Object.fromEntries(form))\n"
            "await prisma.user.update({ where: { id: me.id }, data: wanted })",
            [("OWN", "plan")],
        ),
        (
            f"{ME}await prisma.member.create({{ data: {{ teamId: id, userId: me.id, role }} }})",
            [("ANOTHER", "role")],
        ),
        (f"{ME}await prisma.user.update({{ where: {{ id }}, data: {{ role }} }})", [("ANOTHER", "role")]),
        (
            f"{ME}await prisma.membership.updateMany({{ where: {{ id, teamId: me.teamId }}, data: {{ role }} }})",
            [("ANOTHER", "role")],
        ),
        (
            "await prisma.user.create({ data: { email: id, password: await hash(id, 9), role } })",
            [("NEW_ACCOUNT", "role")],
        ),
        ("await better.api.signUpEmail({ body: { email: id, password: id, role } })", [("NEW_ACCOUNT", "role")]),
        (
            "await supabase.auth.signUp({ email: id, password: id, options: { data: { role } } })",
            [("NEW_ACCOUNT", "role")],
        ),
    ],
)
def test_a_right_that_is_written_as_the_caller_says_is_granted_by_nobody(
    body: str, wanted: list[tuple[str, str]]
) -> None:
    assert granted(body) == wanted


@pytest.mark.parametrize(
    "body",
    [
        f"{ME}await prisma.user.update({{ where: {{ id: me.id }}, data: {{ role: 'READER' }} }})",
        f"{ME}if (me.role !== 'admin') return\nawait prisma.user.update({{ where: {{ id }}, data: {{ role }} }})",
        f"{ME}if (role === 'admin') return\nawait prisma.user.update({{ where: {{ id: me.id }}, data: {{ role }} }})",
        f"{ME}if (!['buyer', 'seller'].includes(role)) return\n"
        "await prisma.user.update({ where: { id: me.id }, data: { role } })",
        f"{ME}const team = await prisma.team.findFirst({{ where: {{ id, ownerId: me.id }} }})\nif (!team) return\n"
        "await prisma.member.updateMany({ where: { teamId: team.id }, data: { role } })",
        f"{ME}await prisma.message.create({{ data: {{ chatId: id, role, userId: me.id }} }})",
        f"{ME}await prisma.speaker.create({{ data: {{ name: id, role }} }})",
        f"{ME}await prisma.user.update({{ where: {{ id: me.id }}, data: {{ trainingPlan: role }} }})",
        f"{ME}await prisma.plan.update({{ where: {{ userId: me.id, id }}, data: {{ plan: role }} }})",
        f"{ME}await prisma.wallet.update({{ where: {{ userId: me.id }}, data: {{ balance: Number(role) }} }})",
        f"{ME}await prisma.user.updateMany({{ where: {{ id: me.id, role }}, data: {{ name: id }} }})",
    ],
)
def test_what_is_no_right_or_is_granted_by_a_role_is_nobodys_gift(body: str) -> None:
    assert granted(body) == []
