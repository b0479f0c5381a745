"""Drizzle ORM: tables, conditions, and SQL as pieces of text."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    TRUE_VALUE,
    Alternative,
    Closure,
    Constant,
    Library,
    Object,
    Shape,
    Value,
    is_nullish,
    of,
    origins_of,
    text_of,
    unite,
    unknown,
    unprivileged,
)
from preship.analyzers.knowledge import keys, sql_conditions, sql_tokens
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal
from preship.analyzers.knowledge.queries import TOTAL, Column, Query

QUERY = "drizzle#query"
TABLE, CONDITION, TEXT, COLUMN_TYPE, CREATOR, PLACEHOLDER = (
    f"drizzle#{name}" for name in ("table", "condition", "text", "column-type", "creator", "placeholder")
)


# --- tables --------------------------------------------------------------------------------------------------------


def table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pgTable('posts', { id: … })`: its name and the names of its columns."""
    name = text_of(given.at(0)) or "a table"
    columns = given.at(1)
    if any(isinstance(a.shape, Closure) for a in columns.alternatives):
        columns = calling.call(columns, Arguments((of(Library(COLUMN_TYPE)),)))
    shape = columns.alternatives[0].shape if columns.alternatives else None
    names = tuple(key for key, _ in shape.fields) if isinstance(shape, Object) else ()
    return of(Library(TABLE, (), (Column(name, ""), names)))


