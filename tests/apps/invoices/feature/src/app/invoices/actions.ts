'use server'

import { revalidatePath } from 'next/cache'

import { auth } from '@/auth'
import { ownInvoice } from '@/lib/access'
import { db } from '@/lib/db'
import { Id, Text } from '@/lib/input'
import { requireUser } from '@/lib/session'
import { withUser } from '@/lib/with-user'

export async function renameInvoice(id: string, title: string) {
  const session = await auth()
  if (!session?.user?.id) throw new Error('You are not signed in')
  const invoice = await db.invoice.findUnique({ where: { id: Id.parse(id) } })
  if (!invoice || invoice.ownerId !== session.user.id) throw new Error('There is no such invoice')
  await db.invoice.update({ where: { id: invoice.id }, data: { title: Text.parse(title) } })
  revalidatePath('/invoices')
}

export async function voidInvoice(id: string) {
  const invoice = await ownInvoice(Id.parse(id))
  await db.invoice.update({ where: { id: invoice.id }, data: { voided: true } })
  revalidatePath('/invoices')
}

export const addNote = withUser(async (user, text: string) => {
  await db.note.create({ data: { text: Text.parse(text), authorId: user.id } })
  revalidatePath('/notes')
})

export async function deleteInvoice(id: string) {
  const user = await requireUser()
  await db.invoice.deleteMany({ where: { id: Id.parse(id), ownerId: user.id } })
  revalidatePath('/invoices')
}

export async function markPaid(id: string) {
  await db.invoice.update({ where: { id: Id.parse(id) }, data: { paidAt: new Date() } })
  revalidatePath('/invoices')
}

export async function renameCustomer(id: string, name: string) {
  const session = await auth()
  await db.customer.update({ where: { id: Id.parse(id) }, data: { name: Text.parse(name) } })
  console.info('customer renamed by', session?.user?.email)
  revalidatePath('/customers')
}

export async function deleteCustomer(id: string) {
  await requireUser()
  await db.customer.delete({ where: { id: Id.parse(id) } })
  revalidatePath('/customers')
}
