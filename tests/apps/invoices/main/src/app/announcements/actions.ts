'use server'

import { revalidatePath } from 'next/cache'

import { db } from '@/lib/db'
import { requireEditor } from '@/lib/editor'
import { Id, Text } from '@/lib/input'

export async function publishAnnouncement(text: string) {
  await requireEditor()
  await db.announcement.create({ data: { text: Text.parse(text) } })
  revalidatePath('/announcements')
}

export async function pinAnnouncement(id: string) {
  await requireEditor()
  await db.announcement.update({ where: { id: Id.parse(id) }, data: { pinned: true } })
  revalidatePath('/announcements')
}

export async function retractAnnouncement(id: string) {
  await requireEditor()
  await db.announcement.delete({ where: { id: Id.parse(id) } })
  revalidatePath('/announcements')
}
