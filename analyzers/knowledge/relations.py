"""Related records that a query brings along: where the caller is among them, the record is one of theirs.

They may lie behind others, `repository.organization.members`; whether those are one or many, their name tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from preship.analyzers.conventions.fields import RELATION_TO_MANY
from preship.analyzers.flow.collections import Filled, standing
from preship.analyzers.flow.facts import Case, Facts, owns
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.library import Calling
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import (
    Alternative,
    Array,
    Constant,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    of,
    origins_of,
    property_of,
    under,
    with_field,
)
from preship.analyzers.knowledge.keys import both, fields
from preship.analyzers.knowledge.rows import counted, membership, record

COUNTS = "_count"
"""The field in which related records are counted.
https://www.prisma.io/docs/orm/prisma-client/queries/aggregation-grouping-summarizing#count-relations"""


def brought(
    chosen: Value | None, names: frozenset[str] = frozenset(), before: str = "", depth: int = 4
) -> Iterator[str]:
    """The relations that options bring along whole; `names` are those of the options that name columns, if they count.

    `{ guest: true, members: { include: { user: true } } }` brings `guest`, `members` and `members.user`.
    """
    for a in chosen.alternatives if chosen is not None and depth else ():
        for name, value in a.shape.fields if isinstance(a.shape, Object) else ():
            options = {k: v for b in value.alternatives if isinstance(b.shape, Object) for k, v in b.shape.fields}
            is_asked = bool(options) or any(isinstance(b.shape, Constant) and b.shape.value for b in value.alternatives)
            if name == COUNTS:
                continue
            if is_asked and not names & options.keys():
                yield f"{before}{name}"
            for inner in INNER & options.keys():
                yield from brought(options[inner], names, f"{before}{name}.", depth - 1)


INNER = frozenset({"include", "select", "with"})
"""Options that ask for relations: of Prisma, and of Drizzle."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The related records of one name that a query brings along: those of the caller, or what leads to those."""

    name: str
    key: Value | None
    """What chooses them among those of the record by the caller's identity; None: all of them."""

    is_whole: bool = True
    """False where their columns were named."""

    is_counted: bool = False
    """Whether only their number is told."""

    inner: tuple[Relation, ...] = ()
    """What they bring along themselves."""


def key_of_theirs(key: Value | None, whose: Value | None = None) -> Value | None:
    """What chooses records by the caller's identity; None for others.

    Those that come along with a record which is found by it (`whose`) are theirs, whatever else chooses them.
    """
    if key is not None and whose is not None and not names_the_caller(key):
        key = of(Object((*fields([key]), ("of", whose))))
    return key if names_the_caller(key) else None


def with_relations(answer: Value, relations: Sequence[Relation], key: Value | None, calling: Calling) -> Value:
    """What a query with this key gives, with the related records in it."""
    if not relations:
        return answer
    return Value(tuple(Alternative(_extended(a.shape, relations, key, calling), a.under) for a in answer.alternatives))


def _extended(shape: Shape, relations: Sequence[Relation], key: Value | None, calling: Calling) -> Shape:
    if isinstance(shape, Array):
        return Array(None, with_relations(shape.element, relations, key, calling))
    if isinstance(shape, Object):
        return reduce(lambda row, f: with_field(row, *f), _fields(shape, relations, key, calling), shape)
    if not isinstance(shape, Unknown) or shape.truth is Truth.FALSY:
        return shape
    return Object(tuple(_fields(shape, relations, key, calling)), of(shape))


def _fields(
    parent: Object | Unknown, relations: Sequence[Relation], key: Value | None, calling: Calling
) -> Iterator[tuple[str, Value]]:
    """The fields that hold related records, and the one that counts some."""
    numbers: list[tuple[str, Value]] = []
    for relation in relations:
        if relation.key is None:
            yield relation.name, _on_the_way(parent, relation, key, calling)
            continue
        found_by = both(*((key,) if key is not None else ()), relation.key)
        facts = membership(relation.name, found_by, calling) | _is_theirs(parent, calling)
        if relation.is_counted:
            numbers.append((relation.name, _with_truth(counted(relation.name, found_by, calling), facts)))
            continue
        one = record(relation.name, found_by, calling, is_whole=relation.is_whole, is_exact=False)
        is_there = facts | {Case(Filled((calling.span, relation.name)), 0)}
        yield relation.name, of(Array(None, under(with_relations(one, relation.inner, found_by, calling), is_there)))
    if numbers:
        yield COUNTS, of(Object(tuple(numbers), of(parent)))


def _on_the_way(parent: Object | Unknown, relation: Relation, key: Value | None, calling: Calling) -> Value:
    """The related records that anybody would get, with those in them that the caller's identity finds."""
    rows = standing(parent, relation.name) if isinstance(parent, Object) else of(property_of(parent, relation.name))
    found = with_relations(rows, relation.inner, key, calling)
    return of(Array(None, found)) if RELATION_TO_MANY.matches(relation.name) else found


def _is_theirs(parent: Object | Unknown, calling: Calling) -> Facts:
    """What it proves of a record that the caller is among its related ones."""
    return owns({record_of(o) for o in origins_of(of(parent)) if isinstance(o, Stored)}, calling.span)


def _with_truth(number: Value, facts: Facts) -> Value:
    """A number whose truth proves this."""
    (a,) = number.alternatives
    assert isinstance(a.shape, Unknown)  # noqa: S101
    return of(Unknown(a.shape.origins, a.shape.truth, a.shape.when_true | facts, is_primitive=True))
