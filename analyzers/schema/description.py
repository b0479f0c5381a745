"""The graph of a schema as people look at it: table by table, whose its rows are and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.schema.graph import Owner, Ownership, is_provenance
from preship.analyzers.schema.private import is_about_a_person, opens_something
from preship.analyzers.schema.tables import Place, Reference, Table


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table, with what is concluded of it."""

    name: str
    place: Place | None
    """Where the schema states its first column."""

    owner: str | None
    """The account or tenant to which its rows belong."""

    path: tuple[str, ...]
    """The columns that lead there, each with the table that it names: `noteId → Note`."""

    is_account: bool
    is_tenant: bool
    is_membership: bool
    is_reference: bool
    """Whether nobody owns its rows: every user may read and name them."""

    secrets: tuple[str, ...]
    """The columns that open something."""

    personal: tuple[str, ...]
    """The columns that only their owner should read."""

    published: str | None
    """What says that a row may be for everybody: a column, or a policy of the database."""

    passed_over: tuple[str, ...]
    """The columns that name somebody, and say who did something and not whose it is."""

    is_corrected: bool
    """Whether the configuration says so."""


def tables_seen(ownership: Ownership) -> Iterator[TableSeen]:
    """Every table of a schema, by name."""
    for table in sorted(ownership.tables.all, key=lambda each: each.name.lower()):
        yield _seen(table, ownership)


def _seen(table: Table, ownership: Ownership) -> TableSeen:
    owner = ownership.owner(table)
    is_person = ownership.names_a_person(table)
    return TableSeen(
        name=table.name,
        place=next(iter(table.places.values()), None),
        owner=owner.table.name if owner is not None and owner.by else None,
        path=_path(owner),
        is_account=ownership.is_account(table),
        is_tenant=ownership.is_tenant(table),
        is_membership=ownership.is_membership(table),
        is_reference=owner is None and not is_person and ownership.tells,
        secrets=tuple(column for column in table.columns if opens_something(column)),
        personal=tuple(column for column in table.columns if is_about_a_person(column)),
        published=ownership.publication(table),
        passed_over=tuple(_columns(r) for r in table.references if is_provenance(r)) if owner is None else (),
        is_corrected=ownership.is_corrected(table),
    )


def _path(owner: Owner | None) -> tuple[str, ...]:
    return tuple(f"{_columns(r)} → {r.table}" for r in owner.by) if owner is not None else ()


def _columns(reference: Reference) -> str:
    return " + ".join(reference.columns)
