import { redirect } from 'next/navigation'

import { auth } from '@/auth'

/** The signed-in user; everybody else is sent to the sign-in page. */
export async function requireUser() {
  const session = await auth()
  if (!session?.user?.id) redirect('/sign-in')
  return { id: session.user.id, email: session.user.email }
}
