"""The types that Supabase generates of a database, as tables: https://supabase.com/docs/guides/api/rest/generating-types

They tell what refers to what, and which columns may be null; they are there where migrations are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from preship.analyzers.schema.tables import Place, Reference, Table

MENTIONED = re.compile(rb"\bRelationships: \[")
"""Stands in each such file."""

_OPENS = re.compile(r"^ {1,40}(\w{1,80}): \{\s{1,80}Row: \{", re.MULTILINE)
_COLUMN = re.compile(r"^ {1,40}(\w+)\??: ([^\n]*)$", re.MULTILINE)
_COLUMNS, _ALONE, _TARGET = "columns: [", "isOneToOne: true", 'referencedRelation: "'


def tables_of(path: str, text: str) -> Iterator[Table]:
    """The tables of one file."""
    starts = list(_OPENS.finditer(text))
    ends = [*(start.start() for start in starts), len(text)]
    for start, (_, end) in zip(starts, pairwise(ends), strict=True):
        part = text[start.end() : end]
        row, _, rest = part.partition("}")
        found = list(_COLUMN.finditer(row))
        kinds = {column[1]: column[2] for column in found}
        yield Table(
            start[1],
            tuple(kinds),
            tuple(_references(rest.partition("Relationships: [")[2], kinds)),
            required=frozenset(name for name, kind in kinds.items() if "null" not in kind),
            places={c[1]: Place(path, text.count("\n", 0, start.end() + c.start(1)) + 1) for c in found},
        )


def _references(stated: str, kinds: dict[str, str]) -> Iterator[Reference]:
    """The relationships of one table, each of which begins with the name of its key."""
    for relation in stated.split("foreignKeyName:")[1:]:
        columns = tuple(re.findall(r'"(\w+)"', relation.partition(_COLUMNS)[2].partition("]")[0]))
        target = relation.partition(_TARGET)[2].partition('"')[0]
        is_required = not any("null" in kinds.get(column, "null") for column in columns)
        if columns and target:
            yield Reference(columns, target, is_required, _ALONE in relation)
