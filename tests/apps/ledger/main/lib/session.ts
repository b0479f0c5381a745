import { createHmac, timingSafeEqual } from 'node:crypto'
import { cookies } from 'next/headers'
import { sql } from '@/lib/db'

const sign = (id: string) => createHmac('sha256', process.env.SESSION_SECRET!).update(id).digest('hex')

/** Whoever signed in: the cookie `session` is `id.signature`. */
export async function currentUser() {
  const value = (await cookies()).get('session')?.value
  if (!value) return null
  const [id, signature] = value.split('.')
  const expected = sign(id)
  if (signature?.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return null
  const [user] = await sql`SELECT id, name FROM users WHERE id = ${id}`
  return user ?? null
}

export async function requireUser() {
  const user = await currentUser()
  if (!user) throw new Error('Unauthorized')
  return user
}
