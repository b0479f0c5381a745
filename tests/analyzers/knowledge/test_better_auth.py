"""Better Auth, as actions call it."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import Role
from tests.analyzers.running import effects, run

FILES = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/auth.ts": """
        import { betterAuth } from 'better-auth'
        import { prismaAdapter } from 'better-auth/adapters/prisma'
        import { prisma } from './prisma'
        export const auth = betterAuth({ database: prismaAdapter(prisma, { provider: 'postgresql' }) })
    """,
}


def test_the_session_is_there_or_it_is_null() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function enforced(name: string) {
                  const session = await auth.api.getSession({ headers: await headers() })
                  if (!session?.user) throw new Error('Unauthorized')
                  await prisma.user.update({ where: { id: session.user.id }, data: { name } })
                }
                export async function ignored(name: string) {
                  const session = await auth.api.getSession({ headers: await headers() })
                  await prisma.user.updateMany({ where: { id: session?.user.id }, data: { name } })
                }
            """,
        }
    )
    assert effects(actions["enforced"]) == ["write user: Authenticated"]
    assert effects(actions["ignored"]) == ["write user"]


def test_an_endpoint_with_the_callers_headers_judges_by_itself() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'

                export async function revoke(id: string) {
                  await auth.api.deleteOAuthConsent({ headers: await headers(), body: { id } })
                }
                export async function appoint(memberId: string, organizationId: string) {
                  await auth.api.addMember({ body: { userId: memberId, organizationId, role: 'owner' } })
                }
                export async function appointWithHeaders(memberId: string, organizationId: string) {
                  const body = { userId: memberId, organizationId, role: 'owner' }
                  await auth.api.addMember({ headers: await headers(), body })
                }
            """,
        }
    )
    assert effects(actions["revoke"]) == []
    assert [e.client for e in actions["revoke"].effects if e.kind is EffectKind.DELETE] == [Client.CALLER]
    assert effects(actions["appoint"]) == ["insert member"]
    assert effects(actions["appointWithHeaders"]) == ["insert member"]


def test_signing_in_needs_no_session() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { auth } from '../lib/auth'

                export async function login(form: FormData) {
                  const email = form.get('email') as string
                  await auth.api.signInEmail({ body: { email, password: form.get('password') as string } })
                }
            """,
        }
    )
    assert actions["login"].public == "it begins a session or proves a credential"


