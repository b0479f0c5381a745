"""How schemas are written as code: the parts of their trees that several libraries have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from preship.analyzers.schema.tables import Place
from preship.analyzers.source.tree import (
    ArrayLiteral,
    Call,
    Declare,
    Expression,
    Function,
    Literal,
    Logical,
    Member,
    Module,
    Name,
    NamePattern,
    ObjectLiteral,
    Property,
    Return,
    Spread,
)


def declared(module: Module) -> Iterator[tuple[str, Expression]]:
    """The variables of a module's top level, each with what it is set to."""
    for statement in module.statements:
        if isinstance(statement, Declare) and isinstance(statement.pattern, NamePattern) and statement.value:
            yield statement.pattern.name, statement.value


def fields(value: Expression, known: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
    """The fields of an object, or of what a function gives; what is spread into it is looked up among the known."""
    for each in given(value):
        for part in each.properties if isinstance(each, ObjectLiteral) else ():
            if isinstance(part, Property) and isinstance(part.key, str):
                yield part.key, part.value
            elif isinstance(part, Spread) and isinstance(part.value, Name) and part.value.name in known:
                found = known[part.value.name]
                yield from fields(found, {}) if isinstance(found, ObjectLiteral) else ()


def given(value: Expression) -> Iterator[Expression]:
    """A value itself, or what the function that it is returns."""
    if isinstance(value, Function):
        yield from (s.value for s in value.body.statements if isinstance(s, Return) and s.value is not None)
    else:
        yield value


def chain(value: Expression) -> Iterator[Call]:
    """The calls of `a(…).b(…).c(…)`, the last one first."""
    while isinstance(value, Call):
        yield value
        value = value.callee.object if isinstance(value.callee, Member) else value.callee


def called(call: Call) -> str:
    """The last name of what is called."""
    if isinstance(call.callee, Member):
        return call.callee.name
    return call.callee.name if isinstance(call.callee, Name) else ""


def text(value: object) -> str | None:
    """A literal text."""
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else None


def option(value: object, name: str) -> Expression | None:
    """A field of an object literal."""
    found = fields(value, {}) if isinstance(value, ObjectLiteral) else ()
    return next((inner for key, inner in found if key == name), None)


def members(value: Expression | None) -> Iterator[Member]:
    """`[table.a, table.b]`, one by one."""
    for item in value.items if isinstance(value, ArrayLiteral) else ():
        if isinstance(item, Member):
            yield item


def alternatives(value: Expression) -> Iterator[Expression]:
    """`a || b`, one by one."""
    if isinstance(value, Logical):
        yield from alternatives(value.left)
        yield from alternatives(value.right)
    else:
        yield value


def places(columns: Iterable[tuple[str, Expression]]) -> dict[str, Place]:
    """Where columns are stated."""
    return {name: Place(value.span.path, value.span.line) for name, value in columns}


def is_true(value: Expression | None) -> bool:
    """`true`, or `[true, 'Which message']`."""
    first = value.items[0] if isinstance(value, ArrayLiteral) and value.items else value
    return isinstance(first, Literal) and first.value is True
