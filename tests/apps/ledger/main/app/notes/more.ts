'use server'

import { sql } from '@/lib/db'
import { currentUser, requireUser } from '@/lib/session'

type Label = { id: string; name: string; colour?: 'red' | 'blue' }

/** Sound. */
export async function addLabel(name: string) {
  await requireUser()
  await sql`INSERT INTO labels (name) VALUES (${name})`
}

/** Open. */
export async function renameLabel({ id, name }: Label) {
  await sql`UPDATE labels SET name = ${name} WHERE id = ${id}`
}

/** Open, and touches every row: never called unless rows may be written. */
export async function clearLabels() {
  await sql`DELETE FROM labels`
}

/** Sound: refuses by what it answers. */
export async function readNote(id: string) {
  const user = await currentUser()
  if (!user) return { ok: false, message: 'Not signed in' }
  const [note] = await sql`SELECT title, body FROM notes WHERE id = ${id} AND owner_id = ${user.id}`
  return { ok: true, note }
}

/** Open: anybody reads any note. */
export async function peekNote(id: string) {
  const [note] = await sql`SELECT title, body, owner_id FROM notes WHERE id = ${id}`
  return note
}

/** Open to whoever signed in: whose note it is does not count. */
export async function showNote(id: string) {
  await requireUser()
  const [note] = await sql`SELECT title, body FROM notes WHERE id = ${id}`
  return note
}
