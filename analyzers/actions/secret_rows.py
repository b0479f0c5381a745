"""Rows with a column that opens something, handed out whole, or that column, to any signed-in user who says which.

Whether reading needs a right, code does not say by itself; a password's hash or a key of a service does: it is for one
account or one team, whatever the row is called and whoever the schema gives it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.output import Handed, Leaf, is_own, leaves, source_of
from preship.analyzers.actions.private import Private
from preship.analyzers.actions.unasked import is_asked_for
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import Facts, has_right, owned_under
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.flow.values import Value
from preship.analyzers.schema.private import opens_something
from preship.analyzers.schema.tables import Place


@dataclass(frozen=True, slots=True)
class SecretRead:
    """A read of a row that nobody but its owner gets, for any known caller."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that choose the row, sorted by name."""

    column: str
    """The column that opens something, as a sentence names it: `webhook.signingSecret`."""

    place: Place | None
    """Where the schema says that there is such a column; None where none was read."""


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
            yield SecretRead(each.effect, tuple(sorted(chosen, key=str)), secret.words, secret.column)


def secret_columns(
    result: Value, facts: Facts, effects: Sequence[Effect], place_of: Callable[[str, str], Place | None]
) -> Iterator[SecretRead]:
    """Each such read of which the column itself is handed out; that there is one, or a part of it, tells nothing."""
    for leaf in leaves(result, facts):
        for origin in sorted(leaf.shape.origins, key=str):
            if not isinstance(origin, Stored) or not is_a_secret(origin, leaf):
                continue
            record, source = record_of(origin), source_of(origin, effects)
            if source is None or is_own(record) or has_right(leaf.facts) or owned_under(leaf.facts) & record.key:
                continue
            chosen = chosen_by(source, record, effects)
            if chosen:
                name, named_by = origin.path[-1], tuple(sorted(chosen, key=str))
                yield SecretRead(source, named_by, f"{origin.model}.{name}", place_of(origin.model, name))


def is_a_secret(origin: Stored, leaf: Leaf) -> bool:
    """Whether a part of an answer is a column that opens something, as it is stored."""
    if leaf.shape.is_primitive or leaf.shape.text is not None or len(origin.path) != 1:
        return False
    return opens_something(origin.path[-1]) and origin.path[-1] != "hash"


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
