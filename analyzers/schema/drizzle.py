"""Drizzle schemas as tables: https://orm.drizzle.team/docs/sql-schema-declaration"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from preship.analyzers.schema.code import called, chain, declared, fields, given, members, option, places, text
from preship.analyzers.schema.tables import Reference, Table
from preship.analyzers.source.tree import ArrayLiteral, Call, Expression, Member, Module, Name, ObjectLiteral

MENTIONED = re.compile(rb"""['"]drizzle-orm(?:/\w+-core)?['"]|[tT]able\(\s*['"`]\w+['"`]\s*,""")
"""Stands in each file of a schema; what makes a table may come from a file of the application's own."""

_NO_TABLES = re.compile(r".*(enum|index|view|sequence|role|policy|relations)", re.IGNORECASE)


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The tables of some modules, which refer to each other by the variables that hold them."""
    known = [dict(declared(module)) for module in modules]
    related, enums = _related(known), dict(_enums(known))
    for variables in known:
        for variable, value in variables.items():
            table = _table(variable, value, variables, enums)
            if table is not None:
                yield _with_relations(table, related.get(variable, ()), value, variables)


def _table(
    variable: str, value: Expression, variables: Mapping[str, Expression], enums: Mapping[str, frozenset[str]]
) -> Table | None:
    made = next((c for c in chain(value) if len(c.arguments) > 1 and text(c.arguments[0]) is not None), None)
    if made is None or _NO_TABLES.fullmatch(called(made)):
        return None
    name = text(made.arguments[0])
    columns = dict(_columns(made, variables))
    if not name or not columns or not any(list(chain(column)) for column in columns.values()):
        return None
    references = [r for key, column in columns.items() if (r := _reference(key, column)) is not None]
    return Table(
        name,
        tuple(columns),
        (*references, *_composite(made)),
        required=frozenset(key for key, column in columns.items() if _said_of(column) & _SURE),
        places=places(columns.items()),
        words={key: words for key, column in columns.items() if (words := _words(column, enums))},
        other_names=(variable,),
    )


def _enums(known: Iterable[Mapping[str, Expression]]) -> Iterator[tuple[str, frozenset[str]]]:
    """`const status = pgEnum('status', ['open', 'done'])`, by variable. https://orm.drizzle.team/docs/column-types/pg"""
    for variable, value in (each for variables in known for each in variables.items()):
        if isinstance(value, Call) and called(value) == "pgEnum" and len(value.arguments) > 1:
            yield variable, _listed(value.arguments[1])


def _words(column: Expression, enums: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The words of which a column holds one: `status('status')`, `text('status', { enum: ['open', 'done'] })`."""
    made = next((call for call in chain(column) if not isinstance(call.callee, Member)), None)
    if made is None:
        return frozenset()
    more = made.arguments[1] if len(made.arguments) > 1 else None
    return enums.get(called(made)) or _listed(option(more, "enum")) or _listed(more)


def _listed(value: object) -> frozenset[str]:
    """The words of a list that is written out; none where not all of them are."""
    found = [text(item) for item in value.items] if isinstance(value, ArrayLiteral) else []
    return frozenset(word for word in found if word is not None) if None not in found else frozenset()


def _columns(made: Call, variables: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
    argument = made.arguments[1]
    yield from fields(argument, variables) if isinstance(argument, Expression) else ()


def _reference(name: str, column: Expression) -> Reference | None:
    """`text('user_id').notNull().references(() => users.id)`."""
    for call in chain(column):
        if called(call) == "references" and call.arguments and isinstance(call.arguments[0], Expression):
            target = next((m for m in given(call.arguments[0]) if isinstance(m, Member)), None)
            if target is not None and isinstance(target.object, Name):
                words = _said_of(column)
                ends = text(option(call.arguments[1], "onDelete")) == "cascade" if len(call.arguments) > 1 else False
                sure, alone = bool(words & _SURE), bool(words & _ALONE)
                return Reference((name,), target.object.name, sure, alone, ends_with_it=ends)
    return None


_SURE = frozenset({"notNull", "primaryKey"})
_ALONE = frozenset({"unique", "primaryKey"})


def _said_of(column: Expression) -> frozenset[str]:
    return frozenset(called(call) for call in chain(column))


def _composite(made: Call) -> Iterator[Reference]:
    """`foreignKey({ columns: [table.a, table.b], foreignColumns: [other.a, other.b] })`."""
    for argument in made.arguments[2:3]:
        for found in given(argument) if isinstance(argument, Expression) else ():
            for call in _calls_in(found):
                options = call.arguments[0] if called(call) == "foreignKey" and call.arguments else None
                own, other = (tuple(members(option(options, key))) for key in ("columns", "foreignColumns"))
                if own and other and isinstance(other[0].object, Name):
                    yield Reference(tuple(m.name for m in own), other[0].object.name)


def _calls_in(value: Expression) -> Iterator[Call]:
    inner = (v for _, v in fields(value, {})) if isinstance(value, ObjectLiteral) else getattr(value, "items", ())
    for each in inner:
        yield from chain(each)


def _related(known: Iterable[Mapping[str, Expression]]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """What `relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.userId] }) }))` says, by table."""
    found: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for value in (value for variables in known for value in variables.values()):
        if not isinstance(value, Call) or called(value) != "relations" or len(value.arguments) < 2:
            continue
        table, stated = value.arguments[:2]
        if isinstance(table, Name) and isinstance(stated, Expression):
            ones = tuple(one for _, call in fields(stated, {}) if (one := _one(call)) is not None)
            found[table.name] = (*found.get(table.name, ()), *ones)
    return found


def _one(call: Expression) -> tuple[tuple[str, ...], str] | None:
    if not isinstance(call, Call) or called(call) != "one" or len(call.arguments) < 2:
        return None
    own = tuple(members(option(call.arguments[1], "fields")))
    return (tuple(m.name for m in own), call.arguments[0].name) if own and isinstance(call.arguments[0], Name) else None


def _with_relations(
    table: Table,
    related: Iterable[tuple[tuple[str, ...], str]],
    value: Expression,
    variables: Mapping[str, Expression],
) -> Table:
    """A table with those of its references that only its relations state."""
    stated = {r.columns for r in table.references}
    made = next(c for c in chain(value) if len(c.arguments) > 1 and text(c.arguments[0]) is not None)
    columns = dict(_columns(made, variables))
    more = [
        Reference(names, other, all(_said_of(columns[n]) & _SURE for n in names if n in columns))
        for names, other in related
        if names not in stated
    ]
    return replace(table, references=(*table.references, *more))
