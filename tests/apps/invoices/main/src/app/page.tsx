import { requireUser } from '@/lib/session'

export default async function Page() {
  const user = await requireUser()
  return <h1>Invoices of {user.email}</h1>
}
