"""Prisma schemas as tables: https://www.prisma.io/docs/orm/reference/prisma-schema-reference"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzers.schema.tables import Reference, Table

_OPENS = re.compile(r"\s*(?:model|type|view)\s+(\w+)\s*\{\s*")
_FIELD = re.compile(r"\s*(\w+)\s+(\w+)(\[\])?(\?)?(.*)")
_RELATION = re.compile(r"@relation\(([^)]*)\)")
_FIELDS = re.compile(r"\bfields:\s*\[([^\]]*)\]")
_MAP = re.compile(r"""@@map\(\s*(?:name:\s*)?"([^"]+)"\s*\)""")
_KEY = re.compile(r"@@(?:id|unique)\(\s*(?:fields:\s*)?\[([^\]]*)\]")
_ALONE = re.compile(r"@(id|unique)\b")

LONGEST_LINE = 2_000
"""Characters of a field with its attributes; the longest real one seen has about three hundred."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    is_list: bool
    is_optional: bool
    attributes: str


def tables_of(texts: Iterable[str]) -> Iterator[Table]:
    """The models of some schema files, which refer to each other."""
    blocks = [block for text in texts for block in _blocks(text)]
    models = {name for name, _ in blocks}
    for name, lines in blocks:
        yield _table(name, lines, models)


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each model with its lines, comments left out: what is formatted as Prisma does has one field in each."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        bare = line.partition("//")[0]
        opened = _OPENS.fullmatch(bare)
        if opened:
            name, lines = opened[1], []
        elif bare.strip() == "}" and name:
            yield name, lines
            name = ""
        elif name and len(bare) <= LONGEST_LINE:
            lines.append(bare)


def _table(name: str, lines: list[str], models: set[str]) -> Table:
    fields = [
        _Field(field[1], field[2], bool(field[3]), bool(field[4]), field[5])
        for line in lines
        if (field := _FIELD.fullmatch(line))
    ]
    unique = {f.name for f in fields if _ALONE.search(f.attributes)}
    unique |= {columns[0] for line in lines for k in _KEY.findall(line) if len(columns := _names(k)) == 1}
    optional = {f.name for f in fields if f.is_optional}
    return Table(
        name,
        tuple(f.name for f in fields if f.kind not in models),
        tuple(_references([f for f in fields if f.kind in models], unique, optional)),
        {f.name: f.kind for f in fields if f.is_list and f.kind in models},
        other_names=tuple(mapped for line in lines for mapped in _MAP.findall(line)),
    )


def _references(relations: Iterable[_Field], unique: set[str], optional: set[str]) -> Iterator[Reference]:
    for relation in relations:
        stated = _RELATION.search(relation.attributes)
        columns = _FIELDS.search(stated[1]) if stated else None
        if columns is not None:
            names = _names(columns[1])
            yield Reference(names, relation.kind, not optional & set(names), set(names) <= unique, relation.name)


def _names(listed: str) -> tuple[str, ...]:
    """`a, b(sort: Desc)` as names."""
    return tuple(part.split("(")[0].strip() for part in listed.split(",") if part.strip())
