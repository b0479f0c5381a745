import { redirect } from 'next/navigation'

import { auth } from '@/auth'
import { db } from '@/lib/db'
import { idSchema } from '@/lib/input'

/** The signed-in user; everybody else is sent to the sign-in page. */
export async function requireUser() {
  const session = await auth()
  if (!session?.user?.id) redirect('/sign-in')
  return { id: session.user.id }
}

/** The signed-in user, if the table of users says that they are an administrator. */
export async function requireAdmin() {
  const user = await requireUser()
  const found = await db.user.findUnique({ where: { id: user.id } })
  if (found?.role !== 'admin') redirect('/')
  return user
}

/** A project of the signed-in user; of anybody else's there is none. */
export async function requireProject(projectId: string) {
  const user = await requireUser()
  const project = await db.project.findFirst({ where: { id: idSchema.parse(projectId), ownerId: user.id } })
  if (!project) throw new Error('Not found')
  return project
}
