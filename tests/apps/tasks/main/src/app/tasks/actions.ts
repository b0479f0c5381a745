'use server'

import { db } from '@/lib/db'
import { idSchema, taskSchema } from '@/lib/input'
import { requireUser } from '@/lib/session'

export async function addTask(input: { title: string }) {
  const user = await requireUser()
  const task = taskSchema.parse(input)
  await db.task.create({ data: { title: task.title, ownerId: user.id } })
}

export async function finishTask(id: string) {
  const user = await requireUser()
  const taskId = idSchema.parse(id)
  await db.task.update({ where: { id: taskId, ownerId: user.id }, data: { done: true } })
}

export async function renameTask(id: string, input: unknown) {
  const user = await requireUser()
  const taskId = idSchema.parse(id)
  const task = taskSchema.parse(input)
  await db.task.update({ where: { id: taskId, ownerId: user.id }, data: { title: task.title } })
}

export async function removeTask(id: string) {
  const user = await requireUser()
  const taskId = idSchema.parse(id)
  await db.task.delete({ where: { id: taskId, ownerId: user.id } })
}
