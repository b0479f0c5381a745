"""An owner is not asked for: what the rest of the file asks, and ways around a check."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good
from preship.analyzers.rules.examples.ownership_stack import AUTH, PRISMA

READS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireMember(formId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const member = await prisma.member.findFirst({ where: { formId, userId: session.user.id } })
      if (!member) throw new Error('Not found')
    }

    export async function answersTo(formId: string) {
      await requireMember(formId)
      return prisma.answer.findMany({ where: { formId }, select: { text: true } })
    }

    export async function settingsOf(formId: string) {
      await requireMember(formId)
      return prisma.setting.findFirst({ where: { formId }, select: { theme: true } })
    }
"""


SHOP = """
    import Medusa from '@medusajs/js-sdk'
    export const shop = new Medusa({ baseUrl: process.env.SHOP_URL })
"""


CARTS = """
    'use server'
    import { cookies } from 'next/headers'
    import { shop } from '../lib/shop'

    const bearer = async () => ({ authorization: `Bearer ${(await cookies()).get('token')?.value}` })

    export async function changeLine(line: string, quantity: number) {
      const id = (await cookies()).get('cart')?.value
      await shop.store.cart.updateLineItem(id, line, { quantity }, {}, await bearer())
    }

    export async function dropLine(line: string) {
      const id = (await cookies()).get('cart')?.value
      await shop.store.cart.deleteLineItem(id, line, {}, await bearer())
    }
"""


WEBHOOKS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireOwner(webhookId: string, userId: string) {
      const webhook = await prisma.webhook.findUnique({ where: { id: webhookId } })
      if (webhook?.ownerId !== userId) throw new Error('Not found')
    }
"""


EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "somebody else's, copied to where the caller may write",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function copySurvey(surveyId: string, teamId: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
                      if (!member) throw new Error('Not found')
                      const survey = await prisma.survey.findUnique({ where: { id: surveyId } })  // <- finding
                      await prisma.survey.create({ data: { ...survey, id: undefined, teamId } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "all other reads of the file ask first",
        {
            "app/actions.ts": READS
            + """
    export async function visitsOf(formId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return prisma.visit.findMany({ where: { formId }, select: { at: true } })  // <- finding
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "a guest's cart, but anybody's",
        {
            "app/actions.ts": CARTS
            + """
    export async function ship(cartId: string, method: string) {
      await shop.store.cart.addShippingMethod(cartId, { option_id: method }, {}, await bearer())  // <- finding
    }
""",
            "lib/shop.ts": SHOP,
        },
    ),
    Good(
        "the cookie names the cart, unless an argument does",
        {
            "app/actions.ts": CARTS
            + """
    export async function ship(method: string, cartId?: string) {
      const id = cartId ?? (await cookies()).get('cart')?.value
      await shop.store.cart.addShippingMethod(id, { option_id: method }, {}, await bearer())
    }
""",
            "lib/shop.ts": SHOP,
        },
    ),
    Bad(
        "whoever names no webhook is asked for nothing",
        {
            "app/actions.ts": WEBHOOKS
            + """
    export async function tryWebhook(url: string, webhookId?: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      if (webhookId) await requireOwner(webhookId, session.user.id)
      await fetch(url, { method: 'POST', body: 'ping' })  // <- finding
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "whoever names no webhook must name a team of theirs",
        {
            "app/actions.ts": WEBHOOKS
            + """
    export async function tryWebhook(url: string, teamId: string, webhookId?: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      if (webhookId) {
        await requireOwner(webhookId, session.user.id)
      } else {
        const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
        if (!member) throw new Error('Not found')
      }
      await fetch(url, { method: 'POST', body: 'ping' })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "one of the other reads asks for nothing either",
        {
            "app/actions.ts": READS
            + """
    export async function visitsOf(formId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return prisma.visit.findMany({ where: { formId }, select: { at: true } })
    }

    export async function titleOf(formId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return prisma.form.findUnique({ where: { id: formId }, select: { title: true } })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "only changes are kept for somebody, and all may read",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    async function requireAuthor(id: string) {
                      const session = await auth()
                      const post = await prisma.post.findUnique({ where: { id } })
                      if (!session?.user || post?.authorId !== session.user.id) throw new Error('Not found')
                    }

                    export async function removePost(id: string) {
                      await requireAuthor(id)
                      await prisma.post.delete({ where: { id } })
                    }

                    export async function renamePost(id: string, title: string) {
                      await requireAuthor(id)
                      await prisma.post.update({ where: { id }, data: { title } })
                    }

                    export async function readPost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return prisma.post.findUnique({ where: { id }, select: { title: true, text: true } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
)
