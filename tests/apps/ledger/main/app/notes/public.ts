'use server'

import { sql } from '@/lib/db'

// preship: public -- anybody may subscribe
export async function subscribe(form: FormData) {
  const email = form.get('email')
  if (typeof email !== 'string' || !email.includes('@')) return { error: 'No address' }
  await sql`INSERT INTO subscribers (email) VALUES (${email})`
}
