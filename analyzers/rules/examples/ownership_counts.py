"""An owner is not asked for: what is only counted along."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good
from preship.analyzers.rules.examples.ownership_stack import AUTH, PRISMA

EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "a number that the caller chooses is no count",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function give(accountId: string, amount: number) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      const gift = { accountId, giverId: session.user.id }
                      await prisma.gift.create({ data: gift })
                      const data = { balance: { increment: amount } }
                      await prisma.account.update({ where: { id: accountId }, data })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "a vote of the caller's, and the number of votes",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function vote(postId: string) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      await prisma.vote.create({ data: { postId, userId: session.user.id } })
                      await prisma.post.update({ where: { id: postId }, data: { votes: { increment: 1 } } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "a rating of the caller's, and the mean of all ratings",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function rate(postId: string, stars: number) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      await prisma.rating.create({ data: { postId, stars, userId: session.user.id } })
                      const all = await prisma.rating.findMany({ where: { postId }, select: { stars: true } })
                      const mean = all.reduce((sum, one) => sum + one.stars, 0) / all.length
                      await prisma.post.update({ where: { id: postId }, data: { stars: mean } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "an order of the caller's, and one piece less in stock",
        {
            "app/actions.ts": """
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function buy(boxId: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  const box = await prisma.box.findUnique({ where: { id: boxId } })
                  if (!box || box.copies < 1) return { error: 'Sold out' }
                  await prisma.box.update({ where: { id: box.id }, data: { copies: box.copies - 1 } })
                  await prisma.boxOrder.create({ data: { boxId, userId: session.user.id } })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "a mean that the caller sends",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function rate(postId: string, stars: number, mean: number) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      await prisma.rating.create({ data: { postId, stars, userId: session.user.id } })
                      await prisma.post.update({ where: { id: postId }, data: { stars: mean } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
)
