"""Prisma Client: the calls that read and write, and what their answers tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, Facts, Valid, weakened
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Constant,
    Library,
    Native,
    Object,
    Promise,
    Unknown,
    Value,
    is_nullish,
    is_undefined,
    keeping,
    obj,
    of,
    unite,
    with_field,
)
from preship.analyzers.knowledge.keys import Dialect, conditions, fields, filtered, listed, unnamed
from preship.analyzers.knowledge.prisma_extensions import around, extended, method_of
from preship.analyzers.knowledge.relations import COUNTS, Relation, brought, key_of_theirs, with_relations
from preship.analyzers.knowledge.rows import (
    counted,
    fresh,
    gives,
    maybe_record,
    membership,
    record,
    records,
    totals,
    upserted,
)
from preship.analyzers.knowledge.sql_pieces import of_template, of_text, parts_in
from preship.analyzers.knowledge.sql_tokens import Bound, Part
from preship.analyzers.knowledge.statements import run
from preship.analyzers.knowledge.words import part
from preship.analyzers.source.tree import Span

CLIENT = "prisma#client"
UNKNOWN_MODEL = "a record"
TEXT = "prisma#text"

READS_ONE = frozenset({"findUnique", "findFirst"})
READS_SURELY = frozenset({"findUniqueOrThrow", "findFirstOrThrow"})
TRAITS = {
    **dict.fromkeys(READS_SURELY, frozenset({Trait.NEEDS_A_ROW})),
    **dict.fromkeys(("count", "aggregate", "groupBy"), frozenset({Trait.SUMS_UP})),
}
READS_MANY = frozenset({"findMany", "groupBy", "aggregate"})
INSERTS = frozenset({"create", "createMany", "createManyAndReturn"})
WRITES = frozenset({"update", "updateMany", "updateManyAndReturn", "upsert"})
DELETES = frozenset({"delete", "deleteMany"})
FAILS_WITHOUT = READS_SURELY | {"update", "delete"}
"""Queries that fail where there is no record: https://www.prisma.io/docs/orm/reference/error-reference#p2025"""

TAKES_UNIQUE = frozenset({"findUnique", "findUniqueOrThrow", "update", "upsert", "delete"})
"""Queries that refuse an object in the place of a unique column's value:
https://www.prisma.io/docs/orm/reference/prisma-client-reference#findunique"""

QUERIES = READS_ONE | READS_SURELY | READS_MANY | INSERTS | WRITES | DELETES | {"count"}


def query(library: Library, given: Arguments, calling: Calling) -> Value:
    """`prisma.model.method(options)`, with what extensions of the client put around it."""
    model, method = library.path[-2], library.path[-1]

    def run_it(inner: Calling, options: Value) -> Value:
        return run_query(model, method, options, inner)

    return around(library, model, method, given.at(0), calling, run_it)


CHANGES_MANY = frozenset({"updateMany", "updateManyAndReturn", "deleteMany"})


def leaves_none_out(options: Value, where: Value | None) -> bool:
    """Whether a query on many rows has no condition at all, or an empty one: `deleteMany()`, `{ where: {} }`."""
    if where is not None:
        return all(isinstance(a.shape, Object) and not a.shape.fields and not a.shape.rest for a in where.alternatives)
    return all(is_nullish(a.shape) or (isinstance(a.shape, Object) and not a.shape.rest) for a in options.alternatives)


