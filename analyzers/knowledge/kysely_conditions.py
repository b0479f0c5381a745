"""Kysely: conditions by text or by an expression builder."""

from __future__ import annotations

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    Closure,
    Library,
    Object,
    Value,
    of,
    origins_of,
)
from preship.analyzers.knowledge import builders
from preship.analyzers.knowledge.builders import compared, query_of
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal, listed
from preship.analyzers.knowledge.queries import TOTAL, Column
from preship.analyzers.knowledge.sql_conditions import key_of_condition
from preship.analyzers.knowledge.sql_pieces import parts_in

QUERY, EXPRESSIONS, CONDITION = (f"kysely#{name}" for name in ("query", "expressions", "condition"))


def condition(key: Value) -> Value:
    """A condition with this key."""
    return of(Library(CONDITION, (), (key,)))


def key_of(value: Value, calling: Calling) -> Value:
    """The key of a condition, a callback that gives one, a subquery, or a piece of SQL."""
    found: list[Value] = []
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Closure):
            found.append(key_of(calling.call(of(shape), Arguments((of(Library(EXPRESSIONS)),))), calling))
        elif isinstance(shape, Library) and shape.root == CONDITION and isinstance(shape.state[0], Value):
            found.append(shape.state[0])
        elif isinstance(shape, Library) and shape.root == QUERY:
            found.append(query_of(shape).key or EVERYTHING)
        elif isinstance(shape, Library) and (parts := parts_in(of(shape))) is not None:
            found.append(key_of_condition(parts))
        else:
            found.append(equal("?", Value((a,))) if origins_of(Value((a,))) else EVERYTHING)
    return either(*found) if found else EVERYTHING


def key_of_where(given: Arguments, calling: Calling) -> Value:
    """The key of `where('id', '=', id)` and of `where(condition)`."""
    if len(given.values) > 2:
        operand = given.at(2)
        if any(isinstance(a.shape, Closure) for a in operand.alternatives):
            operand = calling.call(operand, Arguments((of(Library(EXPRESSIONS)),)))
        return compared(given.at(0), given.at(1), operand)
    return key_of(given.at(0), calling)


def expression(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb('id', '=', id)`."""
    return condition(key_of_where(given, calling))


def all_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb.and([…])`, `eb.and({ … })`, `condition.and(…)`."""
    own = [library.state[0]] if library.root == CONDITION and isinstance(library.state[0], Value) else []
    if len(given.values) > 2:
        return condition(both(*own, key_of_where(given, calling)))
    return condition(both(*own, *members(given.at(0), calling)))


def any_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb.or([…])`, `condition.or(…)`."""
    own = [library.state[0]] if library.root == CONDITION and isinstance(library.state[0], Value) else []
    if len(given.values) > 2:
        return condition(either(*own, key_of_where(given, calling)))
    return condition(either(*own, *members(given.at(0), calling)))


def members(value: Value, calling: Calling) -> list[Value]:
    """The keys of a list of conditions, or of an object of equal columns."""
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            return [equal(name, field) for name, field in a.shape.fields]
    return [key_of(item, calling) for item in listed(value)]


def existing(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb.exists(query)`, `eb.parens(condition)`."""
    return condition(key_of(given.at(0), calling))


def nothing(library: Library, given: Arguments, calling: Calling) -> Value:
    """A condition that names no record."""
    return condition(EVERYTHING)


def operand(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb.val(x)`, `eb.lit(x)`."""
    return given.at(0)


def total(library: Library, given: Arguments, calling: Calling) -> Value:
    """`eb.fn.countAll()`."""
    return of(Library(builders.CELL, (), (Column("", TOTAL),)))
