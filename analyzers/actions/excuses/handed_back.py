"""A record that is made for the caller, who gets its name as a cookie: it is theirs from then on."""

from __future__ import annotations

from collections.abc import Collection

from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.effects import Effect, EffectKind


def makes_what_is_handed_back(effect: Effect, given: Collection[str]) -> bool:
    """Whether an effect makes the record that the caller gets as their own: one of these models, or at a service."""
    return effect.target in given and _makes_a_record(effect)


def _makes_a_record(effect: Effect) -> bool:
    return effect.kind is EffectKind.INSERT or (effect.kind is EffectKind.FETCH and is_sent_unasked(effect))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="handed-back",
    why="it makes a record whose name the caller gets as a cookie",
    conditions=(
        Condition(
            "the name of such a record is set as a cookie",
            lambda case: case.effect.target in case.action.handed_back,
        ),
        Condition("it makes the record", lambda case: _makes_a_record(case.effect)),
    ),
    examples=(
        Example(
            "a cart for a guest",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function begin() {
              const cart = await prisma.cart.create({ data: { items: 0 } })
              ;(await cookies()).set('cart', cart.id)
            }
            """,
        ),
    ),
    others=(
        Example(
            "the name is told to nobody",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function begin() {
              await prisma.cart.create({ data: { items: 0 } })
            }
            """,
        ),
        Example(
            "the record was there before",
            """
            'use server'
            import { cookies } from 'next/headers'
            import { prisma } from '../lib/prisma'
            export async function take(id: string) {
              const cart = await prisma.cart.update({ where: { id }, data: { taken: true } })
              ;(await cookies()).set('cart', cart.id)
            }
            """,
        ),
    ),
)
