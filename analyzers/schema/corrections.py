"""What a person says of a table where the schema says it otherwise, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.schema.tables import Reference, Table, Tables


class Rows(StrEnum):
    """Whose the rows of a table are."""

    OWNED = "owned"
    """They belong to what a column names."""

    TENANT = "tenant"
    """Each is shared by several people, with what belongs to it."""

    ACCOUNT = "account"
    """Each is a person who signs in."""

    REFERENCE = "reference"
    """They belong to nobody: every user may read and name them."""

    PUBLISHED = "published"
    """They belong to whom the schema says, and may be for everybody to see."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One table, as a person knows it."""

    table: str
    rows: Rows = Rows.OWNED
    column: str | None = None
    """For owned rows: the column that names what they belong to."""

    of: str | None = None
    """For owned rows: the table that the column names a row of; None: as the schema or its name says."""


def corrected(tables: Tables, corrections: Iterable[Correction]) -> dict[str, Correction]:
    """The corrections by the names of their tables, those that the schema does not have left out."""
    found = ((tables.get(each.table), each) for each in corrections)
    return {table.name: each for table, each in found if table is not None}


def with_corrected_columns(tables: Tables, corrections: Iterable[Correction]) -> Tables:
    """The tables, with the references that people state."""
    by_table = corrected(tables, corrections)
    return Tables(_with(table, by_table.get(table.name), tables) for table in tables.all)


def _with(table: Table, correction: Correction | None, tables: Tables) -> Table:
    if correction is None or correction.column is None:
        return table
    column = correction.column
    stated = next((r for r in table.references if column in {*r.columns, r.relation}), None)
    named = tables.named_by(column)
    target = correction.of or (stated.table if stated is not None else named.name if named is not None else None)
    if target is None:
        return table
    columns = stated.columns if stated is not None else (column,)
    first = Reference(columns, target, relation=stated.relation if stated is not None else None)
    return table.with_references((first, *(r for r in table.references if r is not stated)))
