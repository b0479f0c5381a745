"""What an action hands out, and to whom."""

from __future__ import annotations

from tests.analyzers.running import run

AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""


def test_a_secret_that_anybody_gets_is_a_fault_and_what_only_hangs_on_one_is_not() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { createHmac } from 'node:crypto'
                import { v2 as cloudinary } from 'cloudinary'
                import jwt from 'jsonwebtoken'
                import { auth } from '../lib/auth'

                const guarded = async (run) => {
                  const session = await auth()
                  if (!session) return { ok: false, error: 'Sign in' }
                  return { ok: true, value: await run(session) }
                }

                export async function toAnybody() {
                  return { url: '/graphql', secret: process.env.HASURA_ADMIN_SECRET || '' }
                }
                export async function inText() {
                  return `Bearer ${process.env.SEARCH_API_KEY}`
                }
                export async function toTheSignedIn() {
                  return guarded(async () => process.env.MAPS_API_KEY ?? '')
                }
                export async function signed(folder: string) {
                  const token = jwt.sign({ folder }, process.env.JWT_SECRET)
                  const mark = createHmac('sha256', process.env.UPLOAD_SECRET).update(folder).digest('hex')
                  const timestamp = Date.now()
                  const upload = cloudinary.utils.api_sign_request({ timestamp }, process.env.CLOUD_SECRET)
                  return { token, mark, upload }
                }
                export async function known() {
                  return { configured: Boolean(process.env.STRIPE_SECRET_KEY), live: process.env.SECRET_KEY !== 'test' }
                }
                export async function printable() {
                  return { key: process.env.STRIPE_PUBLISHABLE_KEY, region: process.env.AWS_REGION }
                }
            """,
            "lib/auth.ts": AUTH,
        }
    )
    handed_out = {name: facts.anonymous_effect() for name, facts in actions.items()}
    assert {name: found.effect.target for name, found in handed_out.items() if found} == {
        "toAnybody": "HASURA_ADMIN_SECRET",
        "inText": "SEARCH_API_KEY",
    }


def test_a_list_of_those_one_deals_with_is_for_no_visitor_and_the_one_record_whose_id_is_known_may_be() -> None:
    actions = run(
        """
        'use server'
        import { PrismaClient } from '@prisma/client'
        const prisma = new PrismaClient()

        export async function customers() {
          return prisma.customer.findMany()
        }
        export async function wordsOf(chatId: string) {
          return prisma.chat_messages.findMany({ where: { chatId } })
        }
        export async function names() {
          return prisma.customer.findMany({ select: { name: true } })
        }
        export async function howMany() {
          return (await prisma.customer.findMany()).length
        }
        export async function receipt(id: string) {
          return prisma.order.findUnique({ where: { id } })
        }
        export async function questions() {
          return prisma.question.findMany()
        }
        export async function borders() {
          return prisma.border.findMany()
        }
        """
    )
    assert [name for name, facts in actions.items() if facts.hands_out_what_is_private()] == ["customers", "wordsOf"]
