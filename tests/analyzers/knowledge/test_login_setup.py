"""The set-up of a login: its callbacks run in the endpoints of the login library, not where the set-up is made."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.running import effects, run

SET_UPS = {
    "Auth.js": (
        "import Email from 'next-auth/providers/email'",
        "Email({ sendVerificationRequest: async ({ identifier }) => { await mail(identifier) } })",
    ),
    "Auth.js core": (
        "import Credentials from '@auth/core/providers/credentials'",
        "Credentials({ authorize: async (given) => { await mail(given.email); return null } })",
    ),
    "Auth.js events": (
        "",
        "{ events: { signIn: async ({ user }) => { await mail(user.email) } } }",
    ),
    "Better Auth": (
        "import { magicLink } from 'better-auth/plugins'",
        "magicLink({ sendMagicLink: async ({ email }) => { await mail(email) } })",
    ),
    "Better Auth, one plugin": (
        "import { emailOTP } from 'better-auth/plugins/email-otp'",
        "emailOTP({ sendVerificationOTP: async ({ email }) => { await mail(email) } })",
    ),
    "Better Auth hooks": (
        "import { createAuthMiddleware } from 'better-auth/api'",
        "createAuthMiddleware(async (ctx) => { await mail(ctx.body.email) })",
    ),
}


@pytest.mark.parametrize("name", SET_UPS)
def test_making_the_set_up_runs_none_of_its_callbacks(name: str) -> None:
    imported, part = SET_UPS[name]
    action = run(
        f"""
        'use server'
        import {{ getServerSession }} from 'next-auth'
        import {{ Resend }} from 'resend'
        import {{ prisma }} from '@/lib/prisma'
        {imported}
        const resend = new Resend(process.env.RESEND_KEY)
        const mail = (to: string) => resend.emails.send({{ from: 'a@b.example', to, subject: 'Code', text: '1' }})
        const options = () => ({{ providers: [{part}] }})

        export async function rename(name: string) {{
          const session = await getServerSession(options())
          if (!session?.user) throw new Error('Unauthorized')
          await prisma.user.update({{ where: {{ id: session.user.id }}, data: {{ name }} }})
        }}
        """
    )["rename"]
    assert EffectKind.SEND not in {effect.kind for effect in action.effects}
    assert effects(action) == ["write user: Authenticated"]
