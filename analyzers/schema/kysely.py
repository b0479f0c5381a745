"""Kysely's types as tables: https://kysely.dev/docs/getting-started#types

They say no foreign keys: what a column refers to, only its name tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from preship.analyzers.schema.tables import Place, Table
from preship.analyzers.schema.typed_text import line_of, opened, top_level

MENTIONED = re.compile(rb"""['"]kysely['"]""")
"""Stands in each file that states tables by its helpers, `Generated<number>`."""

_INTERFACE = re.compile(r"\b(?:interface\s+(\w+)[^{=;]*|type\s+(\w+)\s*=\s*)\{")
_FIELD = re.compile(r"""(?<![\w.])(?:readonly\s+)?['"]?([\w.]+)['"]?(\?)?\s*:\s*([^\n;,]+)""")
_NAME = re.compile(r"\w+")
_NULL = re.compile(r"\bnull\b|\bundefined\b|\bGenerated<")


def tables_of(texts: Iterable[tuple[str, str]]) -> Iterator[Table]:
    """The tables of some files: what the fields of the database's interface name."""
    found = {name: fields for path, text in texts for name, fields in _interfaces(path, text)}
    seen: set[str] = set()
    for fields in found.values():
        if not fields or not all(_row_type(kind) in found for _, kind, _, _ in fields):
            continue
        for table, kind, _, _ in fields:
            if table not in seen:
                seen.add(table)
                yield _table(table.rpartition(".")[2], _row_type(kind), found[_row_type(kind)])


_Fields = list[tuple[str, str, bool, Place]]


def _interfaces(path: str, text: str) -> Iterator[tuple[str, _Fields]]:
    """The object types of a file, each with the names, the types and the places of its fields."""
    for interface, end in opened(_INTERFACE, text):
        fields = [
            (field[1], field[3].strip(), bool(field[2]), Place(path, line_of(text, field.start(1))))
            for field in top_level(_FIELD, text, interface.end(), end)
        ]
        yield interface[1] or interface[2], fields


def _row_type(kind: str) -> str:
    """`PersonTable` of `PersonTable`, `Selectable<PersonTable>`."""
    return _NAME.findall(kind)[-1] if _NAME.search(kind) else ""


def _table(name: str, type_name: str, fields: _Fields) -> Table:
    required = frozenset(
        column for column, kind, may_be_left_out, _ in fields if not may_be_left_out and not _NULL.search(kind)
    )
    return Table(
        name,
        tuple(column for column, *_ in fields),
        required=required,
        places={column: place for column, _, _, place in fields},
        other_names=(type_name,),
    )
