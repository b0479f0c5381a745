"""A role is missing: the application has a permission for it."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.rule import Bad, Good, actions


def clients(asks: str, archives: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """A file of clients: what the deletion asks for, and what stands before a client is archived."""
    return actions(
        f"""
            'use server'
            import {{ prisma }} from '../lib/prisma'
            import {{ requirePermission, requireUser }} from '../lib/permissions'

            export async function deleteClient(id: string) {{
              {asks}
              await prisma.client.delete({{ where: {{ id }} }})
            }}

            export async function archiveClients() {{
              {archives}
              await prisma.client.updateMany({{ data: {{ isArchived: true }} }}){marked}
            }}
        """,
        {
            "lib/permissions.ts": """
                import { auth } from './auth'
                const MATRIX = {
                  admin: ['clients.create', 'clients.delete', 'notes.delete'],
                  clerk: ['clients.create'],
                }
                export async function requireUser() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return session.user
                }
                export async function requirePermission(permission: string) {
                  const user = await requireUser()
                  if (!MATRIX[user.role].includes(permission)) throw new Error('Not allowed')
                  return user
                }
            """,
        },
    )


def handled_by_a_route(permission: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """An action for any signed-in user, and a handler of requests that tells its wrapper what to ask for."""
    return actions(
        f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function silenceAll() {{
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.subscriber.updateMany({{ data: {{ isSilent: true }} }}){marked}
            }}
        """,
        {
            "app/api/subscribers/route.ts": f"""
                import {{ withTeam }} from 'our-own-wrappers'
                import {{ prisma }} from '../../../lib/prisma'
                export const DELETE = withTeam(async ({{ id }}) => {{
                  await prisma.subscriber.delete({{ where: {{ id }} }})
                  return new Response(null, {{ status: 204 }})
                }}, {{ requiredPermissions: [{permission}] }})
            """,
        },
    )


EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "the matrix has a permission for it, and the neighbour asks",
        clients("await requirePermission('clients.delete')", "await requireUser()"),
    ),
    Bad(
        "a handler of requests asks for the permission, the action does not",
        handled_by_a_route("'subscribers.write'"),
    ),
    Good("the handler asks for a permission to read them", handled_by_a_route("'subscribers.read'", "")),
    Good("the handler asks for a permission on other records", handled_by_a_route("'letters.write'", "")),
    Good(
        "it asks for the permission as well",
        clients("await requirePermission('clients.delete')", "await requirePermission('clients.delete')", marked=""),
    ),
    Good(
        "users who may not manage users rename themselves",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function updateUser(userId: string, name: string) {
                  const session = await auth()
                  if (!session?.user.permissions.includes('manageUsers')) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: userId }, data: { name } })
                }

                export async function renameUser(userId: string, name: string) {
                  const session = await auth()
                  if (session?.user?.id !== userId) throw new Error('Not yours')
                  const before = await prisma.user.findUnique({ where: { id: userId }, select: { name: true } })
                  if (before?.name !== name) await prisma.user.update({ where: { id: userId }, data: { name } })
                }
            """),
    ),
    Good(
        "the permission that the neighbour asks for is about other records",
        clients("await requirePermission('notes.delete')", "await requireUser()", marked=""),
    ),
    Good(
        "the permission that the neighbour asks for is for another operation",
        clients("await requirePermission('clients.create')", "await requireUser()", marked=""),
    ),
)
