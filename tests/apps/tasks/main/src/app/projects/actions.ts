'use server'

import { db } from '@/lib/db'
import { taskSchema } from '@/lib/input'
import { requireProject, requireUser } from '@/lib/session'

export async function addProject(name: string) {
  const user = await requireUser()
  await db.project.create({ data: { name: String(name), ownerId: user.id } })
}

export async function renameProject(projectId: string, name: string) {
  await requireProject(projectId)
  await db.project.update({ where: { id: projectId }, data: { name: String(name) } })
}

export async function removeProject(projectId: string) {
  await requireProject(projectId)
  await db.project.delete({ where: { id: projectId } })
}

export async function finishAll(projectId: string) {
  await requireProject(projectId)
  await db.task.updateMany({ where: { projectId }, data: { done: true } })
}

export async function importTask(projectId: string, input: unknown) {
  await requireProject(projectId)
  const task = taskSchema.parse(input)
  try {
    await db.task.updateMany({ where: { projectId }, data: { title: task.title } })
    return { error: null }
  } catch (error) {
    console.error(error)
    return { error: 'The task could not be imported.' }
  }
}
