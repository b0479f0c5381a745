"""A role is missing: other actions ask for one before they change such records."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good, KnownMiss, actions

ADMINS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireAdmin() {
      const session = await auth()
      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
    }

    export async function updateProduct(id: string, title: string) {
      await requireAdmin()
      await prisma.product.update({ where: { id }, data: { title } })
    }

    export async function copyProduct(title: string) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price: 0 } })
    }

    export async function deleteProduct(id: string) {
      await requireAdmin()
      await prisma.product.delete({ where: { id } })
    }
"""


WORKSPACES = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireAdmin() {
      const session = await auth()
      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
    }

    export async function openWorkspace(name: string) {
      await requireAdmin()
      await prisma.workspace.create({ data: { name } })
    }

    export async function renameWorkspace(id: string, name: string) {
      await requireAdmin()
      await prisma.workspace.update({ where: { id }, data: { name } })
    }
"""


FEES = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireSeat(clubId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const seat = await prisma.seat.findFirst({ where: { clubId, userId: session.user.id } })
      if (!seat) throw new Error('Not found')
      return seat
    }

    async function requireTreasurer(clubId: string) {
      const seat = await requireSeat(clubId)
      if (seat.role !== 'treasurer') throw new Error('Treasurers only')
    }

    export async function addFee(clubId: string, cents: number) {
      await requireTreasurer(clubId)
      await prisma.fee.create({ data: { clubId, cents } })
    }

    export async function changeFee(clubId: string, id: string, cents: number) {
      await requireTreasurer(clubId)
      await prisma.fee.update({ where: { id, clubId }, data: { cents } })
    }

    export async function waiveFee(clubId: string, id: string) {
      await requireTreasurer(clubId)
      await prisma.fee.update({ where: { id, clubId }, data: { cents: 0 } })
    }
"""


EXAMPLES: tuple[Bad | Good | KnownMiss, ...] = (
    Bad(
        "all but one ask for an admin",
        actions(
            ADMINS
            + """
    export async function createProduct(title: string, price: number) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.product.create({ data: { title, price } })  // <- finding
    }
"""
        ),
    ),
    Bad(
        "the id of a product tells whose nothing is: a role is missing, no owner",
        actions(
            ADMINS
            + """
    export async function hideProduct(id: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.product.update({ where: { id }, data: { isHidden: true } })  // <- finding
    }
"""
        ),
    ),
    Bad(
        "anybody makes a workspace, and none of their own",
        actions(
            WORKSPACES
            + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.workspace.create({ data: { name } })  // <- finding
    }
"""
        ),
    ),
    Good(
        "whoever makes a workspace owns it",
        actions(
            WORKSPACES
            + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const workspace = await prisma.workspace.create({ data: { name } })
      const seat = { workspaceId: workspace.id, userId: session.user.id, role: 'OWNER' }
      await prisma.seat.create({ data: seat })
    }
"""
        ),
    ),
    Good(
        "whoever makes a workspace owns it, in one statement",
        actions(
            WORKSPACES
            + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const seats = { create: { userId: session.user.id, role: 'OWNER' } }
      await prisma.workspace.create({ data: { name, seats } })
    }
"""
        ),
    ),
    Bad(
        "the outlier stands in a file of its own",
        actions(
            ADMINS,
            {
                "app/import.ts": """
                        'use server'
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export async function resetProducts() {
                          const session = await auth()
                          if (!session?.user) throw new Error('Not signed in')
                          await prisma.product.deleteMany({})  // <- finding
                        }
                    """
            },
        ),
    ),
    Good(
        "the outlier lies in a portal for those whom the shop serves",
        actions(
            ADMINS,
            {
                "app/portal/actions.ts": """
                        'use server'
                        import { auth } from '../../lib/auth'
                        import { prisma } from '../../lib/prisma'

                        export async function likeProducts() {
                          const session = await auth()
                          if (!session?.user) throw new Error('Not signed in')
                          await prisma.product.updateMany({ data: { isLiked: true } })
                        }
                    """
            },
        ),
    ),
    Bad(
        "any member drops fees, which the treasurer alone adds, changes and waives",
        actions(
            FEES
            + """
    export async function dropFee(clubId: string, id: string) {
      await requireSeat(clubId)
      await prisma.fee.delete({ where: { id, clubId } })  // <- finding
    }
"""
        ),
    ),
    Good(
        "members note what they have paid themselves",
        actions(
            FEES
            + """
    export async function payFee(clubId: string, id: string) {
      const seat = await requireSeat(clubId)
      await prisma.fee.update({ where: { id, clubId, userId: seat.userId }, data: { isPaid: true } })
    }
"""
        ),
    ),
    Good(
        "it asks as the others do",
        actions(
            ADMINS
            + """
    export async function createProduct(title: string, price: number) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price } })
    }
"""
        ),
    ),
    Good(
        "a member of the shop or of the brand",
        actions(
            ADMINS
            + """
    async function requireMember(within: { shopId: string } | { brandId: string }) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const member = await prisma.member.findFirst({ where: { ...within, userId: session.user.id } })
      if (!member) throw new Error('Not found')
    }

    export async function createProduct(title: string, brandId: string, shopId?: string) {
      if (shopId) await requireMember({ shopId })
      else await requireMember({ brandId })
      await prisma.product.create({ data: { title, price: 1 } })
    }
"""
        ),
    ),
    Good(
        "records of another kind, which name their author",
        actions(
            ADMINS
            + """
    export async function addReview(productId: string, text: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.review.create({ data: { productId, text, authorId: session.user.id } })
    }
"""
        ),
    ),
    KnownMiss(
        "one neighbour makes no habit",
        actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deleteCoupons() {
                  const session = await auth()
                  if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
                  await prisma.coupon.deleteMany({})
                }

                export async function createCoupon(code: string, percent: number) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.coupon.create({ data: { code, percent } })
                }
            """),
    ),
)
