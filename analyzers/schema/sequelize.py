"""Sequelize's models as tables: https://sequelize.org/docs/v6/core-concepts/assocs/"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from preship.analyzers.schema.code import declared, fields, is_true, option, places, text
from preship.analyzers.schema.tables import Reference, Table, canonical, singular
from preship.analyzers.source.tree import Call, Evaluate, Expression, Literal, Member, Module, Name

MENTIONED = re.compile(rb"""['"]sequelize['"]""")
"""Stands in each file of a schema."""


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The models of some modules, with what they are associated with."""
    tables: dict[str, Table] = {}
    calls = [(call, dict(declared(module))) for module in modules for call in _calls(module)]
    for call, known in calls:
        table = _table(call, known)
        if table is not None:
            tables[canonical(table.name)] = table
    for call, _ in calls:
        for name, reference in _associations(call):
            if canonical(name) in tables:
                tables[canonical(name)] = _with(tables[canonical(name)], reference)
    yield from tables.values()


def _calls(module: Module) -> Iterator[Call]:
    """The calls that stand on a module's top level, or are kept there in a variable."""
    yield from (value for _, value in declared(module) if isinstance(value, Call))
    stated = (s.value for s in module.statements if isinstance(s, Evaluate))
    yield from (value for value in stated if isinstance(value, Call))


def _table(call: Call, known: Mapping[str, Expression]) -> Table | None:
    """`sequelize.define('Note', { … })`, `Note.init({ … }, { modelName: 'Note' })`."""
    if not isinstance(call.callee, Member) or len(call.arguments) < 2:
        return None
    if call.callee.name == "define":
        name, stated, options = text(call.arguments[0]), call.arguments[1], (*call.arguments, None)[2]
    elif call.callee.name == "init":
        stated, options = call.arguments[0], call.arguments[1]
        variable = call.callee.object.name if isinstance(call.callee.object, Name) else None
        name = text(option(options, "modelName")) or variable
    else:
        return None
    columns = tuple(fields(stated, known)) if isinstance(stated, Expression) else ()
    if not name or not columns:
        return None
    mapped = text(option(options, "tableName"))
    return Table(
        name,
        tuple(key for key, _ in columns),
        tuple(r for key, column in columns if (r := _reference(key, column)) is not None),
        required=frozenset(key for key, column in columns if _is_required(column)),
        places=places(columns),
        other_names=(mapped,) if mapped else (),
    )


def _is_required(column: Expression) -> bool:
    allowed = option(column, "allowNull")
    is_forbidden = isinstance(allowed, Literal) and allowed.value is False
    return is_forbidden or is_true(option(column, "primaryKey"))


def _reference(name: str, column: Expression) -> Reference | None:
    """`{ type: DataTypes.UUID, allowNull: false, references: { model: 'users', key: 'id' } }`."""
    model = option(option(column, "references"), "model")
    target = text(model) or (model.name if isinstance(model, Name) else None)
    if not target:
        return None
    return Reference((name,), target, _is_required(column), is_true(option(column, "unique")))


def _associations(call: Call) -> Iterator[tuple[str, Reference]]:
    """`Note.belongsTo(User, { foreignKey: 'ownerId', as: 'owner' })`, `User.hasMany(Note, { … })`."""
    callee = call.callee
    if not isinstance(callee, Member) or not isinstance(callee.object, Name) or not call.arguments:
        return
    other = call.arguments[0]
    if not isinstance(other, Name) or callee.name not in {"belongsTo", "hasMany", "hasOne"}:
        return
    options = call.arguments[1] if len(call.arguments) > 1 else None
    own, target = (callee.object.name, other.name) if callee.name == "belongsTo" else (other.name, callee.object.name)
    key = option(options, "foreignKey")
    named = text(key) or text(option(key, "name")) or f"{target[:1].lower()}{target[1:]}Id"
    yield own, Reference((named,), target, is_unique=callee.name == "hasOne", relation=text(option(options, "as")))


def _with(table: Table, reference: Reference) -> Table:
    """A table with an association, whose column may be stated or not."""
    column = reference.columns[0]
    kept = tuple(r for r in table.references if r.columns != reference.columns)
    is_required = column in table.required or column not in table.columns
    columns = table.columns if column in table.columns else (*table.columns, column)
    relation = reference.relation or singular(canonical(reference.table))
    stated = replace(reference, is_required=is_required, relation=relation)
    return replace(table, columns=columns, references=(*kept, stated))
