"""Drizzle ORM: query builders, which collect until they are awaited and then run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind, Trait
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Alternative,
    Constant,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    of,
    unite,
)
from preship.analyzers.knowledge import keys, sql_text, sql_tokens
from preship.analyzers.knowledge.drizzle_schema import (
    PLACEHOLDER,
    QUERY,
    TABLE,
    TEXT,
    column_name,
    key_of,
    leaves_none_out,
    may_tie,
    parts_of,
    table_name,
)
from preship.analyzers.knowledge.keys import EVERYTHING, both, either
from preship.analyzers.knowledge.queries import (
    MANY,
    NONE,
    TOTAL,
    Column,
    Query,
    perform,
    upserted,
    with_join,
    with_tie,
)
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql_pieces import raw_in
from preship.analyzers.knowledge.words import part


def built(query: Query) -> Value:
    """A builder in this state."""
    return of(Library(QUERY, (), (query,)))


def selected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.select(columns)`, `db.selectDistinctOn([…], columns)`."""
    columns = given.at(1) if library.path[-1] == "selectDistinctOn" else given.at(0)
    is_total = any(is_total_column(v) for a in columns.alternatives for v in values_of(a))
    named = columns if any(isinstance(a.shape, Object) for a in columns.alternatives) else None
    return built(Query(EffectKind.READ, "db.select()", "", calling.span, columns=named, is_total=is_total))


def values_of(a: Alternative) -> list[Value]:
    return [v for _, v in a.shape.fields] if isinstance(a.shape, Object) else []


def is_total_column(value: Value) -> bool:
    """Whether a column counts or sums."""
    for a in value.alternatives:
        if isinstance(a.shape, Library) and a.shape.state:
            first = a.shape.state[0]
            if isinstance(first, Column) and first.name == TOTAL:
                return True
            if a.shape.root == TEXT and sql_text.is_total(["select", *sql_tokens.words_of(parts_of(a.shape))]):
                return True
    return False


def changing(kind: EffectKind, verb: str) -> Handler:
    """`db.insert(table)`, `db.update(table)`, `db.delete(table)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        name = table_name(given.at(0))
        traits = NO_TRAITS if kind is EffectKind.INSERT else frozenset({Trait.TAKES_ALL})
        return built(Query(kind, f"db.{verb}({name})", name, calling.span, answers=NONE, traits=traits))

    return handle


def query_of(library: Library) -> Query:
    """The query that a builder has collected."""
    query = library.state[0]
    assert isinstance(query, Query)  # noqa: S101
    return query


Step = Callable[[Query, Arguments], Query]


def step(change: Step) -> Handler:
    """A method that changes the query, which then reaches up to here."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = query_of(library)
        return built(change(replace(query, span=calling.span, raw=raw_in(given) or query.raw), given))

    return handle


def from_table(query: Query, given: Arguments) -> Query:
    """`.from(table)`, `.from(query)`."""
    source = given.at(0)
    name = table_name(source)
    inner = [a.shape.state[0] for a in source.alternatives if isinstance(a.shape, Library) and a.shape.state]
    key = next((q.key for q in inner if isinstance(q, Query)), None)
    return replace(query, table=name, what=f"db.select().from({name})", key=key or query.key)


def joined(*, leaves_out: bool) -> Step:
    """A join; one that leaves rows out chooses, and each adds the other table to the row."""

    def change(query: Query, given: Arguments) -> Query:
        on = key_of(given.at(1))
        query = with_join(query, on, is_tied=may_tie(given.at(1))) if leaves_out else query
        columns = query.columns
        if columns is None or is_joined(columns):
            first = columns if columns is not None else row_of_table(query.table)
            columns = both(first, row_of_table(table_name(given.at(0))))
        joins = (*query.joins, (table_name(given.at(0)), on)) if names_the_caller(on) else query.joins
        shows = (*query.shows, table_name(given.at(0)))
        return replace(query, columns=columns, joins=joins, shows=shows)

    return change


def row_of_table(name: str) -> Value:
    """A part of the row of a join: one whole record by the name of its table."""
    return of(Object(((name, whole_table(name)),)))


def whole_table(name: str) -> Value:
    """All columns of a table."""
    return of(Library(TABLE, (), (Column(name, ""), ())))


