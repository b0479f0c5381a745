"""A purchase that a shop begins for guests as well: who pays, confirms it, and the price is the shop's."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.conventions.keys import REFERENCE_COLUMN
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.origins import Input, Request, Session, Stored
from preship.analyzers.flow.values import Array, Constant, Object, Value, origins_of

DEEPEST = 5
"""How deep what is sent is looked through; what payment services take is three deep."""


def _fields(value: Value | None, depth: int = DEEPEST) -> Iterator[tuple[str, Value]]:
    """The fields of what is sent, those of the objects in it as well."""
    for a in value.alternatives if value is not None and depth else ():
        if isinstance(a.shape, Object):
            for name, inner in a.shape.fields:
                yield name, inner
                yield from _fields(inner, depth - 1)
        elif isinstance(a.shape, Array):
            yield from _fields(a.shape.element, depth - 1)


def _stands_in_for_a_guest(value: Value) -> bool:
    """Whether a word of the code's own stands where there is no session: `session?.user.id ?? 'guest'`."""
    words = [a.shape.value for a in value.alternatives if isinstance(a.shape, Constant)]
    named = any(isinstance(origin, Session) for origin in origins_of(value))
    return named and any(isinstance(word, str) and word for word in words)


def _names_somebody(case: BeforeLogin) -> bool:
    """Whether the caller chooses a record of the service's, such as another one's account."""
    return any(
        (REFERENCE_COLUMN.matches(name) or name == "customer")
        and any(isinstance(origin, Input | Request) for origin in origins_of(value))
        and not any(isinstance(origin, Stored | Session) for origin in origins_of(value))
        for name, value in _fields(case.effect.data)
    )


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="guests-purchase",
    why="it begins a purchase at the shop's price, which guests are meant to make as well",
    conditions=(
        Condition("a payment is begun", lambda case: case.effect.kind is EffectKind.PAY and case.effect.key is None),
        Condition(
            "a word of the code's own stands for those without a session",
            lambda case: any(_stands_in_for_a_guest(value) for _, value in _fields(case.effect.data)),
        ),
        Condition(
            "what it costs is read from a store",
            lambda case: any(isinstance(origin, Stored) for origin in origins_of(case.effect.data)),
        ),
        Condition("the caller names nobody else's account", lambda case: not _names_somebody(case)),
    ),
    examples=(
        Example(
            "a cart that is paid without an account",
            """
            'use server'
            import Stripe from 'stripe'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            const stripe = new Stripe(process.env.STRIPE_KEY)
            export async function pay(id: string) {
              const session = await auth()
              const product = await prisma.product.findUnique({ where: { id } })
              const metadata = { userId: session?.user?.id ?? 'guest' }
              const begun = await stripe.paymentIntents.create({ amount: product.price, currency: 'eur', metadata })
              return begun.client_secret
            }
            """,
        ),
    ),
    others=(
        Example(
            "a price of the caller's",
            """
            'use server'
            import Stripe from 'stripe'
            import { auth } from '../lib/auth'
            const stripe = new Stripe(process.env.STRIPE_KEY)
            export async function pay(amount: number) {
              const session = await auth()
              const metadata = { userId: session?.user?.id ?? 'guest' }
              const begun = await stripe.paymentIntents.create({ amount, currency: 'eur', metadata })
              return begun.client_secret
            }
            """,
        ),
        Example(
            "somebody else's account",
            """
            'use server'
            import Stripe from 'stripe'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            const stripe = new Stripe(process.env.STRIPE_KEY)
            export async function pay(id: string, customer: string) {
              const session = await auth()
              const product = await prisma.product.findUnique({ where: { id } })
              const metadata = { userId: session?.user?.id ?? 'guest' }
              await stripe.paymentIntents.create({ amount: product.price, customer, confirm: true, metadata })
            }
            """,
        ),
        Example(
            "a session that nobody asked for",
            """
            'use server'
            import Stripe from 'stripe'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            const stripe = new Stripe(process.env.STRIPE_KEY)
            export async function pay(id: string) {
              const session = await auth()
              const product = await prisma.product.findUnique({ where: { id } })
              const metadata = { userId: session?.user?.id }
              await stripe.paymentIntents.create({ amount: product.price, currency: 'eur', metadata })
            }
            """,
        ),
    ),
)
