'use server'

import { prisma } from '../lib/db'
import { currentUser } from '../lib/session'

export async function renameTeam(teamId: string, name: string) {
  const user = await currentUser()
  await prisma.team.update({ where: { id: String(teamId), ownerId: user.id }, data: { name: String(name) } })
}
