"""A role is missing: the action gives away more than its caller has."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good, actions

EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "one of two roles makes anybody anything",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, role: Role) {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: userId }, data: { role } })  // <- finding
                }
            """),
    ),
    Bad(
        "whoever comes first becomes the admin",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function becomeAdmin() {
                  if (await prisma.user.count({ where: { role: 'admin' } })) return
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.user.id }, data: { role: 'admin' } })  // <- finding
                }
            """),
    ),
    Bad(
        "a form makes administrators, whom only owners make elsewhere",
        actions(
            """
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Member = z.object({ name: z.string(), isAdmin: z.boolean().default(false) })

                export async function addMember(input: unknown) {
                  const session = await auth()
                  if (!session?.user?.isAdmin) throw new Error('Not allowed')
                  await prisma.member.create({ data: Member.parse(input) })  // <- finding
                }
            """,
            {
                "app/admins.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function makeAdmin(id: string) {
                      const session = await auth()
                      if (session?.user?.role !== 'owner') throw new Error('Not allowed')
                      await prisma.member.update({ where: { id }, data: { isAdmin: true } })
                    }
                """
            },
        ),
    ),
    Good(
        "only an owner makes owners",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, role: Role = 'member') {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  if (role === 'owner' && session.user.role !== 'owner') throw new Error('Only owners make owners')
                  await prisma.user.update({ where: { id: userId }, data: { role } })
                }
            """),
    ),
    Good(
        "a lower role is held to less",
        actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Invitation = z.object({ email: z.string().email(), role: z.enum(['owner', 'manager', 'member']) })

                export async function invite(teamId: string, input: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const { email, role } = Invitation.parse(input)
                  const userId_teamId = { userId: session.user.id, teamId }
                  const me = await prisma.member.findUnique({ where: { userId_teamId } })
                  if (!me || !['owner', 'manager'].includes(me.role)) throw new Error('Not allowed')
                  if (me.role === 'manager' && role !== 'member') throw new Error('Managers invite members')
                  await prisma.invitation.create({ data: { teamId, email, role } })
                }
            """),
    ),
    Good(
        "the schema admits none of the highest",
        actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, input: unknown) {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  const role = z.enum(['member', 'viewer']).parse(input)
                  await prisma.user.update({ where: { id: userId }, data: { role } })
                }
            """),
    ),
    Good(
        "an owner steps down",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function handOver(teamId: string, memberId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const owner = { teamId, userId: session.user.id, role: 'owner' }
                  const me = await prisma.member.findFirst({ where: owner })
                  if (!me) throw new Error('Only owners hand over')
                  await prisma.member.update({ where: { id: memberId, teamId }, data: { role: 'owner' } })
                  await prisma.member.update({ where: { id: me.id }, data: { role: 'admin' } })
                }
            """),
    ),
    Good(
        "the first admin is named in the environment",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function becomeAdmin() {
                  const session = await auth()
                  if (!session?.user || session.user.email !== process.env.FIRST_ADMIN) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: session.user.id }, data: { role: 'admin' } })
                }
            """),
    ),
)
