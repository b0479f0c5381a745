'use server'

import { revalidatePath } from 'next/cache'

import { db } from '@/lib/db'
import { requireEditor } from '@/lib/editor'

export async function publishAnnouncement(text: string) {
  await requireEditor()
  await db.announcement.create({ data: { text } })
  revalidatePath('/announcements')
}

export async function pinAnnouncement(id: string) {
  await requireEditor()
  await db.announcement.update({ where: { id }, data: { pinned: true } })
  revalidatePath('/announcements')
}

export async function retractAnnouncement(id: string) {
  await requireEditor()
  await db.announcement.delete({ where: { id } })
  revalidatePath('/announcements')
}
