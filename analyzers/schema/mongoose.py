"""Mongoose schemas as tables: https://mongoosejs.com/docs/populate.html"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from preship.analyzers.schema.code import alternatives, called, declared, fields, given, is_true, option, places, text
from preship.analyzers.schema.tables import Reference, Table
from preship.analyzers.source.tree import (
    ArrayLiteral,
    Call,
    Export,
    Expression,
    Member,
    Module,
    Name,
    New,
    ObjectLiteral,
)

MENTIONED = re.compile(rb"""['"]mongoose['"]""")
"""Stands in each file of a schema."""


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The models of some modules, and the schemas of which another module makes one, called by their variable."""
    for module in modules:
        variables = dict(declared(module))
        made = [t for value in (*variables.values(), *_exported(module.exports)) for t in _models(value, variables)]
        yield from made
        named = {column for table in made for column in table.columns}
        for name, value in variables.items():
            if isinstance(value, New) and _class_of(value) == "Schema" and (called_by := _OF_SCHEMA.fullmatch(name)):
                table = _table(called_by[1], value, variables)
                if table is not None and not made and not set(table.columns) <= named:
                    yield table


_OF_SCHEMA = re.compile(r"(\w+?)_?[sS]chema")


def _exported(exports: Iterable[Export]) -> Iterator[Expression]:
    yield from (export.value for export in exports if export.value is not None)


def _models(value: Expression, variables: Mapping[str, Expression]) -> Iterator[Table]:
    """`models.Post ?? model('Post', PostSchema)`."""
    for each in alternatives(value):
        if isinstance(each, Call) and called(each) == "model" and len(each.arguments) > 1:
            name, schema = text(each.arguments[0]), each.arguments[1]
            made = variables.get(schema.name) if isinstance(schema, Name) else schema
            table = _table(name, made, variables) if name and isinstance(made, New) else None
            if table is not None:
                yield table


def _table(name: str, made: New, variables: Mapping[str, Expression]) -> Table | None:
    """`new Schema({ … })` under a name."""
    if _class_of(made) != "Schema" or not made.arguments:
        return None
    stated = made.arguments[0]
    columns = tuple(fields(stated, variables)) if isinstance(stated, Expression) else ()
    return Table(
        name,
        tuple(key for key, _ in columns),
        tuple(r for key, column in columns for r in _references(key, column)),
        required=frozenset(key for key, column in columns if is_true(option(column, "required"))),
        places=places(columns),
    )


def _class_of(made: New) -> str:
    if isinstance(made.callee, Member):
        return made.callee.name
    return made.callee.name if isinstance(made.callee, Name) else ""


def _references(name: str, column: Expression) -> Iterator[Reference]:
    """`{ type: ObjectId, ref: 'Post', required: true }`, a list of such, or an object that holds some."""
    if isinstance(column, ArrayLiteral):
        for item in column.items[:1]:
            yield from (Reference((name,), target, is_required=False) for target in _listed(item))
    elif isinstance(column, ObjectLiteral):
        target = _model_of(option(column, "ref"))
        if target:
            yield Reference((name,), target, is_true(option(column, "required")), is_true(option(column, "unique")))
        elif (inner := option(column, "type")) is not None:
            yield from _references(name, inner)


def _listed(item: object) -> Iterator[str]:
    """What each entry of a list names, by itself or in its columns: `{ ref: 'User' }`, `{ user: { ref: 'User' } }`."""
    columns = [column for _, column in fields(item, {})] if isinstance(item, ObjectLiteral) else []
    found = map(_model_of, (option(item, "ref"), *(option(column, "ref") for column in columns)))
    yield from filter(None, found)


def _model_of(ref: Expression | None) -> str | None:
    """What a reference names: `'User'`, `User`, `User.modelName`, `() => User`."""
    stated = next(given(ref), None) if ref is not None else None
    if isinstance(stated, Member) and stated.name == "modelName":
        stated = stated.object
    return stated.name if isinstance(stated, Name) else text(stated)
