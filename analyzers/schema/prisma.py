"""Prisma schemas as tables: https://www.prisma.io/docs/orm/reference/prisma-schema-reference"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preship.analyzers.schema.tables import Place, Reference, Table

_OPENS = re.compile(r"\s*(model|type|view|enum)\s+(\w+)\s*\{\s*")
_FIELD = re.compile(r"\s*(\w+)\s+(\w+)(\[\])?(\?)?(.*)")
_RELATION = re.compile(r"@relation\(([^)]*)\)")
_FIELDS = re.compile(r"\bfields:\s*\[([^\]]*)\]")
_MAP = re.compile(r"""@@map\(\s*(?:name:\s*)?"([^"]+)"\s*\)""")
_KEY = re.compile(r"@@(?:id|unique)\(\s*(?:fields:\s*)?\[([^\]]*)\]")
_CASCADE = re.compile(r"\bonDelete:\s*Cascade\b")
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
    place: Place


def tables_of(texts: Iterable[tuple[str, str]]) -> Iterator[Table]:
    """The models of some schema files, each given by its path and text, which refer to each other."""
    blocks = [block for path, text in texts for block in _blocks(path, text)]
    words = {name: _words(lines) for kind, name, lines in blocks if kind == "enum"}
    models = {name for kind, name, _ in blocks if kind != "enum"}
    for kind, name, lines in blocks:
        if kind != "enum":
            yield _table(name, lines, models, words)


def _words(lines: list[_Line]) -> frozenset[str]:
    """The words of an enumeration, as code names them."""
    return frozenset(line.split()[0] for _, line in lines if line.strip() and not line.strip().startswith("@@"))


_Line = tuple[Place, str]


def _blocks(path: str, text: str) -> Iterator[tuple[str, str, list[_Line]]]:
    """Each block with its kind, its name and its lines, comments left out: formatted, one field stands in each."""
    kind, name, lines = "", "", list[_Line]()
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("//")[0]
        opened = _OPENS.fullmatch(bare)
        if opened:
            kind, name, lines = opened[1], opened[2], []
        elif bare.strip() == "}" and name:
            yield kind, name, lines
            name = ""
        elif name and len(bare) <= LONGEST_LINE:
            lines.append((Place(path, number), bare))


def _table(name: str, lines: list[_Line], models: set[str], words: Mapping[str, frozenset[str]]) -> Table:
    fields = [
        _Field(field[1], field[2], bool(field[3]), bool(field[4]), field[5], place)
        for place, line in lines
        if (field := _FIELD.fullmatch(line))
    ]
    unique = {f.name for f in fields if _ALONE.search(f.attributes)}
    unique |= {names[0] for _, line in lines for k in _KEY.findall(line) if len(names := _names(k)) == 1}
    optional = {f.name for f in fields if f.is_optional}
    columns = [f for f in fields if f.kind not in models]
    return Table(
        name,
        tuple(f.name for f in columns),
        tuple(_references([f for f in fields if f.kind in models], unique, optional)),
        {f.name: f.kind for f in fields if f.is_list and f.kind in models},
        required=frozenset(f.name for f in columns if not f.is_optional),
        places={f.name: f.place for f in columns},
        words={f.name: words[f.kind] for f in columns if f.kind in words and not f.is_list},
        other_names=tuple(mapped for _, line in lines for mapped in _MAP.findall(line)),
    )


def _references(relations: Iterable[_Field], unique: set[str], optional: set[str]) -> Iterator[Reference]:
    for relation in relations:
        stated = _RELATION.search(relation.attributes)
        columns = _FIELDS.search(stated[1]) if stated else None
        if columns is not None:
            names = _names(columns[1])
            ends = _CASCADE.search(relation.attributes) is not None
            sure, alone = not optional & set(names), set(names) <= unique
            yield Reference(names, relation.kind, sure, alone, relation.name, ends_with_it=ends)


def _names(listed: str) -> tuple[str, ...]:
    """`a, b(sort: Desc)` as names."""
    return tuple(part.split("(")[0].strip() for part in listed.split(",") if part.strip())
