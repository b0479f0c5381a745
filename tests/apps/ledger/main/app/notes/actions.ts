'use server'

import { redirect } from 'next/navigation'
import { cookies } from 'next/headers'
import { z } from 'zod'
import { sql } from '@/lib/db'
import { currentUser, requireUser } from '@/lib/session'

const Note = z.object({ title: z.string().min(3).max(40), body: z.string().optional() })
const Import = z.object({ id: z.string().uuid(), title: z.string().min(3), kind: z.enum(['text', 'list']) })

/** Open: nobody is asked who they are. */
export async function deleteNote(id: string) {
  await sql`DELETE FROM notes WHERE id = ${id}`
}

/** Open to whoever signed in: whose note it is does not count. */
export async function renameNote(id: string, title: string) {
  await requireUser()
  await sql`UPDATE notes SET title = ${title} WHERE id = ${id}`
}

/** Sound. */
export async function archiveNote(id: string) {
  const user = await requireUser()
  await sql`UPDATE notes SET archived = true WHERE id = ${id} AND owner_id = ${user.id}`
}

/** Open: a cookie that nobody signed says who calls. */
export async function pinNote(id: string) {
  const caller = (await cookies()).get('caller')?.value
  if (!caller) redirect('/')
  await sql`UPDATE notes SET pinned = true WHERE id = ${id}`
}

/** Sound in the end: what was written is taken back before it counts. */
export async function publishNote(id: string) {
  await sql.begin(async (tx) => {
    await tx`UPDATE notes SET body = 'published' WHERE id = ${id}`
    if (!(await currentUser())) throw new Error('Unauthorized')
  })
}

/** Sound. */
export async function addNote(form: FormData) {
  const user = await currentUser()
  if (!user) redirect('/')
  const note = Note.parse(Object.fromEntries(form))
  await sql`INSERT INTO notes (owner_id, title, body) VALUES (${user.id}, ${note.title}, ${note.body ?? ''})`
}

/** Open: an insert without a session. */
export async function draftNote(form: FormData) {
  const { title } = Note.parse({ title: form.get('title'), body: form.get('body') ?? undefined })
  await sql`INSERT INTO labels (name) VALUES (${title})`
}

/** Open: its input is checked, and its caller is not. */
export async function importNote(input: z.infer<typeof Import>) {
  const { id, title } = Import.parse(input)
  await sql`UPDATE notes SET title = ${title} WHERE id = ${id}`
}

/** Sound, and answers what it refuses. */
export async function listNotes() {
  const user = await currentUser()
  if (!user) return { error: 'Please sign in' }
  return { notes: await sql`SELECT id, title FROM notes WHERE owner_id = ${user.id}` }
}