def run_query(model: str, method: str, options: Value, calling: Calling) -> Value:
    """One query, as it reaches the database."""
    where = part(options, "where")
    if where is not None and method in TAKES_UNIQUE:
        where = surely_named(where, calling)
    key = filtered(where, FILTERS) if where is not None else None
    is_whole = part(options, "select") is None
    data = written(options) if method in INSERTS | WRITES else None
    if kind_of(method) is EffectKind.READ:
        data = unnamed(where, key)
    kind = EffectKind.INSERT if method == "upsert" and changes_nothing(options) else kind_of(method)
    loose = conditions(where, FILTERS) if where is not None and method not in TAKES_UNIQUE else None
    # Of a client that could not be followed, nobody knows the model.
    what = f"prisma.{method}" if model == UNKNOWN_MODEL else f"prisma.{model}.{method}"
    brings = tuple(relations_brought(options, NAMES_COLUMNS))
    shows = tuple(relations_brought(options, frozenset()))
    traits = TRAITS.get(method, NO_TRAITS)
    if method in CHANGES_MANY and leaves_none_out(options, where):
        traits |= {Trait.TAKES_ALL}
    calling.emit(kind, model, what, key=key, data=data, conditions=loose, brings=brings, shows=shows, traits=traits)
    value = answer(method, model, data if method in INSERTS else key, calling, is_whole=is_whole)
    if kind is EffectKind.READ:
        value = with_relations(value, relations_of(options, key_of_theirs(key)), key, calling)
    facts = membership(model, key, calling) if method in FAILS_WITHOUT else NO_FACTS
    if where is not None and method in TAKES_UNIQUE:
        facts |= accepted(where, calling.span)
    return of(Promise(value, facts, PLAIN))


def surely_named(where: Value, calling: Calling) -> Value:
    """A unique key, which is there: `{ email: undefined }` is refused, and where the session gave none, all ends here.

    https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/null-and-undefined
    """
    shape = where.alternatives[0].shape if len(where.alternatives) == 1 else None
    if not isinstance(shape, Object) or shape.rest is not None:
        return where
    for name, value in shape.fields:
        there = [a for a in value.alternatives if not is_undefined(a.shape)]
        if (len(shape.fields) == 1 or name == "id") and 0 < len(there) < len(value.alternatives):
            named = keeping(value, there)
            assert named is not None  # noqa: S101
            calling.prove(weakened(named[1]))
            shape = with_field(shape, name, named[0])
    return Value((Alternative(shape, where.alternatives[0].under),))


def accepted(where: Value, span: Span) -> Facts:
    """What is known of the key of a query that was not refused: a unique column takes no object.

    Beside the key there may be conditions of any shape: only a key that stands alone is known, an `id`, and a key of
    several columns, which is an object by its name.
    """
    found: set[Input] = set()
    for a in where.alternatives:
        columns = a.shape.fields if isinstance(a.shape, Object) and a.shape.rest is None else ()
        for name, value in columns:
            if len(columns) == 1 or name == "id" or is_of_several(name, value):
                found |= as_sent(value)
    return frozenset(Valid(origin, span) for origin in found)


def as_sent(value: Value) -> set[Input]:
    """The inputs that a key is, or has as its parts; a text that was made of one says nothing of what was sent."""
    found: set[Input] = set()
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            found |= {o for _, part in a.shape.fields for o in as_sent(part)}
        elif isinstance(a.shape, Unknown) and not a.shape.is_primitive and len(a.shape.origins) == 1:
            found |= {o for o in a.shape.origins if isinstance(o, Input)}
    return found


def is_of_several(name: str, value: Value) -> bool:
    """Whether this is a key of several columns: `teamId_userId: { teamId, userId }`."""
    parts = [part for part, _ in fields([value])]
    return len(parts) > 1 and "_".join(parts) == name


def relations_brought(options: Value, names: frozenset[str]) -> Iterator[str]:
    """The relations whose records come along; of what `select` names, the schema says which are.

    With all their columns, where `names` are the options that name some.
    """
    yield from brought(part(options, "include"), names)
    yield from brought(part(options, "select"), names)


NAMES_COLUMNS = frozenset({"select", "omit"})


