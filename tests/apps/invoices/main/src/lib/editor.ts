import { redirect } from 'next/navigation'

import { auth } from '@/auth'

/** The signed-in editor. Announcements belong to everybody; editors look after them. */
export async function requireEditor() {
  const session = await auth()
  if (session?.user?.role !== 'editor') redirect('/')
  return session.user
}
