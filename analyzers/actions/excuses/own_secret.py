"""What is done to a record by who was given the secret that stands in it: the owner of a link, without an account."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.link_token import is_behind_a_link
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.flow.facts import Owns, Strength
from preship.analyzers.flow.origins import Input, Stored


def _shown(case: BeforeLogin) -> Iterator[frozenset[Input]]:
    """The inputs by which each record was found that was shown to be the caller's."""
    for fact in case.effect.facts:
        if isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE and isinstance(fact.subject, Stored):
            yield frozenset(o for o in fact.subject.key if isinstance(o, Input))


def _stays_with_it(case: BeforeLogin) -> bool:
    return any(is_behind_a_link(case.effect, named) for named in _shown(case))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="own-secret",
    why="on each path that leads to it the caller has shown a secret of the record, or that it is theirs",
    conditions=(
        Condition("a record was shown to be the caller's", lambda case: any(_shown(case))),
        Condition("it names a record by something", lambda case: bool(inputs_of(case.effect.key))),
        Condition("it names no other record", _stays_with_it),
        Condition("it relies on no identity that can be forged", lambda case: world.claim_behind(case.effect) is None),
    ),
    examples=(
        Example(
            "by the token of the record",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function note(id: string, token: string, text: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              if (!offer || offer.accessToken !== token) throw new Error('Not found')
              await prisma.offer.update({ where: { id }, data: { text } })
            }
            """,
        ),
        Example(
            "by the token, or as the owner",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            async function offerOf(id: string, token?: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              if (!offer) throw new Error('Not found')
              if (token && offer.accessToken && token === offer.accessToken) return offer
              const session = await auth()
              if (session?.user && offer.ownerId === session.user.id) return offer
              throw new Error('Forbidden')
            }
            export async function note(id: string, text: string, token?: string) {
              await offerOf(id, token)
              await prisma.offer.update({ where: { id }, data: { text } })
            }
            """,
        ),
        Example(
            "what lies within the record",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function clear(orderId: string, token: string) {
              const order = await prisma.order.findUnique({ where: { id: orderId } })
              if (!order || order.guestToken !== token) return { error: 'Not found' }
              await prisma.item.deleteMany({ where: { orderId: order.id } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a status that everybody knows",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function note(id: string, status: string, text: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              if (!offer || offer.status !== status) throw new Error('Not found')
              await prisma.offer.update({ where: { id }, data: { text } })
            }
            """,
        ),
        Example(
            "another record than the one whose secret it is",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function note(id: string, other: string, token: string, text: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              if (!offer || offer.accessToken !== token) throw new Error('Not found')
              await prisma.order.update({ where: { id: other }, data: { text } })
            }
            """,
        ),
        Example(
            "only where a token is sent",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function note(id: string, text: string, token?: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              if (token && offer?.accessToken !== token) throw new Error('Not found')
              await prisma.offer.update({ where: { id }, data: { text } })
            }
            """,
        ),
        Example(
            "the owner is compared only where there is a session",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function note(id: string, text: string) {
              const offer = await prisma.offer.findUnique({ where: { id } })
              const session = await auth()
              if (session?.user && offer?.ownerId !== session.user.id) throw new Error('Forbidden')
              await prisma.offer.update({ where: { id }, data: { text } })
            }
            """,
        ),
    ),
)
