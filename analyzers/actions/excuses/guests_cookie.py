"""An action for a guest: what it changes is found by a cookie of theirs."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import HARMLESS, SOMETHING, Whole
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.identity import is_credential
from preship.analyzers.flow.origins import Input, Remote, Request, Stored
from preship.analyzers.flow.values import origins_of


def changes_by_a_credential(effect: Effect) -> bool:
    """Whether an effect changes what only the one reaches who was given a cookie: a guest's cart."""
    return effect.kind in world.CHOOSE_RECORDS and world.is_keyed_by_a_credential(effect)


def bears_a_credential(effect: Effect) -> bool:
    """Whether a payment is begun for the one whom a cookie names, and for nobody whom the caller names."""
    return effect.kind is EffectKind.PAY and effect.key is None and any(map(is_credential, origins_of(effect.data)))


def only_copies(effect: Effect) -> bool:
    """Whether a write keeps what services or other records hold, and nothing that the caller sent."""
    found = origins_of(effect.data)
    is_copied = any(isinstance(o, Remote) or (isinstance(o, Stored) and o.model != effect.target) for o in found)
    return effect.kind is EffectKind.WRITE and is_copied and not any(isinstance(o, Input | Request) for o in found)


def _is_the_guests(effect: Effect) -> bool:
    return effect.kind in HARMLESS or bears_a_credential(effect) or only_copies(effect)


EXCUSE: Excuse[Whole] = Excuse(
    id="guests-cookie",
    why="it serves the guest whom a cookie names",
    conditions=(
        Condition("it changes what is found by a cookie", lambda case: any(map(changes_by_a_credential, case.effects))),
        SOMETHING,
        Condition(
            "all else only reads, mails, pays for the guest or copies",
            lambda case: all(map(_is_the_guests, case.anonymous)),
        ),
    ),
    examples=(
        Example(
            "a cart",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function add(id: string) {
              const cart = (await cookies()).get('cart_token')?.value
              const product = await prisma.product.findUnique({ where: { id } })
              await prisma.cart.update({ where: { token: cart }, data: { last: product.name } })
              return product
            }
            """,
        ),
    ),
    others=(
        Example(
            "a record that is not the guest's",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function add(id: string) {
              const cart = (await cookies()).get('cart_token')?.value
              await prisma.cart.update({ where: { token: cart }, data: { used: true } })
              await prisma.product.delete({ where: { id } })
            }
            """,
        ),
    ),
)
