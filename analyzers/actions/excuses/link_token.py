"""An action that is called with the token of a link, and works on what that opens: bids, orders, invitations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.address_left import gives_a_right, names_another
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import SOMETHING, Whole
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.actions.sinks import found_before
from preship.analyzers.conventions.keys import PERSON_KEY_COLUMN, REFERENCE_COLUMN
from preship.analyzers.conventions.secrets import LINK_FIELD
from preship.analyzers.flow.effects import Effect, EffectKind, Trait
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.flow.values import Value, origins_of


def _links(case: Whole) -> frozenset[Input]:
    asked = (e for e in case.effects if e.kind is EffectKind.READ or is_of_the_database(e))
    return frozenset(o for e in asked for o in tokens_in(e))


def is_of_the_database(effect: Effect) -> bool:
    """Whether a function of the database does it all, and decides what a token that it is given opens."""
    return Trait.IS_A_FUNCTION in effect.traits


def tokens_in(effect: Effect) -> Iterator[Input]:
    """The inputs by which a record is found as who was sent a link finds it."""
    for name, value in world.fields_of(effect.key):
        if LINK_FIELD.matches(name.split(".")[-1]):
            yield from (o for o in origins_of(value) if isinstance(o, Input))


def is_behind_a_link(effect: Effect, links: Collection[Input]) -> bool:
    """Whether an effect names no record but by what a link opens; what is changed lies behind it."""
    if is_of_the_database(effect):
        return any(origin in links for origin in tokens_in(effect))
    keyed = inputs_of(effect.key)
    is_found = bool(keyed) or effect.kind not in world.CHOOSE_RECORDS
    is_within = keyed <= set(links) or is_narrowed(effect.key, links)
    return is_found and is_within and names_only_what_is_behind(effect, links) and not gives_a_right(effect)


def is_narrowed(key: Value | None, links: Collection[Input]) -> bool:
    """Whether a part of a key leads to what a link opens, whatever else it asks for: a guest of that event."""
    each = [Value((a,)) for a in key.alternatives] if key is not None else []
    return bool(each) and all(leads_behind(one, links) for one in each)


def leads_behind(key: Value, links: Collection[Input]) -> bool:
    """Whether one of the ways in which rows may fit a key asks for what a link opens."""
    asked = [inputs_of(value) for _, value in world.fields_of(key)]
    found = (o for o in origins_of(key) if isinstance(o, Stored))
    return any(inputs and inputs <= set(links) for inputs in asked) or any(o.key & set(links) for o in found)


def names_only_what_is_behind(effect: Effect, links: Collection[Input]) -> bool:
    """Whether a new record names what a link opens, and besides it only who is there: a guest of the event."""
    fields = [(name, inputs_of(value)) for name, value in world.fields_of(effect.data) if names_another(name)]
    hangs_on_it = any(inputs and inputs <= set(links) for _, inputs in fields)
    others = [name for name, inputs in fields if not inputs <= set(links)]
    return not others or (hangs_on_it and all(map(PERSON_KEY_COLUMN.matches, others)))


def fitting(effect: Effect, links: Collection[Input], effects: Iterable[Effect]) -> Iterator[Input]:
    """The ids for which a look-up by such a token has asked as well, and found its row, where something is read.

    The row of a guest is found by the token and the match: who has the token may see that match, and not change it.
    """
    for look in found_before(effect, effects) if effect.kind is EffectKind.READ else ():
        if look.kind is EffectKind.READ and set(links).intersection(tokens_in(look)):
            asked = world.fields_of(look.key)
            yield from (o for name, value in asked if REFERENCE_COLUMN.matches(name) for o in inputs_of(value))


def _stays_behind_it(case: Whole) -> bool:
    links = _links(case)
    return all(is_behind_a_link(e, links.union(fitting(e, links, case.effects))) for e in case.anonymous)


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
        Example(
            "a guest's place in the match for which they have a token",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function place(matchId: string, guestToken: string) {
              const guest = await prisma.player.findFirst({ where: { matchId, guestToken } })
              if (!guest) return 0
              return (await prisma.player.findMany({ where: { matchId, addedAt: { lt: guest.addedAt } } })).length
            }
            """,
        ),
    ),
    others=(
        Example(
            "what else was asked for in a look-up that may have found nothing",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function place(matchId: string, guestToken: string) {
              const guest = await prisma.player.findFirst({ where: { matchId, guestToken } })
              const waiting = await prisma.player.findMany({ where: { matchId } })
              return { guest, waiting }
            }
            """,
        ),
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
