"""Drizzle ORM: databases, transactions and relational queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Closure,
    Constant,
    Library,
    Namespace,
    Object,
    Promise,
    Value,
    obj,
    of,
)
from preship.analyzers.knowledge import sql_tokens
from preship.analyzers.knowledge.drizzle_builders import built, changing, query_of, selected, whole_table
from preship.analyzers.knowledge.drizzle_schema import (
    QUERY,
    TABLE,
    TEXT,
    key_of,
    parts_of,
    table_name,
)
from preship.analyzers.knowledge.keys import Dialect, fields, filtered
from preship.analyzers.knowledge.queries import (
    COUNT,
    FIRST,
    MANY,
    Column,
    Query,
    perform,
)
from preship.analyzers.knowledge.relations import Relation, brought, key_of_theirs
from preship.analyzers.knowledge.sql_pieces import of_text
from preship.analyzers.knowledge.statements import run as run_statement
from preship.analyzers.knowledge.words import part

DB = "drizzle#db"
OPERATORS = of(Library("drizzle-orm"))

FILTERS = Dialect(
    all_of=frozenset({"AND"}),
    any_of=frozenset({"OR"}),
    equal=frozenset({"eq", "in", "arrayContains", "arrayOverlaps"}),
    other=frozenset(
        "NOT RAW ne gt gte lt lte like ilike notLike notIlike isNull isNotNull notIn arrayContained".split()
    ),
    skips_undefined=True,
)
"""The filters of relational queries, version 2: https://orm.drizzle.team/docs/rqb-v2"""


# --- the database --------------------------------------------------------------------------------------------------


def database(library: Library, given: Arguments, calling: Calling) -> Value:
    """`drizzle(client, { schema })`."""
    schemas = [part(options, "schema") for options in given.values]
    schema = next((s for s in schemas if s is not None and is_schema(s)), PLAIN)
    return of(Library(DB, (), (library.root.removeprefix("drizzle-orm/"), schema)))


def is_schema(value: Value) -> bool:
    return any(isinstance(a.shape, Object | Namespace) for a in value.alternatives)


