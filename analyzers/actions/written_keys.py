"""The foreign keys in what an action writes: columns, lists of them, related rows, the tenant of a job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Facts, Valid
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Array, Object, Shape, Unknown, Value, of, unknown
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import Reference, Table, canonical, last_words, names_a_row, singular

WRITES_ROWS = frozenset({EffectKind.INSERT, EffectKind.WRITE})

JOBS = frozenset({"a job", "an event", "a message"})
"""The targets of what starts code elsewhere, which takes the tenant that it is given."""


@dataclass(frozen=True, slots=True)
class Key:
    """One foreign key with its value, as it is written."""

    column: str
    value: Value
    table: Table | None
    """The table that it refers to, where a schema says it."""

    reference: Reference | None
    row: Object
    within: Table | None
    """The table of the row."""

    facts: Facts


def keys_of(effect: Effect, ownership: Ownership) -> Iterator[Key]:
    """The foreign keys in what an effect writes, or in what it hands to a job."""
    if effect.kind in WRITES_ROWS:
        table = ownership.tables.get(effect.target)
        yield from keys_in(effect.data, table, effect.facts, ownership)
        if effect.kind is EffectKind.INSERT and table is not None:
            yield from spread_keys(effect.data, table, effect.facts, ownership)
    elif effect.kind is EffectKind.SEND and effect.target in JOBS:
        found = keys_in(effect.data, None, effect.facts, ownership)
        yield from (key for key in found if key.table is not None and ownership.is_tenant(key.table))


def keys_in(data: Value | None, table: Table | None, facts: Facts, ownership: Ownership) -> Iterator[Key]:
    """The foreign keys of a row, or of each row of a list."""
    for a in data.alternatives if data is not None else ():
        held = facts | a.under
        if isinstance(a.shape, Array):
            for part in a.shape.items or (a.shape.element,):
                yield from keys_in(part, table, held, ownership)
        elif isinstance(a.shape, Object):
            for name, value in a.shape.fields:
                yield from keys_at(name, value, a.shape, table, held, ownership)
            yield from keys_in(a.shape.rest, table, held, ownership)


def spread_keys(data: Value | None, table: Table, facts: Facts, ownership: Ownership) -> Iterator[Key]:
    """The keys that a new row needs, names nowhere, and so has of an object that is spread into it as it was sent."""
    for a in data.alternatives if data is not None else ():
        held = facts | a.under
        if isinstance(a.shape, Array):
            for part in a.shape.items or (a.shape.element,):
                yield from spread_keys(part, table, held, ownership)
        elif (row := row_of(a.shape, held)) is not None and row.rest is not None:
            written = {canonical(name) for name, _ in row.fields}
            for reference in table.references:
                names = {canonical(name) for name in (*reference.columns, reference.relation or "")}
                sent = sent_as(reference.columns[0], row.rest) if reference.columns else None
                if reference.is_required and sent is not None and not names & written:
                    other = ownership.tables.get(reference.table)
                    yield Key(reference.columns[0], sent, other, reference, row, table, held)


def row_of(shape: Shape, held: Facts) -> Object | None:
    """A row as the fields that are known of it, and whatever else it has; a checked one may lack any of the others."""
    if isinstance(shape, Object):
        return shape
    if not isinstance(shape, Unknown) or any(isinstance(f, Valid) and f.subject in shape.origins for f in held):
        return None
    return Object((), of(shape))


def sent_as(column: str, rest: Value) -> Value | None:
    """What a column holds of which no more is known than that it is a part of what the caller sends."""
    origins = [o for a in rest.alternatives if isinstance(a.shape, Unknown) for o in a.shape.origins]
    if not origins or not all(isinstance(o, Input) for o in origins):
        return None
    return unknown({replace(o, path=(*o.path, column)) for o in origins if isinstance(o, Input)})


def keys_at(
    name: str, value: Value, row: Object, table: Table | None, facts: Facts, ownership: Ownership
) -> Iterator[Key]:
    """The foreign keys in one field of a row: a column, or rows of another table that are written with it."""
    reference = reference_of(name, table)
    if reference is not None and name != reference.relation:
        yield Key(name, value, ownership.tables.get(reference.table), reference, row, table, facts)
    elif names_a_row(name):
        yield Key(name, value, ownership.tables.named_by(name), None, row, table, facts)
    else:
        listed = table.lists.get(name) if table is not None else None
        other = ownership.tables.get(reference.table if reference is not None else listed or name)
        yield from keys_beside(name, value, row, other, table, facts, ownership)


def keys_beside(
    name: str, value: Value, row: Object, other: Table | None, table: Table | None, facts: Facts, ownership: Ownership
) -> Iterator[Key]:
    """The keys in rows of another table that are connected to a row, or made with it."""
    for a in value.alternatives:
        if isinstance(a.shape, Array):
            for part in a.shape.items or (a.shape.element,):
                yield from keys_beside(name, part, row, other, table, facts | a.under, ownership)
        for word, inner in a.shape.fields if isinstance(a.shape, Object) else ():
            if word in CONNECTS:
                yield from connected(name, inner, row, other, table, facts | a.under)
            elif word in MAKES:
                yield from keys_in(inner, other, facts | a.under, ownership)
            elif word in HOLDS:
                yield from keys_beside(name, inner, row, other, table, facts | a.under, ownership)


CONNECTS = frozenset({"connect", "set", "where"})
"""What names rows that are there: https://www.prisma.io/docs/orm/reference/prisma-client-reference#nested-queries"""

MAKES = frozenset({"create", "data"})
HOLDS = frozenset({"connectOrCreate", "createMany", "upsert"})


def connected(
    name: str, value: Value, row: Object, other: Table | None, table: Table | None, facts: Facts
) -> Iterator[Key]:
    """The ids of rows that a relation is set to."""
    for a in value.alternatives:
        if isinstance(a.shape, Array):
            for part in a.shape.items or (a.shape.element,):
                yield from connected(name, part, row, other, table, facts | a.under)
        for word, inner in a.shape.fields if isinstance(a.shape, Object) else ():
            if word == "id" or names_a_row(f"x_{word}"):
                yield Key(name, inner, other, reference_of(name, table), row, table, facts | a.under)


def reference_of(name: str, table: Table | None) -> Reference | None:
    """The foreign key that a field of a row belongs to: one of its columns, or its relation."""
    for reference in table.references if table is not None else ():
        if name == reference.relation or canonical(name) in {canonical(c) for c in reference.columns}:
            return reference
    return None


def names_of(key: Key) -> frozenset[str]:
    """What the table is called that a key refers to: by its schema, or else by the key's own name."""
    if key.table is not None:
        return frozenset(canonical_singular(name) for name in key.table.names)
    return frozenset(singular(canonical(word)) for word in last_words(key.column))


def canonical_singular(name: str) -> str:
    """What one row of a table is called."""
    return singular(canonical(name.rpartition(".")[2]))


def is_about(effect: Effect, names: frozenset[str]) -> bool:
    """Whether an effect is one on a table of one of these names."""
    return canonical_singular(effect.target) in names