def relations_of(options: Value, whose: Value | None) -> tuple[Relation, ...]:
    """The related records that `include` or `select` asks for by the caller's identity; the others show nothing.

    Those of a record that is found by it (`whose`) are theirs, whatever else chooses them.
    """
    if not any(isinstance(a.shape, Object) for a in options.alternatives):
        return ()
    asked = [named for name in ("include", "select") if (named := part(options, name)) is not None]
    return tuple(relation for chosen in asked for relation in related(chosen, whose))


def related(chosen: Value, whose: Value | None, *, is_counted: bool = False) -> Iterator[Relation]:
    """The relations of one `include` or `select` that the caller's identity chooses, and those that lead to such."""
    for name, value in fields([chosen]):
        if name == COUNTS:
            inner = part(value, "select")
            yield from related(inner, whose, is_counted=True) if inner is not None else ()
            continue
        where = part(value, "where") if any(isinstance(a.shape, Object) for a in value.alternatives) else None
        key = filtered(where, FILTERS) if where is not None else None
        own = key_of_theirs(key, whose)
        further = relations_of(value, own)
        if own is not None or further:
            yield Relation(name, own, part(value, "select") is None, is_counted, further)


def changes_nothing(options: Value) -> bool:
    """Whether an upsert leaves a record alone that is there: `update: {}`."""
    update = part(options, "update")
    shapes = [a.shape for a in update.alternatives] if update is not None else []
    return bool(shapes) and all(isinstance(s, Object) and not s.fields and s.rest is None for s in shapes)


def kind_of(method: str) -> EffectKind:
    """What a query does."""
    kinds = {EffectKind.INSERT: INSERTS, EffectKind.WRITE: WRITES, EffectKind.DELETE: DELETES}
    return next((kind for kind, names in kinds.items() if method in names), EffectKind.READ)


FILTERS = Dialect(
    all_of=frozenset({"AND"}),
    any_of=frozenset({"OR"}),
    equal=frozenset({"equals", "in", "has", "hasSome", "hasEvery", "array_contains"}),
    within=frozenset({"some", "is"}),
    other=frozenset(
        "NOT not notIn none isNot every gt gte lt lte contains startsWith endsWith mode search isEmpty isSet path"
        " string_contains string_starts_with string_ends_with array_starts_with array_ends_with".split()
    ),
    skips_undefined=True,
    matches_all='{"not": ""}',
)
"""https://www.prisma.io/docs/orm/reference/prisma-client-reference#filter-conditions-and-operators

Undefined: https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/null-and-undefined
"""


def written(options: Value) -> Value | None:
    """What a write puts into the record."""
    parts = [value for name in ("data", "create", "update") if (value := part(options, name)) is not None]
    return unite(*parts) if parts else None


def answer(method: str, model: str, key: Value | None, calling: Calling, *, is_whole: bool) -> Value:
    """What a query gives."""
    if method in INSERTS:
        found = fresh(model, key, is_whole=is_whole)
    elif method == "upsert":
        found = upserted(model, key, is_whole=is_whole)
    elif method in READS_ONE:
        return maybe_record(model, key, calling, is_whole=is_whole)
    elif method == "count":
        return counted(model, key, calling)
    elif method == "aggregate":
        return obj(totals(model, calling), _count=counted(model, key, calling))
    elif method in READS_MANY:
        return records(model, key, calling, is_whole=is_whole)
    else:
        found = record(model, key, calling, is_whole=is_whole)
    if method.endswith("AndReturn"):
        return of(Array(None, found))
    return obj(count=counted(model, key, calling)) if method.endswith("Many") else found


