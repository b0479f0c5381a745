"""What builders that name tables and columns by text share: Kysely's and Knex's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import Array, Constant, Library, Object, Value, is_nullish, of, text_of
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal, listed
from preship.analyzers.knowledge.queries import Column, Query
from preship.analyzers.knowledge.rows import Handler

Step = Callable[[Query, Arguments, Calling], Query]

EQUALS = frozenset({"=", "==", "is", "in", "@>", "= any", "is not distinct from"})
"""Operators that choose records by their operand."""

CELL = "builders#cell"


def query_of(library: Library) -> Query:
    """The query that a builder has collected."""
    found = library.state[0]
    assert isinstance(found, Query)  # noqa: S101
    return found


def step(change: Step) -> Handler:
    """A method that changes the query, which then reaches up to here."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        changed = change(replace(query_of(library), span=calling.span), given, calling)
        return of(Library(library.root, (), (changed, *library.state[1:])))

    return handle


def unchanged(query: Query, given: Arguments, calling: Calling) -> Query:
    """What changes nothing that we look at."""
    return query


def with_key(query: Query, key: Value) -> Query:
    """The query with one more condition."""
    keys = [k for k in (query.key, key) if k is not None and k != EVERYTHING]
    return replace(query, key=both(*keys) if keys else None)


def table_of(value: Value) -> str:
    """The table that a text names: `person as p`, `app.person`, `{ p: 'person' }`."""
    for a in value.alternatives:
        if isinstance(a.shape, Constant) and isinstance(a.shape.value, str):
            words = a.shape.value.split()
            return words[0].split(".")[-1].strip('"`') if words else "a table"
        if isinstance(a.shape, Array):
            return table_of(a.shape.element)
        if isinstance(a.shape, Object) and a.shape.fields:
            return table_of(a.shape.fields[0][1])
        if isinstance(a.shape, Library) and a.shape.state and isinstance(a.shape.state[0], Query):
            return a.shape.state[0].table
    return "a table"


def column_of(value: Value) -> str:
    """The column that a text names."""
    return (text_of(value) or "?").split(".")[-1]


def compared(column: Value, operator: Value, operand: Value) -> Value:
    """The key of `column operator operand`."""
    word = text_of(operator)
    is_equal = word is not None and word.lower() in EQUALS
    if not is_equal or all(is_nullish(a.shape) for a in operand.alternatives):
        return EVERYTHING
    inner = [a.shape.state[0] for a in operand.alternatives if isinstance(a.shape, Library) and a.shape.state]
    subquery = next((q for q in inner if isinstance(q, Query)), None)
    if subquery is not None:
        return subquery.key or EVERYTHING
    return equal(column_of(column), operand)


def selected(query: Query, names: Arguments) -> Query:
    """The query with these columns: texts, lists of texts."""
    columns = [name for value in names.all() for item in listed(value) if (name := text_of(item))]
    named = [column for column in columns if not column.endswith("*")]
    if len(named) < len(columns) or not columns:
        return query
    fields = tuple((alias_of(column), cell(query.table, source_of(column))) for column in named)
    known = query.columns.alternatives[0].shape if query.columns is not None else None
    before = known.fields if isinstance(known, Object) else ()
    return replace(query, columns=of(Object((*before, *fields))))


def alias_of(column: str) -> str:
    """The name of a column in the row: `p.name as title` is `title`."""
    return column.split()[-1].split(".")[-1]


def source_of(column: str) -> str:
    """The name of a column in its table."""
    return column.split()[0].split(".")[-1]


def cell(table: str, name: str) -> Value:
    """One column of a row."""
    return of(Library(CELL, (), (Column(table, name),)))
