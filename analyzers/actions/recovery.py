"""Which actions send a secret to the owner of an address: a reset, a magic link, an invitation to confirm an address.

An anonymous caller who calls one gets nothing and says nothing but the address: the mail reaches its owner alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.written_keys import canonical_singular
from preship.analyzers.conventions.contact import ADDRESS_FIELD
from preship.analyzers.conventions.secrets import RECOVERY_COLUMN
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Origin, Stored
from preship.analyzers.flow.values import Value, origins_of


def mails_a_secret(effects: Sequence[Effect]) -> bool:
    """Whether all that anonymous callers cause is a fresh secret, sent to the owner of the address they named."""
    addresses = named_addresses(effects)
    if not addresses or not any(e.kind is EffectKind.SEND and reaches_the_owner(e, addresses) for e in effects):
        return False
    written = [e for e in effects if e.kind in world.WRITES and world.touches_the_world(e) and not world.is_known(e)]
    made = {e.target for e in written if keeps_a_secret(e, addresses)}
    gives_nothing = not any(found_by(effect.data, addresses) for effect in effects if effect.kind is EffectKind.RETURN)
    return (
        bool(made)
        and gives_nothing
        and all(keeps_a_secret(e, addresses) or is_clearing_of(e, made, addresses) for e in written)
    )


def named_addresses(effects: Sequence[Effect]) -> frozenset[Input]:
    """The inputs by which an action looks up who has an address."""
    return frozenset(
        origin
        for effect in effects
        if effect.kind is EffectKind.READ
        for name, value in world.fields_of(effect.key)
        if ADDRESS_FIELD.matches(name)
        for origin in origins_of(value)
        if isinstance(origin, Input)
    )


def reaches_the_owner(effect: Effect, addresses: Collection[Input]) -> bool:
    """Whether something is sent to an address, or to whom it was found to belong."""
    parts = (effect.key, effect.data)
    return any(o in addresses for part in parts for o in origins_of(part)) or any(found_by(p, addresses) for p in parts)


def found_by(value: Value | None, addresses: Collection[Input]) -> bool:
    """Whether a value holds a part of a record that was found by an address."""
    return any(isinstance(o, Stored) and any(root in addresses for root in o.key) for o in origins_of(value))


def keeps_a_secret(effect: Effect, addresses: Collection[Input]) -> bool:
    """Whether an effect writes what no caller has said: a new record, or the secret's columns of a known one."""
    if effect.kind not in {EffectKind.INSERT, EffectKind.WRITE} or not is_about(effect, addresses):
        return False
    return world.makes_a_record(effect) or any(
        RECOVERY_COLUMN.matches(name) for name, _ in world.fields_of(effect.data)
    )


def is_clearing_of(effect: Effect, made: Collection[str], addresses: Collection[Input]) -> bool:
    """Whether an effect deletes older secrets of the same address; a statement of SQL may spell their table anew."""
    names = {canonical_singular(each) for each in made}
    is_of_theirs = canonical_singular(effect.target) in names
    return effect.kind is EffectKind.DELETE and is_of_theirs and is_about(effect, addresses)


def is_about(effect: Effect, addresses: Collection[Input]) -> bool:
    """Whether of all that the caller says only an address plays a part in an effect."""
    return all(o in addresses for part in (effect.key, effect.data) for o in inputs_in(origins_of(part)))


def inputs_in(origins: Collection[Origin]) -> Iterator[Input]:
    """The inputs among origins, and those by which records were found."""
    for origin in origins:
        if isinstance(origin, Input):
            yield origin
        elif isinstance(origin, Stored):
            yield from (root for root in origin.key if isinstance(root, Input))