def call(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any call on a client: a query by its last name, a transaction, raw SQL."""
    name = library.path[-1] if library.path else ""
    if name in QUERIES and len(library.path) > 1:
        return query(library, given, calling)
    if name == "$extends":
        return extended(library, given, calling)
    if name == "$transaction":
        return transaction(library, given, calling)
    if name.startswith(("$queryRaw", "$executeRaw")):
        is_tag = not name.endswith("Unsafe")
        parts = list(parts_in(given.at(0)) or (Bound(given.at(0)),)) if is_tag else of_text(given.at(0), rest_of(given))
        return of(Promise(sent(name, parts, calling)))
    if name.startswith("$"):
        return of(Library(CLIENT, (), library.state))
    added = method_of(library, library.path[-2], name) if len(library.path) > 1 else None
    return calling.call(added, given, of(replace(library, path=library.path[:-1]))) if added is not None else PLAIN


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`$transaction(callback)` and `$transaction([queries])`."""
    work = given.at(0)
    if any(isinstance(a.shape, Closure) for a in work.alternatives):
        return calling.as_one(work, Arguments((of(Library(CLIENT, (), library.state)),)))
    return calling.gathered_as_one(work)


def rest_of(given: Arguments) -> Value:
    """The arguments behind the first."""
    return of(Array(None if given.rest else given.values[1:], unite(PLAIN, *given.all()[1:])))


def raw(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`$queryRaw` as a tag binds its values; `Prisma.sql` is a piece of such a statement."""
    found = of_template(strings, values)
    if library.root == CLIENT:
        return of(Promise(sent(library.path[-1], found, calling)))
    return of(Library(TEXT, (), (tuple(found), *values)))


def sent(name: str, parts: Sequence[Part], calling: Calling) -> Value:
    """A raw statement: `$queryRaw` gives its rows, `$executeRaw` how many it has changed."""
    answer = run(parts, f"prisma.{name}", calling)
    is_counted = name.startswith("$executeRaw") and any(isinstance(a.shape, Object) for a in answer.alternatives)
    return calling.member(answer, "count") if is_counted else answer


def raw_piece(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Prisma.raw(text)`."""
    return of(Library(TEXT, (), (tuple(of_text(given.at(0), None)), given.at(0))))


def joined_pieces(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Prisma.join(values)`."""
    found: list[Part] = []
    for item in listed(given.at(0)):
        found += [",", *(parts_in(item) or (Bound(item),))]
    return of(Library(TEXT, (), (tuple(found[1:]), given.at(0))))


def call_by_shape(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """A call that only a Prisma client has, on something that could not be resolved."""
    if len(library.path) > 1 and library.path[-1] in QUERIES and _is_options(given):
        return query(library, given, calling)
    return None


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """The same on a value that could not be followed: `context.prisma.post.delete({ where: { id } })`."""
    is_query = name in QUERIES and any(
        isinstance(a.shape, Object) and {key for key, _ in a.shape.fields} & {"where", "data"}
        for a in given.at(0).alternatives
    )
    return query(Library(CLIENT, (UNKNOWN_MODEL, name)), given, calling) if is_query else None


def _is_options(given: Arguments) -> bool:
    names = {"where", "data", "select", "include", "take", "skip", "orderBy", "create"}
    return any(
        isinstance(a.shape, Object) and any(key in names for key, _ in a.shape.fields) for a in given.at(0).alternatives
    )


EMPTY_TEXT = of(Library(TEXT, (), ((" ",),)))
PRISMA_CLIENT = of(Library("@prisma/client", ("PrismaClient",)))


CLASSES = frozenset({"Prisma", "PrismaClient", "$Enums"})
"""What a client exports beside the enums of its schema."""


def member_of_enum(library: Library, name: str) -> Value | None:
    """`Role.ADMIN` of a schema's `enum Role`: the text by which it is stored, if it has no other name there.

    https://www.prisma.io/docs/orm/prisma-schema/data-model/models#defining-enums
    """
    path = library.path[1:] if library.path[:1] == ("$Enums",) else library.path
    is_enum = len(path) == 1 and path[0] not in CLASSES and path[0][:1].isupper()
    return of(Constant(name)) if is_enum and name.isidentifier() else None


validator = gives(of(Native("validator", None, lambda calling, given: given.at(0))))

__all__ = ["NO_FACTS", "UNDEFINED_VALUE"]
