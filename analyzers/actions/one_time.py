"""One-time credentials that the caller sends: by what they are looked up, and where they are consumed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.conventions.contact import ADDRESS_FIELD
from preship.analyzers.conventions.keys import ACTOR_COLUMN
from preship.analyzers.conventions.secrets import (
    CODE_FIELD,
    CREDENTIAL_CODE,
    ONE_TIME_FIELD,
    SENT_SECRET_FIELD,
)
from preship.analyzers.conventions.tables import (
    ONE_TIME_CREDENTIAL_TABLE,
)
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.flow.values import Unknown, Value, origins_of

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def inputs_of(value: Value | None) -> frozenset[Input]:
    """The inputs that a value comes from, through records as well."""
    found = origins_of(value)
    inside = {root for o in found if isinstance(o, Stored) for root in o.key if isinstance(root, Input)}
    return frozenset(inside | {o for o in found if isinstance(o, Input)})


def consumed_credentials(effects: Sequence[Effect]) -> frozenset[Input]:
    """Inputs by which a one-time credential is looked up, where its record is then deleted or changed.

    Who must fit the credential in the same look-up is the one whose it is.
    """
    changed = {e.target for e in effects if e.kind in world.CHOOSE_RECORDS}
    found: set[Input] = set()
    for effect in effects:
        if effect.kind in {EffectKind.READ, EffectKind.DELETE} and effect.target in changed:
            found |= credentials_in(effect) | tickets_in(effect.key)
        elif effect.kind in world.CHOOSE_RECORDS:
            found |= {
                o
                for name, value in world.fields_of(effect.key)
                if SENT_SECRET_FIELD.matches(name)
                for o in inputs_of(value)
            }
    return frozenset(found)


def credentials_in(effect: Effect) -> frozenset[Input]:
    """The credentials by which records are looked up, with the one who must fit them."""
    named = list(world.fields_of(effect.key))
    found = {o for name, value in named if is_unguessable(name, effect.target) for o in inputs_of(value)}
    if is_a_ticket(effect.target):
        found |= {o for name, value in named if name == "id" for o in origins_of(value) if isinstance(o, Input)}
    whose = (value for name, value in named if ACTOR_COLUMN.matches(name.split(".")[-1]))
    fitting = {o for value in whose for o in origins_of(value) if isinstance(o, Input)}
    return frozenset(found | (fitting if found else set()))


def bound_addresses(effects: Sequence[Effect]) -> frozenset[Input]:
    """The addresses that must fit a one-time credential in the look-up of it; Auth.js calls them `identifier`."""
    looked_up = (e for e in effects if e.kind in {EffectKind.READ, EffectKind.DELETE} and credentials_in(e))
    named = ((name.split(".")[-1], value) for e in looked_up for name, value in world.fields_of(e.key))
    return frozenset(
        o
        for name, value in named
        if name == "identifier" or ADDRESS_FIELD.matches(name)
        for o in origins_of(value)
        if isinstance(o, Input)
    )


def is_found_by_address(effect: Effect, addresses: frozenset[Input]) -> bool:
    """Whether records are found by one of these addresses, and by nothing else that anybody sends."""
    named = [(name, inputs_of(value)) for name, value in world.fields_of(effect.key)]
    sent = [(name, inputs) for name, inputs in named if inputs]
    return bool(sent) and all(ADDRESS_FIELD.matches(name) and inputs <= addresses for name, inputs in sent)


def tickets_in(key: Value | None) -> frozenset[Input]:
    """The credentials by which a store without columns keeps a value: `verification-token:${token}`."""
    shapes = [a.shape for a in key.alternatives] if key is not None else []
    return frozenset(
        origin
        for shape in shapes
        if isinstance(shape, Unknown) and shape.text is not None and is_a_ticket(shape.text.opening)
        for origin in shape.text.continued_by
        if isinstance(origin, Input) and ONE_TIME_FIELD.matches((origin.parameter, *origin.path)[-1])
    )


def is_unguessable(field: str, model: str) -> bool:
    """Whether a field holds what anonymous callers cannot know."""
    if CODE_FIELD.matches(field):
        return bool(CREDENTIAL_CODE.matches(field) or CREDENTIAL_CODE.matches(model))
    return ONE_TIME_FIELD.matches(field)


def is_a_ticket(model: str) -> bool:
    """Whether the rows of a table are one-time credentials: who knows the id of one has been sent it."""
    return any(map(ONE_TIME_CREDENTIAL_TABLE.matches, endings_of(model)))


def endings_of(model: str) -> Iterator[str]:
    """The name of a table, and what is left of it without its first words: `password_reset_tokens`, `tokens`."""
    words = WORDS.findall(model)
    return ("_".join(words[start:]) for start in range(len(words)))


def is_covered_by(effect: Effect, credentials: frozenset[Input]) -> bool:
    """Whether what an effect changes is chosen by a credential, whatever else it must match, or is new."""
    return effect.kind is EffectKind.INSERT or not inputs_of(effect.key) or is_opened_by(effect, credentials)


def is_opened_by(effect: Effect, credentials: frozenset[Input]) -> bool:
    """Whether a credential is among what chooses an effect's records, or what they are made of."""
    return bool((inputs_of(effect.key) or inputs_of(effect.data)) & credentials)