def schema_member(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pgSchema('app').table('posts', …)`."""
    return (
        table(library, given, calling)
        if library.path[-1] in {"table", "view", "materializedView"}
        else same_type(library, given, calling)
    )


def same_type(library: Library, given: Arguments, calling: Calling) -> Value:
    """Column types, and what is said of them."""
    return of(Library(COLUMN_TYPE))


def table_name(value: Value) -> str:
    """What a table is called."""
    for a in value.alternatives:
        if isinstance(a.shape, Library):
            column = a.shape.state[0] if a.shape.state else None
            if isinstance(column, Column):
                return column.table
            if isinstance(column, Query):
                return column.table
            if a.shape.path:
                return a.shape.path[-1]
    return "a table"


def table_read(library: Library, name: str) -> Value | None:
    """A column of a table."""
    column = library.state[0]
    assert isinstance(column, Column)  # noqa: S101
    if library.path or name in {"as", "enableRLS", "withRLS", "$inferSelect", "$inferInsert"}:
        return None
    return of(Library(TABLE, (name,), (Column(column.table, name), ())))


def columns_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getTableColumns(posts)`."""
    found: list[Value] = []
    for a in given.at(0).alternatives:
        shape = a.shape
        if isinstance(shape, Library) and shape.root == TABLE and len(shape.state) > 1:
            names = shape.state[1]
            assert isinstance(names, tuple)  # noqa: S101
            found.append(of(Object(tuple((name, table_read(shape, name) or PLAIN) for name in names), of(shape))))
    return unite(*found) if found else unknown()


# --- conditions ----------------------------------------------------------------------------------------------------


def condition(key: Value, *, is_a_tie: bool = False) -> Value:
    """A condition with this key; one that compares two columns ties the rows of their tables."""
    return of(Library(CONDITION, (), (key, is_a_tie)))


def may_tie(value: Value) -> bool:
    """Whether a condition compares two columns, or may: SQL, and what could not be read."""
    return any(ties(a.shape) for a in value.alternatives)


def ties(shape: Shape) -> bool:
    if isinstance(shape, Library) and shape.root == CONDITION:
        return bool(shape.state[1])
    return not is_nullish(shape) and not isinstance(shape, Constant)


def key_of(value: Value) -> Value:
    """The key of whatever stands where a condition is wanted; several things that it may be are no more than each."""
    found = unprivileged(value).alternatives
    kept = [a for a in found if not matches_nothing(a.shape)] or found
    return either(*(key_of_one(a) for a in kept)) if kept else EVERYTHING


def matches_nothing(shape: Shape) -> bool:
    """Whether a condition is one that no row meets: `sql`false``, as for whoever is part of no team."""
    if not isinstance(shape, Library) or shape.root != TEXT:
        return False
    return tuple(sql_tokens.words_of(parts_of(shape))) in NEVER_MET


def leaves_none_out(value: Value) -> bool:
    """Whether a condition is none, or one that every row meets: `eq(posts.id, posts.id)`, `sql`true``."""
    return all(
        is_nullish(a.shape)
        or (isinstance(a.shape, Constant) and a.shape.value is True)
        or (
            isinstance(a.shape, Library)
            and a.shape.root == TEXT
            and tuple(sql_tokens.words_of(parts_of(a.shape))) in ALWAYS_MET
        )
        for a in value.alternatives
    )


ALWAYS_MET = frozenset({("true",), ("1", "=", "1"), ("1",)})
"""Conditions as code writes them that leave no row out."""

NEVER_MET = frozenset({("false",), ("1", "=", "0"), ("0", "=", "1"), ("1", "=", "2")})
"""Conditions as code writes them that leave every row out."""


def key_of_one(a: Alternative) -> Value:
    shape = a.shape
    if isinstance(shape, Library) and shape.root == CONDITION:
        key = shape.state[0]
        assert isinstance(key, Value)  # noqa: S101
        return key
    if isinstance(shape, Library) and shape.root == TEXT:
        return sql_conditions.key_of_condition(parts_of(shape))
    if isinstance(shape, Library) and shape.root == QUERY and isinstance(shape.state[0], Query):
        return shape.state[0].key or EVERYTHING
    if is_nullish(shape) or isinstance(shape, Constant):
        return EVERYTHING
    return equal("?", Value((a,)))


def equality(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eq(posts.id, id)`, `inArray(posts.id, ids)`."""
    sides = (given.at(0), given.at(1))
    if column_name(sides[0]) and sides[0] == sides[1]:
        return TRUE_VALUE
    name = next((n for n in map(column_name, sides) if n), "?")
    operands = [operand(name, side) for side in sides if not column_name(side)]
    return condition(both(*operands), is_a_tie=not operands or any(map(is_more_than_a_value, sides)))


def is_more_than_a_value(value: Value) -> bool:
    """Whether a side of a comparison is SQL or a query, in which a column may stand."""
    return any(isinstance(a.shape, Library) and a.shape.root in {QUERY, CONDITION, TEXT} for a in value.alternatives)


def column_name(value: Value) -> str:
    """The column that a value names; empty where it is none."""
    for a in value.alternatives:
        if isinstance(a.shape, Library) and a.shape.path and a.shape.root not in {TEXT, PLACEHOLDER}:
            return a.shape.path[-1]
    return ""


def operand(name: str, value: Value) -> Value:
    """The key of a column that equals a value, or a value of a query."""
    if any(isinstance(a.shape, Library) and a.shape.root in {QUERY, CONDITION} for a in value.alternatives):
        return key_of(value)
    if any(isinstance(a.shape, Library) and a.shape.root == TEXT for a in value.alternatives):
        return equal(name, unknown(origins_of(value)))
    return equal(name, value)


def all_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`and(…)`: what may be left out scopes nothing; of a list of conditions each is taken to be there."""
    found = [key_of(value) for value in given.values]
    if given.rest is not None:
        found += [key_of_one(a) for a in given.rest.alternatives]
    is_a_tie = any(map(may_tie, given.values)) or (given.rest is not None and may_tie(given.rest))
    return condition(both(*found), is_a_tie=is_a_tie)


def any_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`or(…)`: leaves out what is `undefined`."""
    there = [v for v in given.all() if not all(is_nullish(a.shape) for a in v.alternatives)]
    return condition(either(*(key_of(value) for value in there)), is_a_tie=all(map(may_tie, there)))


def existing(library: Library, given: Arguments, calling: Calling) -> Value:
    """`exists(query)`."""
    return condition(key_of(given.at(0)), is_a_tie=True)


def excluding(library: Library, given: Arguments, calling: Calling) -> Value:
    """A condition that names no record."""
    return condition(EVERYTHING, is_a_tie=bool(given.values) and all(map(column_name, given.values)))


def maybe_left_out(library: Library, given: Arguments, calling: Calling) -> Value:
    """`condition.if(test)`."""
    return condition(either(key_of(of(Library(CONDITION, (), library.state))), EVERYTHING))


def total(library: Library, given: Arguments, calling: Calling) -> Value:
    """`count()`, `sum(posts.views)`."""
    return of(Library(COLUMN_TYPE, (), (Column("", TOTAL),)))


def placeholder(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.placeholder('id')`."""
    return of(Library(PLACEHOLDER, (text_of(given.at(0)) or "?",)))


# --- SQL -----------------------------------------------------------------------------------------------------------


def text(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """A template with the tag `sql`: a piece of SQL whose values are bound."""
    found: list[sql_tokens.Part] = []
    for index, string in enumerate(strings):
        found.append(string)
        if index < len(values):
            found += pieces(values[index])
    return of(Library(TEXT, (), (tuple(found), *values)))


def pieces(value: Value) -> list[sql_tokens.Part]:
    """What a value in a template stands for: a name, another piece, a condition, or a bound value."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Library) and shape.root == TEXT:
        return list(parts_of(shape))
    if isinstance(shape, Library) and shape.root in {CONDITION, QUERY}:
        return [sql_tokens.Condition(key_of(value))]
    if isinstance(shape, Library) and shape.path:
        return [f'"{shape.path[-1]}"']
    if isinstance(shape, Library) and shape.root == TABLE:
        return [f'"{table_name(value)}"']
    return [sql_tokens.Bound(value)]


def parts_of(library: Library) -> tuple[sql_tokens.Part, ...]:
    """The pieces of an SQL text."""
    found = library.state[0] if library.state else ()
    return found if isinstance(found, tuple) else ()


def raw_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.raw(text)`: becomes part of the statement as it is."""
    written = text_of(given.at(0))
    piece: sql_tokens.Part = written if written is not None else sql_tokens.Raw(given.at(0))
    return of(Library(TEXT, (), ((piece,), given.at(0))))


def joined_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.join(pieces, separator)`."""
    found: list[sql_tokens.Part] = []
    for item in keys.listed(given.at(0)):
        found += [*pieces(item), *(pieces(given.at(1)) if len(given.values) > 1 else [","])]
    return of(Library(TEXT, (), (tuple(found[:-1]), given.at(0))))


def named_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.identifier(name)`: quoted, and still chosen by whoever chose the name."""
    written = text_of(given.at(0))
    return of(Library(TEXT, (), ((f'"{written}"' if written else sql_tokens.Bound(given.at(0)),), given.at(0))))


def appended_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.append(piece)`, `.as('name')`, `.mapWith(Number)`."""
    more = [piece for value in given.values for piece in pieces(value)] if library.path[-1] == "append" else []
    return of(Library(TEXT, (), ((*parts_of(library), *more), *library.state[1:])))
