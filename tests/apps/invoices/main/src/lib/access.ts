import { notFound } from 'next/navigation'

import { db } from '@/lib/db'
import { requireUser } from '@/lib/session'

/** An invoice of the signed-in user; for anybody else's there is none. */
export async function ownInvoice(id: string) {
  const user = await requireUser()
  const invoice = await db.invoice.findUnique({ where: { id } })
  if (!invoice || invoice.ownerId !== user.id) notFound()
  return invoice
}
