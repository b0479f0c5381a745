"""An action with which an anonymous caller leaves an address: a contact form, a newsletter, a waiting list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import HARMLESS, Whole, is_foreign_write
from preship.analyzers.actions.granting import carries_a_right
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.actions.recovery import is_clearing_of, keeps_a_secret, named_addresses
from preship.analyzers.conventions.contact import CONTACT_FIELD
from preship.analyzers.conventions.keys import REFERENCE_COLUMN
from preship.analyzers.conventions.secrets import (
    PASSWORD_FIELD,
)
from preship.analyzers.conventions.tables import (
    GRANT_TABLE,
    PENDING_TABLE,
    SUBSCRIBER_TABLE,
    WAITING_LIST_TABLE,
)
from preship.analyzers.flow.effects import EMAIL, Effect, EffectKind
from preship.analyzers.flow.origins import Input, Request, Stored, roots
from preship.analyzers.flow.values import Unknown, Value, origins_of


def _kept(case: Whole) -> Sequence[Effect]:
    return [e for e in case.anonymous if leaves_an_address(e)]


def _is_all(case: Whole) -> bool:
    kept = _kept(case)
    others = [e for e in case.anonymous if not (e in kept or e.kind in HARMLESS or renews_a_secret(e, case.effects))]
    with_it = [e for e in others if is_made_for_a_newcomer(e)] if any(map(makes_an_account, kept)) else []
    left = {e.target for e in (*kept, *with_it)}
    return all(e in with_it or is_consequence(e, left) or passes_on(e, kept) for e in others)


def leaves_an_address(effect: Effect) -> bool:
    """Whether an effect stores, or sends to the house, an anonymous caller's own address, and names no other record."""
    if effect.kind is not EffectKind.INSERT and not goes_to_the_house(effect) and not is_left_again(effect):
        return False
    if gives_a_right(effect) or (carries_a_right(effect) and not makes_an_account(effect)):
        return False
    return not any(map(names_another, names_of_what_is_sent(effect))) and says_how_to_reach_them(effect)


def says_how_to_reach_them(effect: Effect) -> bool:
    """Whether an address, or a number, that the caller sends goes into what an effect stores."""
    return any(map(CONTACT_FIELD.matches, names_of_what_is_sent(effect)))


def is_left_again(effect: Effect) -> bool:
    """Whether an effect keeps what is sent for an address that may stand there already: on a waiting list, for news.

    Whoever sends the same address again replaces it; who waits, or has not confirmed a sign-up, has nothing yet.
    """
    named = [name for name, value in world.fields_of(effect.key) if chosen_in(value)]
    is_by_address = bool(named) and all(map(CONTACT_FIELD.matches, named))
    is_of_a_list = any(table.matches(effect.target) for table in (PENDING_TABLE, WAITING_LIST_TABLE, SUBSCRIBER_TABLE))
    return effect.kind is EffectKind.WRITE and is_by_address and is_of_a_list


def names_of_what_is_sent(effect: Effect) -> list[str]:
    """The columns into which something goes that the caller sends, and what the caller calls it."""
    named = [(name, chosen_in(value)) for name, value in world.fields_of(effect.data) if chosen_in(value)]
    return [name for name, _ in named] + [o.path[-1] for _, inputs in named for o in inputs if o.path]


def chosen_in(value: Value) -> frozenset[Input]:
    """The inputs that a value comes from; the id of a row that was just made is of nobody's choice."""
    return frozenset(o for o in roots(origins_of(value)) if isinstance(o, Input))


def names_another(name: str) -> bool:
    """Whether a column holds the id of a record."""
    return name == "id" or REFERENCE_COLUMN.matches(name)


def makes_an_account(effect: Effect) -> bool:
    """Whether an effect stores an address with a password that the caller has thought of: they sign up."""
    return effect.kind is EffectKind.INSERT and any(map(PASSWORD_FIELD.matches, names_of_what_is_sent(effect)))


def is_made_for_a_newcomer(effect: Effect) -> bool:
    """Whether an effect makes what an account comes with, of words and of no record that the caller names: a company.

    The right to what was there before is none of it.
    """
    is_new = effect.kind is EffectKind.INSERT or is_of_a_made_up_id(effect)
    is_new = is_new and bool(list(world.fields_of(effect.data)))
    return is_new and not gives_a_right(effect) and not any(map(names_another, names_of_what_is_sent(effect)))