def itself(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same database."""
    return of(Library(DB, (), library.state))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.transaction(async (tx) => …)`."""
    return calling.as_one(given.at(0), Arguments((of(Library(DB, (), library.state)),)))


def batch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.batch([…])`."""
    value, facts, rejection = calling.gathered(given.at(0))
    return of(Promise(value, facts, rejection))


def common_table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.$with('name').as(query)`."""
    return of(Library(DB, ("$with",), library.state))


def alias_of_query(library: Library, given: Arguments, calling: Calling) -> Value:
    return given.at(0)


def total_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.$count(table, condition)`."""
    name = table_name(given.at(0))
    key = key_of(given.at(1)) if len(given.values) > 1 else None
    return built(Query(EffectKind.READ, f"db.$count({name})", name, calling.span, key=key, answers=COUNT))


def executed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.execute(sql`…`)`, `db.all(…)`, `db.run(…)`."""
    found: list[sql_tokens.Part] = []
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == TEXT:
            found += parts_of(a.shape)
        elif isinstance(a.shape, Library) and a.shape.root == QUERY:
            return of(Promise(perform(query_of(a.shape), calling)))
        else:
            found += of_text(Value((a,)), None)
    rows = run_statement(found, f"db.{library.path[-1]}", calling)
    driver = library.state[0] if library.state else ""
    is_list = driver in {"postgres-js", "bun-sql"} or library.path[-1] in {"all", "values"}
    answer = rows if is_list else obj(PLAIN, rows=rows)
    return of(Promise(answer))


def related(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.query.posts.findFirst(options)`."""
    if len(library.path) < 3 or library.path[-1] not in {"findFirst", "findMany"}:
        return PLAIN
    name, method = library.path[-2], library.path[-1]
    found = of_schema(library, name, calling)
    model = table_name(found) if found is not None else name
    options = given.at(0)
    condition_given = part(options, "where")
    key = key_of_relation(condition_given, found or PLAIN, calling) if condition_given is not None else None
    is_whole = part(options, "columns") is None
    columns = None if is_whole else named_columns(options, model)
    answers = FIRST if method == "findFirst" else MANY
    what = f"db.query.{name}.{method}"
    query = Query(EffectKind.READ, what, model, calling.span, key, None, columns, answers, is_single=answers == FIRST)
    return built(
        replace(
            query,
            relations=tuple(relations_of(options, key_of_theirs(key), calling)),
            brings=tuple(brought(part(options, "with"), frozenset({"columns"}))),
            shows=tuple(brought(part(options, "with"))),
        )
    )


def relations_of(options: Value, whose: Value | None, calling: Calling) -> Iterator[Relation]:
    """The related records that `with` asks for by the caller's identity; the others show nothing."""
    relations = part(options, "with")
    for name, value in fields([relations]) if relations is not None else ():
        if not any(isinstance(a.shape, Object) for a in value.alternatives):
            continue
        where = part(value, "where")
        key = key_of_relation(where, PLAIN, calling) if where is not None else None
        own = key_of_theirs(key, whose)
        inner = tuple(relations_of(value, own, calling))
        if own is not None or inner:
            yield Relation(name, own, part(value, "columns") is None, inner=inner)


def of_schema(library: Library, name: str, calling: Calling) -> Value | None:
    """The table of a name in the schema that the database was made with."""
    schema = library.state[1] if len(library.state) > 1 else None
    if not isinstance(schema, Value) or not is_schema(schema):
        return None
    found = calling.member(schema, name)
    is_table = any(isinstance(a.shape, Library) and a.shape.root == TABLE for a in found.alternatives)
    return found if is_table else None


def key_of_relation(value: Value, table_given: Value, calling: Calling) -> Value:
    """The key of a relational query's `where`: a condition, a callback that gives one, or a filter object."""
    if any(isinstance(a.shape, Closure) for a in value.alternatives):
        columns = table_given if table_given is not PLAIN else whole_table("a table")
        return key_of(calling.call(value, Arguments((columns, OPERATORS))))
    if any(isinstance(a.shape, Object) for a in value.alternatives):
        return filtered(value, FILTERS)
    return key_of(value)


def named_columns(options: Value, model: str) -> Value:
    """A row of the columns that the options name; relations come whole."""
    found: list[tuple[str, Value]] = []
    chosen = part(options, "columns")
    for a in chosen.alternatives if chosen is not None else ():
        if isinstance(a.shape, Object):
            wanted = [(k, v) for k, v in a.shape.fields if text_of_flag(v)]
            found += [(k, of(Library(TABLE, (k,), (Column(model, k), ())))) for k, _ in wanted]
    relations = part(options, "with")
    for a in relations.alternatives if relations is not None else ():
        if isinstance(a.shape, Object):
            found += [(k, whole_table(k)) for k, _ in a.shape.fields]
    rest = None if found else whole_table(model)
    return of(Object(tuple(found), rest))


def text_of_flag(value: Value) -> bool:
    """Whether an option is on."""
    return any(isinstance(a.shape, Constant) and a.shape.value is True for a in value.alternatives)


STARTS = {
    "insert": changing(EffectKind.INSERT, "insert"),
    "update": changing(EffectKind.WRITE, "update"),
    "delete": changing(EffectKind.DELETE, "delete"),
}

DATABASES = frozenset({"db", "database", "tx", "trx", "drizzle"})
"""What Drizzle's documentation and its users call a database."""


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """A method of an unknown value that is given a table."""
    is_table = any(isinstance(a.shape, Library) and a.shape.root == TABLE for a in given.at(0).alternatives)
    return STARTS[name](Library(DB), given, calling) if name in STARTS and is_table else None


def call_by_shape(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """A call that only a Drizzle database has, on something that could not be resolved."""
    path = library.path
    if len(path) > 2 and path[-3] == "query" and path[-1] in {"findFirst", "findMany"}:
        return related(Library(DB, path[-3:]), given, calling)
    if len(path) < 2 or path[-2] not in DATABASES:
        return None
    if path[-1] in STARTS and len(given.values) == 1 and table_name(given.at(0)) != "a table":
        return STARTS[path[-1]](Library(DB), given, calling)
    if path[-1] in {"select", "selectDistinct"}:
        return selected(Library(DB, path[-1:]), given, calling)
    return transaction(Library(DB), given, calling) if path[-1] == "transaction" else None


def rolled_back(library: Library, given: Arguments, calling: Calling) -> Value:
    """`tx.rollback()`, which throws."""
    return ended(calling)


def ended(calling: Calling) -> Value:
    """`tx.rollback()` throws."""
    calling.end()
    return PLAIN
