"""An owner is not asked for: roles and scopes within a tenant."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good
from preship.analyzers.rules.examples.ownership_stack import AUTH, PRISMA

SCHOOLS = """
    model School {
      id String @id
    }
    model User {
      id       String @id
      role     String
      school   School @relation(fields: [schoolId], references: [id])
      schoolId String
    }
    model Room {
      id       String @id
      school   School @relation(fields: [schoolId], references: [id])
      schoolId String
    }
"""


ROOMS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireRole(role: string) {
      const session = await auth()
      if (session?.user?.role !== role) throw new Error('Forbidden')
      return session.user
    }

    export async function roomIds() {
      const { schoolId } = await requireRole('ADMIN')
      return prisma.room.findMany({ where: { schoolId }, select: { id: true } })
    }
"""


EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "a tenant that users write into their own session",
        {
            "app/actions.ts": """
                    'use server'
                    import { createServerClient } from '@supabase/ssr'
                    import { PrismaClient } from '@prisma/client'
                    import { cookies } from 'next/headers'

                    const prisma = new PrismaClient()

                    export async function setOpen(id: string, open: boolean) {
                      const jar = await cookies()
                      const supabase = createServerClient(process.env.URL!, process.env.KEY!, { cookies: jar })
                      const { data: { user } } = await supabase.auth.getUser()
                      if (!user) throw new Error('Not signed in')
                      const organizationId = user.user_metadata.organization_id
                      await prisma.ticket.update({ where: { id, organizationId }, data: { open } })  // <- finding
                    }
                """,
        },
    ),
    Bad(
        "an admin of any school changes the rooms of all",
        {
            "app/actions.ts": ROOMS
            + """
    export async function closeRoom(id: string) {
      await requireRole('ADMIN')
      await prisma.room.delete({ where: { id } })  // <- finding
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": SCHOOLS,
        },
    ),
    Good(
        "an admin changes the rooms of the own school",
        {
            "app/actions.ts": ROOMS
            + """
    export async function closeRoom(id: string) {
      const user = await requireRole('ADMIN')
      const room = await prisma.room.findUnique({ where: { id } })
      if (room?.schoolId !== user.schoolId) throw new Error('Not found')
      await prisma.room.delete({ where: { id } })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": SCHOOLS,
        },
    ),
    Good(
        "those who run the application change the rooms of all schools",
        {
            "app/actions.ts": ROOMS
            + """
    export async function closeRoom(id: string) {
      await requireRole('SUPER_ADMIN')
      await prisma.room.delete({ where: { id } })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": SCHOOLS,
        },
    ),
)
