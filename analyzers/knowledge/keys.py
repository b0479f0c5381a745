"""What chooses records: the equal parts of a condition, which alone can scope a query to its caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.flow.effects import Conditions
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.values import (
    Alternative,
    Array,
    Constant,
    Object,
    Shape,
    Unknown,
    Value,
    field_of,
    is_undefined,
    of,
    origins_of,
    unite,
    unprivileged,
    with_field,
)

EVERYTHING = of(Object(()))
"""The key that excludes nothing."""


def equal(name: str, value: Value) -> Value:
    """The key of `name = value`; of lists that it may be, an empty one finds nothing."""
    found = tuple(a for a in value.alternatives if not is_an_empty_list(a.shape))
    return of(Object(((name, Value(found) if found else value),)))


def is_an_empty_list(shape: Shape) -> bool:
    """Whether a list has no items: one of the code's, or one into which nothing was put on this path."""
    if not isinstance(shape, Array):
        return False
    items = shape.items if shape.items is not None else (shape.element,)
    return all(is_undefined(a.shape) for item in items for a in item.alternatives)


def both(*keys: Value) -> Value:
    """The key of conditions that all hold."""
    result = Object(())
    for name, value in fields(keys):
        known = field_of(result, name)
        result = with_field(result, name, value if known is None else unite(known, value))
    return of(result)


def either(*keys: Value) -> Value:
    """The key of conditions of which one holds: it is the caller's only where each of them is."""
    if all(names_the_caller(key) for key in keys):
        found = both(*keys)
        return found if names_the_caller(found) else in_either_place(keys)
    return both(*(equal(name, value) for name, value in fields(keys) if not names_the_caller(value)))


def in_either_place(keys: Iterable[Value]) -> Value:
    """The key of conditions each of which names the caller in a place where another one names somebody else.

    `OR: [{ from: me, to: id }, { from: id, to: me }]`: the caller is one of both, and `id` the other.
    """
    parts = fields(keys)
    own = [(name, value) for name, value in parts if names_the_caller(value)]
    if not own:
        return both(*keys)
    place = own[0][0]
    other = next((name for name, _ in own if name != place), place)
    theirs = [(other if name == place else name, value) for name, value in parts if not names_the_caller(value)]
    kept = [(name, value) for name, value in own if name == place]
    return both(*(equal(name, value) for name, value in (*kept, *theirs)))


def fields(keys: Iterable[Value]) -> list[tuple[str, Value]]:
    """The equal parts of several keys."""
    return [part for key in keys for a in key.alternatives if isinstance(a.shape, Object) for part in a.shape.fields]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the filter objects of a library are read."""

    all_of: frozenset[str] = frozenset()
    """Names whose conditions all hold."""

    any_of: frozenset[str] = frozenset()
    """Names of whose conditions one holds."""

    equal: frozenset[str] = frozenset()
    """Operators whose operand the column equals, or is one of."""

    within: frozenset[str] = frozenset()
    """Names whose conditions hold for a related or contained record that is there."""

    other: frozenset[str] = frozenset()
    """Operators and names that exclude, compare or match, and so choose no record of anyone."""

    skips_undefined: bool = False
    """Whether a condition with `undefined` is left out, and matches every record."""

    matches_all: str = ""
    """An object that matches every record where it stands in a value's place, as JSON; empty: none does."""


def conditions(where: Value, dialect: Dialect) -> Conditions | None:
    """What of a filter object is read as a condition where it is an object; the operands of operators are values."""
    found = list(_open_operands(where, dialect)) if dialect.matches_all else []
    return Conditions(unite(*found), dialect.matches_all) if found else None


def _open_operands(where: Value, dialect: Dialect) -> Iterator[Value]:
    for a in where.alternatives:
        if isinstance(a.shape, Unknown):
            yield Value((a,))
        elif isinstance(a.shape, Object):
            for name, value in a.shape.fields:
                if name in dialect.all_of | dialect.any_of:
                    for each in listed(value):
                        yield from _open_operands(each, dialect)
                elif name not in dialect.equal | dialect.other:
                    yield from _open_operands(value, dialect)
            if a.shape.rest is not None:
                yield a.shape.rest


def unnamed(where: Value | None, key: Value | None) -> Value | None:
    """What a read is sent besides its key, if anything: conditions that name no record, a text to search for."""
    return where if origins_of(where) - origins_of(key) else None


def filtered(where: Value, dialect: Dialect, name: str = "") -> Value:
    """The key of a filter object."""
    parts: list[Value] = []
    operands: list[Alternative] = []
    neutral: list[Alternative] = []
    for a in unprivileged(where).alternatives:
        shape = a.shape
        if isinstance(shape, Object) and shape.brand is None:
            parts.append(of_object(shape, dialect, name))
        elif is_undefined(shape) and (dialect.skips_undefined or not name):
            parts.append(EVERYTHING)
        elif is_neutral(shape):
            neutral.append(a)
        else:
            operands.append(a)
    compared = operands or ([] if parts else neutral)
    return either(*parts, *([equal(name, Value(tuple(compared)))] if compared else []))


def is_neutral(shape: Shape) -> bool:
    """Whether a literal, or a list of them, stands in for what is missing: `session?.user.id ?? ''`, `ids ?? ['none']`.

    It names nobody else's records, nor does a list that is empty: `in: []` finds none.
    """
    if is_an_empty_list(shape):
        return True
    if isinstance(shape, Array) and shape.items:
        return all(is_neutral(a.shape) for item in shape.items for a in item.alternatives)
    return isinstance(shape, Constant) and isinstance(shape.value, str | int | float)


def of_object(shape: Object, dialect: Dialect, name: str) -> Value:
    """The key of one filter object: all of its conditions hold."""
    parts = [of_field(key, value, dialect, name) for key, value in shape.fields]
    if shape.rest is not None:
        parts.append(equal(f"{name}*", shape.rest))
    return both(*parts)


def of_field(key: str, value: Value, dialect: Dialect, name: str) -> Value:
    """The key of one condition of a filter object."""
    if key in dialect.all_of:
        return both(*(filtered(v, dialect, name) for v in listed(value)))
    if key in dialect.any_of:
        return either(*(filtered(v, dialect, name) for v in listed(value)))
    if key in dialect.equal:
        compared = [a for a in value.alternatives if not is_neutral(a.shape)] or value.alternatives
        return either(*(leaf(name, a, dialect) for a in compared))
    if key in dialect.within:
        return filtered(value, dialect, name)
    if key in dialect.other:
        return EVERYTHING
    return filtered(value, dialect, f"{name}.{key}" if name else key)


def leaf(name: str, a: Alternative, dialect: Dialect) -> Value:
    """The key of an operand that is no filter itself."""
    is_left_out = dialect.skips_undefined and is_undefined(a.shape)
    return EVERYTHING if is_left_out else equal(name, Value((a,)))


def listed(value: Value) -> list[Value]:
    """The conditions of a list, or the one that stands for a list of one."""
    found: list[Value] = []
    for a in value.alternatives:
        if isinstance(a.shape, Array):
            found += a.shape.items if a.shape.items is not None else (a.shape.element,)
        else:
            found.append(Value((a,)))
    return found
