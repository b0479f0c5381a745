"""Mongoose schemas as tables: https://mongoosejs.com/docs/populate.html"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from analyzers.schema.code import alternatives, called, declared, fields, option, text
from analyzers.schema.tables import Reference, Table
from analyzers.source.tree import (
    ArrayLiteral,
    Call,
    Export,
    Expression,
    Literal,
    Member,
    Module,
    Name,
    New,
    ObjectLiteral,
)

MENTIONED = re.compile(rb"""['"]mongoose['"]""")
"""Stands in each file of a schema."""


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The models of some modules."""
    for module in modules:
        variables = dict(declared(module))
        for value in (*variables.values(), *_exported(module.exports)):
            yield from _models(value, variables)


def _exported(exports: Iterable[Export]) -> Iterator[Expression]:
    yield from (export.value for export in exports if export.value is not None)


def _models(value: Expression, variables: Mapping[str, Expression]) -> Iterator[Table]:
    """`models.Post ?? model('Post', PostSchema)`."""
    for each in alternatives(value):
        if isinstance(each, Call) and called(each) == "model" and len(each.arguments) > 1:
            name, schema = text(each.arguments[0]), each.arguments[1]
            made = variables.get(schema.name) if isinstance(schema, Name) else schema
            if name and isinstance(made, New) and _class_of(made) == "Schema" and made.arguments:
                stated = made.arguments[0]
                columns = tuple(fields(stated, variables)) if isinstance(stated, Expression) else ()
                references = tuple(r for key, column in columns for r in _references(key, column))
                yield Table(name, tuple(key for key, _ in columns), references)


def _class_of(made: New) -> str:
    if isinstance(made.callee, Member):
        return made.callee.name
    return made.callee.name if isinstance(made.callee, Name) else ""


def _references(name: str, column: Expression) -> Iterator[Reference]:
    """`{ type: ObjectId, ref: 'Post', required: true }`, a list of such, or an object that holds some."""
    if isinstance(column, ArrayLiteral):
        for item in column.items[:1]:
            target = text(option(item, "ref"))
            if target:
                yield Reference((name,), target, is_required=False)
    elif isinstance(column, ObjectLiteral):
        target = text(option(column, "ref"))
        if target:
            yield Reference((name,), target, _is_true(option(column, "required")), _is_true(option(column, "unique")))
        elif (inner := option(column, "type")) is not None:
            yield from _references(name, inner)


def _is_true(value: Expression | None) -> bool:
    """`true`, or `[true, 'Which message']`."""
    first = value.items[0] if isinstance(value, ArrayLiteral) and value.items else value
    return isinstance(first, Literal) and first.value is True
