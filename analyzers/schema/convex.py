"""Convex schemas as tables: https://docs.convex.dev/database/schemas"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from preship.analyzers.schema.code import called, chain, declared, fields, places, text
from preship.analyzers.schema.tables import Reference, Table
from preship.analyzers.source.tree import Call, Expression, Module, Name

MENTIONED = re.compile(rb"\bdefineTable\(")
"""Stands in each file of a schema."""


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The tables of some modules: fields of `defineSchema({ … })`, or variables that are used there."""
    known = {name: value for module in modules for name, value in declared(module)}
    found: dict[str, Table] = {}
    for name, value in (*_schemas(known, modules), *known.items()):
        table = _table(name, value, known)
        if table is not None:
            found.setdefault(name, table)
    yield from found.values()


def _schemas(known: Mapping[str, Expression], modules: Iterable[Module]) -> Iterator[tuple[str, Expression]]:
    """The fields of the schemas, wherever they are exported."""
    exported = (export.value for module in modules for export in module.exports if export.value is not None)
    for value in (*known.values(), *exported):
        if isinstance(value, Call) and called(value) == "defineSchema" and value.arguments:
            stated = value.arguments[0]
            yield from fields(stated, known) if isinstance(stated, Expression) else ()


def _table(name: str, value: Expression, known: Mapping[str, Expression]) -> Table | None:
    """`defineTable({ … }).index(…)`, itself or in a variable."""
    value = known.get(value.name, value) if isinstance(value, Name) else value
    made = next((call for call in chain(value) if called(call) == "defineTable" and call.arguments), None)
    stated = made.arguments[0] if made is not None else None
    while isinstance(stated, Name | Call):
        inner = known.get(stated.name) if isinstance(stated, Name) else next(iter(stated.arguments), None)
        stated = inner if inner is not stated else None
    columns = tuple(fields(stated, known)) if isinstance(stated, Expression) else ()
    if not columns:
        return None
    return Table(
        name,
        tuple(key for key, _ in columns),
        tuple(r for key, column in columns if (r := _reference(key, column)) is not None),
        required=frozenset(key for key, column in columns if not _is_optional(column)),
        places=places(columns),
    )


def _is_optional(column: Expression) -> bool:
    return isinstance(column, Call) and called(column) in {"optional", "array", "record"}


def _reference(name: str, column: Expression) -> Reference | None:
    """`v.id('users')`, `v.optional(v.id('users'))`, `v.array(v.id('users'))`."""
    is_required = not _is_optional(column)
    at: object = column
    while isinstance(at, Call) and called(at) != "id":
        at = next(iter(at.arguments), None)
    target = text(next(iter(at.arguments), None)) if isinstance(at, Call) else None
    return Reference((name,), target, is_required) if target else None
