import { revalidatePath } from 'next/cache'

import { db } from '@/lib/db'

export default async function SettingsPage() {
  const company = await db.company.findFirst()

  async function saveCompany(form: FormData) {
    'use server'
    await db.company.updateMany({ data: { email: String(form.get('email')) } })
    revalidatePath('/settings')
  }

  return (
    <form action={saveCompany}>
      <h1>Settings</h1>
      <input name="email" type="email" defaultValue={company?.email} required />
      <button>Save</button>
    </form>
  )
}