def test_a_permission_of_the_caller_is_a_role() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function publish(id: string) {
                  const { success } = await auth.api.hasPermission({
                    headers: await headers(), body: { permissions: { post: ['publish'] } },
                  })
                  if (!success) throw new Error('Forbidden')
                  await prisma.post.update({ where: { id }, data: { published: true } })
                }
            """,
        }
    )
    assert effects(actions["publish"]) == ["write post: Authenticated, Role"]


def test_a_permission_covers_the_organization_that_it_was_asked_for() -> None:
    def unowned(asked: str, key: str) -> int:
        action = f"""
            'use server'
            import {{ headers }} from 'next/headers'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function remove(id: string, organizationId: string) {{
              const session = await auth.api.getSession({{ headers: await headers() }})
              if (!session) throw new Error('Not signed in')
              const body = {{ permissions: {{ post: ['delete'] }} {asked} }}
              const {{ success }} = await auth.api.hasPermission({{ headers: await headers(), body }})
              if (!success) throw new Error('Forbidden')
              await prisma.post.deleteMany({{ where: {{ id {key} }} }})
            }}
        """
        return len(list(run({**FILES, "app/actions.ts": action})["remove"].unowned_effects()))

    assert unowned("", "") == 1
    assert unowned("", ", organizationId: session.session.activeOrganizationId") == 0
    assert unowned("", ", organizationId") == 1
    assert unowned(", organizationId", ", organizationId") == 0


@pytest.mark.parametrize(
    ("check", "is_a_role"),
    [
        ("const me = await api.getActiveMember(who); if (me?.role !== 'owner') throw new Error('no')", True),
        ("const { role } = await api.getActiveMemberRole(who); if (!['owner', 'admin'].includes(role)) return", True),
        ("if (!(await api.getActiveMember(who)).role.split(',').includes('owner')) return", True),
        (
            """const team = await api.getFullOrganization(who)
               const me = team?.members.find((member) => member.userId === session.user.id)
               if (!me || me.role !== 'owner') return""",
            True,
        ),
        ("await api.getActiveMember(who)", False),
        ("const me = await api.getActiveMember(who); if (!me) return", False),
        ("const me = await api.getActiveMember(who); if (me.role === 'owner') return", False),
        ("const other = await api.getMember(who); if (other.role !== 'owner') return", False),
    ],
)
def test_the_role_of_the_callers_own_membership_holds_in_the_active_organization(check: str, is_a_role: bool) -> None:
    action = f"""
        'use server'
        import {{ headers }} from 'next/headers'
        import {{ auth }} from '../lib/auth'
        import {{ prisma }} from '../lib/prisma'

        export async function remove(id: string) {{
          const {{ api }} = auth
          const who = {{ headers: await headers() }}
          const session = await api.getSession(who)
          if (!session) throw new Error('Not signed in')
          {check}
          await prisma.post.deleteMany({{ where: {{ id }} }})
        }}
    """
    (change,) = run({**FILES, "app/actions.ts": action})["remove"].choosing_effects()
    roles = [fact for fact in change.facts if isinstance(fact, Role)]
    assert bool(roles) is is_a_role
    assert all(fact.within for fact in roles)


@pytest.mark.parametrize(
    ("asked", "is_theirs"),
    [
        ("const mine = await api.getFullOrganization(who); if (post.teamId !== mine?.id) return", True),
        ("const mine = await api.organization.getActive(who); if (post.teamId !== mine?.data?.id) return", True),
        (
            "const all = await api.listOrganizations(who); if (!all.some((a) => a.id === post.teamId)) return",
            True,
        ),
        (
            "const mine = await api.listUserAccounts(who); if (!mine.some((a) => a.id === post.teamId)) return",
            True,
        ),
        ("const it = await api.getTeam({ ...who, query: { id } }); if (post.teamId !== it.id) return", False),
        ("const it = await api.getTeam({ query: { id: 'main' } }); if (post.teamId !== it.id) return", False),
        ("const it = await api.getTeam(who); if (post.teamId !== it.id) return", False),
    ],
)
def test_what_an_endpoint_tells_that_is_given_only_the_callers_headers_is_theirs(asked: str, is_theirs: bool) -> None:
    action = f"""
        'use server'
        import {{ headers }} from 'next/headers'
        import {{ auth }} from '../lib/auth'
        import {{ prisma }} from '../lib/prisma'

        export async function remove(id: string) {{
          const {{ api }} = auth
          const who = {{ headers: await headers() }}
          const session = await api.getSession(who)
          if (!session) throw new Error('Not signed in')
          const post = await prisma.post.findUnique({{ where: {{ id }} }})
          {asked}
          await prisma.post.delete({{ where: {{ id }} }})
        }}
    """
    found = list(run({**FILES, "app/actions.ts": action})["remove"].unowned_effects())
    assert bool(found) is not is_theirs


def test_the_internal_adapter_does_what_it_is_told() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { auth } from '../lib/auth'

                export async function promote(userId: string) {
                  const { internalAdapter } = await auth.$context
                  await internalAdapter.updateUser(userId, { role: 'admin' })
                }
            """,
        }
    )
    assert effects(actions["promote"]) == ["write Better Auth's own records"]


WITH_A_ROLE = {
    "app/actions.ts": """
        'use server'
        import { headers } from 'next/headers'
        import { auth } from '../lib/auth'
        import { prisma } from '../lib/prisma'
        export async function clear() {
          const session = await auth.api.getSession({ headers: await headers() })
          if (session?.user.role !== 'admin') throw new Error('Admins only')
          await prisma.coupon.deleteMany({})
        }
    """,
    "lib/prisma.ts": FILES["lib/prisma.ts"],
}


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ("user: { additionalFields: { role: { type: 'string' } } }", ["user.role"]),
        ("user: { additionalFields: { ...{ role: { type: 'string' } } } }, plugins: [organization()]", ["user.role"]),
        ("user: { additionalFields: { role: { type: 'string', input: false } } }", []),
        ("user: { additionalFields: { theme: { type: 'string' } } }", []),
        ("user: { additionalFields: { role: { type: 'string' } } }, plugins: [organization(), admin({})]", []),
        ("user: { additionalFields: { role: { type: 'string' } } }, plugins: await import('./plugins')", []),
        ("plugins: [admin()]", []),
    ],
)
def test_an_additional_field_is_what_its_owner_sends_unless_it_says_otherwise(options: str, parts: list[str]) -> None:
    auth = f"""
        import {{ betterAuth }} from 'better-auth'
        import {{ admin, organization }} from 'better-auth/plugins'
        export const auth = betterAuth({{ {options} }})
    """
    facts = run({**WITH_A_ROLE, "lib/auth.ts": auth})["clear"]
    assert [each.part for each in facts.self_declared()] == parts
