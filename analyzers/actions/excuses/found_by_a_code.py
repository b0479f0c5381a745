"""A voucher, a gift card or a referral that its code finds: whoever holds the code may ask what it is worth."""

from __future__ import annotations

from preship.analyzers.actions import weakened, world
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.conventions.secrets import CODE_FIELD
from preship.analyzers.conventions.tables import VOUCHER_TABLE


def _is_found_by_its_code(case: BeforeLogin) -> bool:
    named = [name.split(".")[-1] for name, value in world.fields_of(case.effect.key) if inputs_of(value)]
    return bool(named) and all(map(CODE_FIELD.matches, named))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="found-by-a-code",
    why="whoever holds the code of a voucher may ask what it is worth",
    conditions=(
        Condition(
            "it reads a voucher, a gift card or a referral",
            lambda case: case.effect.kind in world.READS and VOUCHER_TABLE.matches(case.effect.target),
        ),
        Condition("its code finds it, and nothing else that the caller names", _is_found_by_its_code),
        Condition(
            "no session was asked for it before the change",
            lambda case: not weakened.was_known(case.effect, case.action.before),
        ),
    ),
    examples=(
        Example(
            "what is left on a gift card",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function balance(code: string) {
              const card = await prisma.giftCard.findUnique({ where: { code: code.trim().toUpperCase() } })
              return card?.isActive ? { balance: card.balance } : { error: 'Not a card of ours' }
            }
            """,
        ),
        Example(
            "a discount that is still valid",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function apply(couponCode: string) {
              return prisma.coupon.findFirst({ where: { code: couponCode, expiresAt: { gt: new Date() } } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "all of them",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function cards() {
              return prisma.giftCard.findMany()
            }
            """,
        ),
        Example(
            "by what can be counted through",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function card(id: string) {
              return prisma.giftCard.findUnique({ where: { id } })
            }
            """,
        ),
        Example(
            "those of somebody",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function cards(userId: string, code: string) {
              return prisma.giftCard.findMany({ where: { userId, code } })
            }
            """,
        ),
        Example(
            "a country, of which its code tells nothing",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function sales(countryCode: string) {
              return prisma.saleByCountry.findMany({ where: { countryCode } })
            }
            """,
        ),
    ),
)
