"""Clerk, as actions call it."""

from __future__ import annotations

from preship.analyzers.actions.words import word
from preship.analyzers.flow.facts import Role
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""


def test_every_field_of_the_session_object_tells_of_the_same_session() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { auth } from '@clerk/nextjs/server'
                import { prisma } from '../lib/prisma'

                export async function byUser(id: string) {
                  const { userId, orgId } = await auth()
                  if (!userId) throw new Error('Unauthorized')
                  await prisma.post.delete({ where: { id } })
                }
                export async function byOrganization(id: string) {
                  const { userId, orgId } = auth()
                  if (!orgId) return { error: 'no organization' }
                  await prisma.post.delete({ where: { id, orgId } })
                }
                export async function byFlag(id: string) {
                  const session = await auth()
                  if (!session.isAuthenticated) return session.redirectToSignIn()
                  await prisma.post.delete({ where: { id } })
                }
                export async function unasked(id: string) {
                  const { userId } = await auth()
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["byUser"]) == ["delete post: Authenticated"]
    assert effects(actions["byOrganization"]) == ["delete post: Authenticated"]
    assert effects(actions["byFlag"]) == ["delete post: Authenticated"]
    assert effects(actions["unasked"]) == ["delete post"]


def test_whoever_has_no_organization_is_kept_out_by_no_condition_on_it() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { auth } from '@clerk/nextjs/server'
                import { prisma } from '../lib/prisma'

                export async function either(id: string) {
                  const { userId, orgId } = await auth()
                  if (!userId && !orgId) throw new Error('Unauthorized')
                  await prisma.post.delete({ where: { id, orgId } })
                }
                export async function both(id: string) {
                  const { userId, orgId } = await auth()
                  if (!userId || !orgId) throw new Error('Unauthorized')
                  await prisma.post.delete({ where: { id, orgId } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert [u.effect.what for u in actions["either"].unowned_effects()] == ["prisma.post.delete"]
    assert list(actions["both"].unowned_effects()) == []


def test_protect_is_a_guard_only_once_it_is_awaited() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { auth } from '@clerk/nextjs/server'
                import { prisma } from '../lib/prisma'

                export async function awaited(id: string) {
                  const { userId } = await auth.protect()
                  await prisma.post.delete({ where: { id, authorId: userId } })
                }
                export async function forgotten(id: string) {
                  auth.protect()
                  await prisma.post.delete({ where: { id } })
                }
                export async function fifth(id: string) {
                  auth().protect({ role: 'org:admin' })
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["awaited"]) == ["delete post: Authenticated"]
    assert effects(actions["forgotten"]) == ["delete post"]
    assert effects(actions["fifth"]) == ["delete post: Authenticated, Role"]
    assert {f.any_of for e in actions["fifth"].effects for f in e.facts if isinstance(f, Role)} == {("org:admin",)}


def test_the_current_user_and_the_session_are_there_together() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { auth, currentUser } from '@clerk/nextjs/server'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const user = await currentUser()
                  if (!user) return null
                  const { userId } = await auth()
                  await prisma.profile.update({ where: { userId }, data: { name } })
                }
                export async function moderate(id: string) {
                  const { has } = await auth()
                  if (!has({ permission: 'org:posts:moderate' })) throw new Error('Forbidden')
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["rename"]) == ["write profile: Authenticated"]
    assert list(actions["rename"].unowned_effects()) == []
    assert effects(actions["moderate"]) == ["delete post: Authenticated, Role"]


def test_the_management_interface_does_what_it_is_told() -> None:
    actions = run(
        """
        'use server'
        import { auth, clerkClient } from '@clerk/nextjs/server'

        export async function promote(userId: string, role: string) {
          const client = await clerkClient()
          await client.users.updateUserMetadata(userId, { publicMetadata: { role } })
        }
        export async function remove(organizationId: string) {
          const { userId } = await auth()
          if (!userId) throw new Error('Unauthorized')
          await clerkClient.organizations.deleteOrganizationMembership({ organizationId, userId })
        }
        export async function expel(organizationId: string, userId: string) {
          const { userId: me } = await auth()
          if (!me) throw new Error('Unauthorized')
          const client = await clerkClient()
          await client.organizations.deleteOrganizationMembership({ organizationId, userId })
        }
        """
    )
    assert effects(actions["promote"]) == ["write users"]
    assert effects(actions["remove"]) == ["delete organizations: Authenticated"]
    assert list(actions["remove"].unowned_effects()) == []
    assert effects(actions["expel"]) == ["delete organizations: Authenticated"]
    assert [word(o) for u in actions["expel"].unowned_effects() for o in u.named_by] == [
        "organizationId",
        "userId",
    ]