def is_of_a_made_up_id(effect: Effect) -> bool:
    """Whether a change finds its row by what this call has made up: the account that it has just inserted."""
    shapes = [a.shape for _, value in world.fields_of(effect.key) for a in value.alternatives]
    made_up = all(isinstance(shape, Unknown) and not shape.origins for shape in shapes)
    return effect.kind is EffectKind.WRITE and bool(shapes) and made_up


def gives_a_right(effect: Effect) -> bool:
    """Whether whoever a new record names can do something from then on: to own, to belong to, to have a role."""
    return GRANT_TABLE.matches(effect.target) and not WAITING_LIST_TABLE.matches(effect.target)


def is_consequence(effect: Effect, models: Collection[str]) -> bool:
    """Whether an effect only does what a fresh record of these models entails: more of them, an invitation taken up."""
    return follows_from(effect, models) or marks_what_was_found(effect) or is_of_what_was_made(effect)


def passes_on(effect: Effect, kept: Iterable[Effect]) -> bool:
    """Whether a service of the house is told what was left, and nothing else of the caller's."""
    told = frozenset(o for e in kept for o in inputs_of(e.data))
    return effect.kind is EffectKind.FETCH and not inputs_of(effect.key) and inputs_of(effect.data) <= told


def is_of_what_was_made(effect: Effect) -> bool:
    """Whether an effect changes nothing but what this call has made itself."""
    found = origins_of(effect.key)
    return bool(found) and all(isinstance(o, Stored) and o.is_fresh for o in found)


def renews_a_secret(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether an effect deletes an older secret of an address for which a fresh one is made."""
    addresses = named_addresses(effects)
    made = {e.target for e in effects if e.kind is EffectKind.INSERT and keeps_a_secret(e, addresses)}
    return bool(addresses) and is_clearing_of(effect, made, addresses)


def marks_what_was_found(effect: Effect) -> bool:
    """Whether a write sets what no caller has said in a record that was found and that no id of theirs names."""
    is_found = any(isinstance(o, Stored) for o in origins_of(effect.key))
    return effect.kind is EffectKind.WRITE and is_found and not is_foreign_write(effect) and says_nothing(effect)


def says_nothing(effect: Effect) -> bool:
    """Whether nothing that the caller sent goes into what an effect writes."""
    return not inputs_of(effect.data)


def follows_from(effect: Effect, models: Collection[str]) -> bool:
    """Whether an effect stores nothing but what became of fresh records, and for whom the program itself has found."""
    known = all(isinstance(o, Stored) and (o.model in models or is_found_unasked(o)) for o in origins_of(effect.data))
    return known and world.makes_a_record(effect)


def is_found_unasked(record: Stored) -> bool:
    """Whether a record was found by nothing that the caller has sent: those who run the house."""
    return not any(isinstance(o, Input | Request) for o in record.key)


def goes_to_the_house(effect: Effect) -> bool:
    """Whether an effect is a mail whose recipient the caller does not choose."""
    return effect.target == EMAIL and effect.key is not None and not inputs_of(effect.key)


EXCUSE: Excuse[Whole] = Excuse(
    id="address-left",
    why="it takes an anonymous caller's own address and nothing else",
    conditions=(
        Condition("an address of the caller's own is kept, or sent to the house", lambda case: bool(_kept(case))),
        Condition("all else follows from it", _is_all),
    ),
    examples=(
        Example(
            "a newsletter",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function subscribe(email: string) {
              await prisma.subscriber.create({ data: { email: String(email) } })
            }
            """,
        ),
        Example(
            "a waiting list on which somebody may stand already",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function wait(email: string, name: string) {
              await prisma.waitlist.upsert({
                where: { email: String(email) },
                update: { name: String(name) },
                create: { email: String(email), name: String(name) },
              })
            }
            """,
        ),
    ),
    others=(
        Example(
            "an account that may be there already",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function wait(email: string, name: string) {
              await prisma.user.upsert({
                where: { email: String(email) },
                update: { name: String(name) },
                create: { email: String(email), name: String(name) },
              })
            }
            """,
        ),
        Example(
            "a record that the caller names goes",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function subscribe(email: string, id: string) {
              await prisma.subscriber.create({ data: { email: String(email) } })
              await prisma.post.delete({ where: { id } })
            }
            """,
        ),
    ),
)
