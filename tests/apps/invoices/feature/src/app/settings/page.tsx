import { revalidatePath } from 'next/cache'

import { db } from '@/lib/db'
import { requireUser } from '@/lib/session'

export default async function SettingsPage() {
  const user = await requireUser()

  async function saveCompany(form: FormData) {
    'use server'
    await db.company.updateMany({ data: { email: String(form.get('email')) } })
    revalidatePath('/settings')
  }

  return (
    <form action={saveCompany}>
      <h1>Settings of {user.email}</h1>
      <input name="email" type="email" required />
      <button>Save</button>
    </form>
  )
}
