"""Rows with a column that opens something, handed out whole to any signed-in user who says which.

Whether reading needs a right, code does not say by itself; a password's hash or a key of a service does: it is for one
account or one team, whatever the row is called and whoever the schema gives it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.output import Handed
from preship.analyzers.actions.private import Private
from preship.analyzers.actions.unasked import is_asked_for
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.origins import Input, Stored


@dataclass(frozen=True, slots=True)
class SecretRead:
    """A read of a row that nobody but its owner gets, for any known caller."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that choose the row, sorted by name."""

    secret: Private
    """The column that opens something."""


def secret_reads(
    handed: Iterable[Handed], effects: Sequence[Effect], secrets_of: Callable[[Handed], Iterator[Private]]
) -> Iterator[SecretRead]:
    """Each such read, of the rows that are handed out whole; `secrets_of` says what of a row itself opens something."""
    for each in handed:
        if each.effect is None or each.record is None or each.is_own or each.is_for_a_role:
            continue
        chosen = chosen_by(each.effect, each.record, effects)
        secret = next(secrets_of(each), None) if chosen else None
        if secret is not None:
            yield SecretRead(each.effect, tuple(sorted(chosen, key=str)), secret)


def chosen_by(effect: Effect, record: Stored, effects: Sequence[Effect]) -> frozenset[Input]:
    """The inputs that alone choose a record for a caller who is known, where nothing asks for a right to it.

    Who finds a row by its own secret, the token of an invitation, has it already.
    """
    if effect.kind is not EffectKind.READ or effect.client is not Client.SERVER or not world.is_known(effect):
        return frozenset()
    if world.is_keyed_by_a_secret(effect, effects) or world.is_found_by_what_was_sent(effect, effects):
        return frozenset()
    chosen = frozenset(o for o in record.key & world.unowned(effect) if isinstance(o, Input))
    return frozenset() if chosen and is_asked_for(effect, chosen, effects) else chosen
