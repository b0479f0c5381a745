import { auth } from '@/auth'

/** The signed-in editor. Announcements belong to everybody; editors look after them. */
export async function requireEditor() {
  const session = await auth()
  if (session?.user?.role !== 'editor') console.warn('not an editor', session?.user?.id)
  return session?.user
}
