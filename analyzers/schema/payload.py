"""Payload's collections as tables: https://payloadcms.com/docs/configuration/collections"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from preship.analyzers.schema.code import declared, is_true, option, places, text
from preship.analyzers.schema.tables import Reference, Table
from preship.analyzers.source.tree import ArrayLiteral, Expression, Literal, Module, Name, ObjectLiteral

MENTIONED = re.compile(rb"\b(CollectionConfig|CollectionBeforeChangeHook|buildConfig)\b")
"""One of these stands in the files of collections."""


def tables_of(modules: Iterable[Module]) -> Iterator[Table]:
    """The collections of some modules; those in the configuration itself too."""
    for module in modules:
        known = dict(declared(module))
        exported = (export.value for export in module.exports if export.value is not None)
        for value in (*known.values(), *exported):
            for stated in _collections(value):
                table = _table(stated, known)
                if table is not None:
                    yield table


def _collections(value: Expression) -> Iterator[ObjectLiteral]:
    """A collection itself, or those of `buildConfig({ collections: [ … ] })`."""
    if isinstance(value, ObjectLiteral):
        yield value
    for argument in getattr(value, "arguments", ()):
        listed = option(argument, "collections")
        yield from (
            i for i in (listed.items if isinstance(listed, ArrayLiteral) else ()) if isinstance(i, ObjectLiteral)
        )


def _table(stated: ObjectLiteral, known: Mapping[str, Expression]) -> Table | None:
    name, listed = text(option(stated, "slug")), option(stated, "fields")
    if not name or not isinstance(listed, ArrayLiteral):
        return None
    columns = tuple(_fields(listed, known))
    auth = option(stated, "auth")
    signs_in = auth is not None and not (isinstance(auth, Literal) and auth.value is False)
    given = {key for key, _ in columns}
    return Table(
        name,
        (*(key for key, _ in columns), *(key for key in _OF_ACCOUNTS if signs_in and key not in given)),
        tuple(r for key, column in columns for r in _references(key, column)),
        required=frozenset(key for key, column in columns if is_true(option(column, "required"))),
        places=places(columns),
        is_shown_to_all=_is_open(option(option(stated, "access"), "read")),
        signs_in=signs_in,
    )


_OF_ACCOUNTS = ("email", "salt", "hash", "resetPasswordToken")
"""Fields that a collection with `auth` has besides. https://payloadcms.com/docs/authentication/overview"""


def _fields(listed: ArrayLiteral, known: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
    """The fields of a list, and those within rows, tabs and groups without a name."""
    for item in listed.items:
        field = known.get(item.name) if isinstance(item, Name) else item
        if not isinstance(field, ObjectLiteral):
            continue
        name, inner, tabs = text(option(field, "name")), option(field, "fields"), option(field, "tabs")
        if name:
            yield name, field
        for part in (inner, tabs):
            yield from _fields(part, known) if isinstance(part, ArrayLiteral) and not name else ()


def _references(name: str, field: Expression) -> Iterator[Reference]:
    """`{ name: 'author', type: 'relationship', relationTo: 'users', required: true }`."""
    to = option(field, "relationTo")
    targets = [text(item) for item in to.items] if isinstance(to, ArrayLiteral) else [text(to)]
    is_many = is_true(option(field, "hasMany")) or len(targets) > 1
    for target in targets:
        if target and text(option(field, "type")) in {"relationship", "upload"}:
            required = is_true(option(field, "required")) and not is_many
            yield Reference((name,), target, required, is_true(option(field, "unique")), relation=name)


def _is_open(access: Expression | None) -> bool:
    """`read: () => true`."""
    returned = getattr(getattr(access, "body", None), "statements", ())
    values = [getattr(statement, "value", None) for statement in returned]
    return len(values) == 1 and isinstance(values[0], Literal) and values[0].value is True
