"""Prisma Client: the calls that read and write, and what their answers tell."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import NO_FACTS
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.operators import is_identity
from analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Library,
    Object,
    Promise,
    Shape,
    Value,
    field_of,
    is_nullish,
    obj,
    of,
    origins_of,
    under,
    unite,
)
from analyzers.knowledge.rows import Shelf, counted, made, maybe_record, membership, record, records, same

CLIENT = "prisma#client"

READS_ONE = frozenset({"findUnique", "findFirst"})
READS_SURELY = frozenset({"findUniqueOrThrow", "findFirstOrThrow"})
READS_MANY = frozenset({"findMany", "groupBy", "aggregate"})
INSERTS = frozenset({"create", "createMany", "createManyAndReturn"})
WRITES = frozenset({"update", "updateMany", "updateManyAndReturn", "upsert"})
DELETES = frozenset({"delete", "deleteMany"})
QUERIES = READS_ONE | READS_SURELY | READS_MANY | INSERTS | WRITES | DELETES | {"count"}


def part(options: Value, name: str) -> Value | None:
    """A field of the options of a query; None where they have none."""
    found = [
        under(value, a.under)
        for a in options.alternatives
        if isinstance(a.shape, Object) and (value := field_of(a.shape, name)) is not None
    ]
    if found:
        return unite(*found)
    return None if all(isinstance(a.shape, Object) or is_nullish(a.shape) for a in options.alternatives) else options


def query(library: Library, given: Arguments, calling: Calling) -> Value:
    """`prisma.model.method(options)`."""
    model, method = library.path[-2], library.path[-1]
    options = given.at(0)
    where = part(options, "where")
    key = chosen_by(where) if where is not None else None
    what = f"prisma.{model}.{method}"
    is_whole = part(options, "select") is None
    calling.may_fail()
    if method in INSERTS:
        data = part(options, "data")
        calling.emit(EffectKind.INSERT, model, what, data=data)
        return of(Promise(record(model, data, calling, is_whole=is_whole)))
    if method in WRITES:
        data = written(options)
        calling.emit(EffectKind.WRITE, model, what, key=key, data=data)
        return of(Promise(changed(method, model, key, calling, is_whole=is_whole)))
    if method in DELETES:
        calling.emit(EffectKind.DELETE, model, what, key=key)
        return of(Promise(changed(method, model, key, calling, is_whole=is_whole)))
    calling.emit(EffectKind.READ, model, what, key=key)
    return of(Promise(answer(method, model, key, calling, is_whole=is_whole)))


EXCLUDES = frozenset({"NOT", "not", "notIn", "none", "gt", "gte", "lt", "lte"})
"""Conditions that leave records out instead of naming them.

https://www.prisma.io/docs/orm/reference/prisma-client-reference#filter-conditions-and-operators
"""


def chosen_by(where: Value, depth: int = 6) -> Value:
    """A `where` without the conditions that only leave records out, and without an `OR` that lets others in."""
    return Value(tuple(Alternative(_chosen_by(a.shape, depth), a.under) for a in where.alternatives))


def _chosen_by(shape: Shape, depth: int) -> Shape:
    if depth == 0:
        return shape
    if isinstance(shape, Array):
        items = tuple(chosen_by(v, depth - 1) for v in shape.items) if shape.items is not None else None
        return Array(items, chosen_by(shape.element, depth - 1))
    if not isinstance(shape, Object):
        return shape
    fields = tuple((k, chosen_by(v, depth - 1)) for k, v in shape.fields if k not in EXCLUDES)
    return Object(tuple((k, v) for k, v in fields if k != "OR" or each_is_mine(v)), shape.rest, shape.brand)


def each_is_mine(branches: Value) -> bool:
    """Whether every branch of an `OR` carries the caller's identity, or none does."""
    found = [
        is_identity(origins_of(item))
        for a in branches.alternatives
        if isinstance(a.shape, Array)
        for item in (a.shape.items or (a.shape.element,))
    ]
    return all(found) or not any(found)


def written(options: Value) -> Value | None:
    """What a write puts into the record."""
    parts = [value for name in ("data", "create", "update") if (value := part(options, name)) is not None]
    return unite(*parts) if parts else None


def changed(method: str, model: str, key: Value | None, calling: Calling, *, is_whole: bool) -> Value:
    """The changed record, or how many there were."""
    if method.endswith("Many"):
        return obj(count=counted(model, key, calling))
    found = record(model, key, calling, is_whole=is_whole)
    return of(Array(None, found)) if method.endswith("Return") else found


def answer(method: str, model: str, key: Value | None, calling: Calling, *, is_whole: bool) -> Value:
    """What a read gives."""
    if method in READS_ONE:
        return maybe_record(model, key, calling, is_whole=is_whole)
    if method in READS_SURELY:
        calling.prove(membership(key, calling))
        return record(model, key, calling, is_whole=is_whole)
    if method == "count":
        return counted(model, key, calling)
    return records(model, key, calling, is_whole=is_whole)


def call(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any call on a client: a query by its last name, a transaction, raw SQL."""
    name = library.path[-1] if library.path else ""
    if name in QUERIES and len(library.path) > 1:
        return query(library, given, calling)
    if name == "$transaction":
        return transaction(given, calling)
    if name.startswith(("$queryRaw", "$executeRaw")):
        calling.may_fail()
        calling.emit(EffectKind.SQL, "the database", f"prisma.{name}", key=given.at(0), data=given.at(1))
        return of(Promise(records("the database", given.at(0), calling)))
    if name.startswith("$"):
        return of(Library(CLIENT))
    return PLAIN


def transaction(given: Arguments, calling: Calling) -> Value:
    """`$transaction(callback)` and `$transaction([queries])`."""
    work = given.at(0)
    if any(isinstance(a.shape, Closure) for a in work.alternatives):
        return calling.call(work, Arguments((of(Library(CLIENT)),)))
    value, facts, rejection = calling.gathered(work)
    return of(Promise(value, facts, rejection))


def raw(library: Library, strings: object, values: object, calling: Calling) -> Value:
    """`$queryRaw` as a tag binds its values."""
    assert isinstance(values, list)  # noqa: S101
    key = of(Array(tuple(values), unite(PLAIN, *values)))
    calling.may_fail()
    calling.emit(EffectKind.SQL, "the database", f"prisma.{library.path[-1]}", key=key)
    return of(Promise(records("the database", key, calling)))


def call_by_shape(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """A call that only a Prisma client has, on something that could not be resolved."""
    if len(library.path) > 1 and library.path[-1] in QUERIES and _is_options(given):
        return query(library, given, calling)
    return None


def _is_options(given: Arguments) -> bool:
    names = {"where", "data", "select", "include", "take", "skip", "orderBy", "create"}
    return any(
        isinstance(a.shape, Object) and any(key in names for key, _ in a.shape.fields) for a in given.at(0).alternatives
    )


SHELVES = (
    Shelf(
        frozenset({"@prisma/client", "@prisma/client/edge"}),
        "https://www.prisma.io/docs/orm/reference/prisma-client-reference",
        makers={("PrismaClient",): made(CLIENT)},
        otherwise=same,
    ),
    Shelf(
        frozenset({CLIENT}),
        "https://www.prisma.io/docs/orm/reference/prisma-client-reference",
        otherwise=call,
        template=raw,
    ),
)
__all__ = ["NO_FACTS", "SHELVES", "UNDEFINED_VALUE"]
