"""An action that is called with the token of a link, and works on what that opens: bids, orders, invitations."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.address_left import gives_a_right, names_another
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import SOMETHING, Whole
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.conventions.secrets import LINK_FIELD
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of


def _links(case: Whole) -> frozenset[Input]:
    return frozenset(o for e in case.effects if e.kind is EffectKind.READ for o in tokens_in(e))


def tokens_in(effect: Effect) -> Iterator[Input]:
    """The inputs by which a record is found as who was sent a link finds it."""
    for name, value in world.fields_of(effect.key):
        if LINK_FIELD.matches(name.split(".")[-1]):
            yield from (o for o in origins_of(value) if isinstance(o, Input))


def is_behind_a_link(effect: Effect, links: Collection[Input]) -> bool:
    """Whether an effect names no record but by what a link opens; what is changed lies behind it."""
    keyed = inputs_of(effect.key)
    named = {o for name, value in world.fields_of(effect.data) if names_another(name) for o in inputs_of(value)}
    is_found = bool(keyed) or effect.kind not in world.CHOOSE_RECORDS
    return is_found and keyed.union(named) <= set(links) and not gives_a_right(effect)


def _stays_behind_it(case: Whole) -> bool:
    links = _links(case)
    return all(is_behind_a_link(e, links) for e in case.anonymous)


EXCUSE: Excuse[Whole] = Excuse(
    id="link-token",
    why="it is called with the token of a link, and works on what that opens",
    conditions=(
        Condition("a record is found by the token of a link", lambda case: bool(_links(case))),
        SOMETHING,
        Condition("it names no record but by what the link opens", _stays_behind_it),
    ),
    examples=(
        Example(
            "an answer to an offer",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function answer(shareToken: string, text: string) {
              const offer = await prisma.offer.findUnique({ where: { shareToken } })
              if (!offer) throw new Error('No such offer')
              await prisma.answer.create({ data: { offerId: offer.id, text } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "another record that the caller names",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function accept(shareToken: string, id: string) {
              const offer = await prisma.offer.findUnique({ where: { shareToken } })
              if (!offer) throw new Error('No such offer')
              await prisma.order.update({ where: { id }, data: { accepted: true } })
            }
            """,
        ),
    ),
)