def is_joined(columns: Value) -> bool:
    """Whether the columns of a row are whole tables because of joins, not named by the code."""
    return all(
        isinstance(b.shape, Library) and b.shape.root == TABLE and not b.shape.path and key == table_name(value)
        for a in columns.alternatives
        if isinstance(a.shape, Object)
        for key, value in a.shape.fields
        for b in value.alternatives
    )


def where(query: Query, given: Arguments) -> Query:
    """`.where(condition)`."""
    found = [k for k in (query.key, key_of(given.at(0))) if k is not None and k != EVERYTHING]
    traits = query.traits if leaves_none_out(given.at(0)) else query.traits - {Trait.TAKES_ALL}
    query = replace(query, key=both(*found) if found else None, traits=traits)
    return with_tie(query) if may_tie(given.at(0)) else query


def limited(query: Query, given: Arguments) -> Query:
    """`.limit(1)`."""
    shape = given.at(0).alternatives[0].shape if given.at(0).alternatives else None
    return replace(query, is_single=isinstance(shape, Constant) and shape.value == 1)


def written(query: Query, given: Arguments) -> Query:
    """`.values(row)`, `.values(rows)`, `.set(row)`."""
    is_single = all(isinstance(a.shape, Object | Unknown) for a in given.at(0).alternatives)
    return replace(query, data=given.at(0), is_single=is_single)


def returned(query: Query, given: Arguments) -> Query:
    """`.returning(columns)`."""
    return replace(query, answers=MANY, columns=given.at(0) if given.values else None)


def on_conflict(query: Query, given: Arguments) -> Query:
    """`.onConflictDoUpdate({ target, set, setWhere })`: changes the record that is there."""
    options = given.at(0)
    target = part(options, "target")
    names = tuple(n for v in keys.listed(target) if (n := column_name(v))) if target is not None else ()
    query = upserted(query, names, part(options, "set"))
    conditions = [part(options, name) for name in ("where", "setWhere", "targetWhere")]
    found = [key_of(c) for c in conditions if c is not None]
    return replace(query, key=both(query.key or EVERYTHING, *found))


def unchanged(query: Query, given: Arguments) -> Query:
    """What changes nothing that we look at."""
    return query


def maybe_nothing(query: Query, given: Arguments) -> Query:
    """`.onConflictDoNothing()`: may give no row."""
    return replace(query, is_single=False)


def united(query: Query, given: Arguments) -> Query:
    """`.union(other)`."""
    return replace(query, key=either(query.key or EVERYTHING, key_of(given.at(0))))


def ran(answers: str | None = None) -> Handler:
    """`.execute()`, `.all()`, `.get()`, `.run()`: run it now."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = with_placeholders(query_of(library), given.at(0))
        query = query if answers is None else replace(query, answers=answers)
        return of(Promise(perform(query, calling)))

    return handle


def with_placeholders(query: Query, values: Value) -> Query:
    """A prepared query with its values in their places."""
    return replace(query, key=filled(query.key, values), data=filled(query.data, values))


def filled(value: Value | None, values: Value) -> Value | None:
    """A key or data in which each placeholder is the value of its name."""
    if value is None:
        return None
    found: list[Value] = []
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Library) and shape.root == PLACEHOLDER:
            found.append(part(values, shape.path[0]) or PLAIN)
        elif isinstance(shape, Object):
            fields = tuple((k, filled(v, values) or v) for k, v in shape.fields)
            found.append(Value((Alternative(replace(shape, fields=fields), a.under),)))
        else:
            found.append(Value((a,)))
    return unite(*found)


def awaited(library: Library, calling: Calling) -> Value:
    """A builder runs when it is awaited."""
    return perform(query_of(library), calling) if not library.path else of(library)


def then(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.then(…)`, `.catch(…)`: run it, like an `await`."""
    owner = of(Library(QUERY, (), library.state))
    if library.path[-1] == "catch":
        return calling.continued(owner, None, given.at(0))
    if library.path[-1] == "finally":
        return of(Promise(calling.settle(owner)))
    return calling.continued(owner, given.at(0), given.at(1) if len(given.values) > 1 else None)


joined_surely, joined_perhaps = joined(leaves_out=True), joined(leaves_out=False)
