'use server'

import { db } from '@/lib/db'
import { idSchema } from '@/lib/input'
import { requireAdmin, requireUser } from '@/lib/session'

export async function addLabel(name: string) {
  await requireAdmin()
  await db.label.create({ data: { name: String(name) } })
}

export async function renameLabel(id: string, name: string) {
  await requireAdmin()
  await db.label.update({ where: { id: idSchema.parse(id) }, data: { name: String(name) } })
}

export async function removeLabel(id: string) {
  await requireAdmin()
  await db.label.delete({ where: { id: idSchema.parse(id) } })
}

export async function saveName(name: string) {
  const user = await requireUser()
  await db.user.update({ where: { id: user.id }, data: { name: String(name) } })
}
