'use server'

import { auth } from '@/auth'
import { db } from '@/lib/db'
import { profileSchema } from '@/lib/input'

export async function saveProfile(input: { name: string; bio: string }) {
  const session = await auth()
  if (!session?.user?.id) throw new Error('Sign in first')
  const profile = profileSchema.parse(input)
  await db.user.update({ where: { id: session.user.id }, data: profile })
}

export async function removeDone() {
  const session = await auth()
  if (!session?.user?.id) throw new Error('Sign in first')
  await db.task.deleteMany({ where: { ownerId: session.user.id, done: true } })
}

export async function addFeedback(text: string) {
  const session = await auth()
  if (!session?.user?.id) throw new Error('Sign in first')
  await db.feedback.create({ data: { text: String(text) } })
}
