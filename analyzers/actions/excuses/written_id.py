"""An id in what an action writes, as excuses look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition
from preship.analyzers.actions.written_keys import Key, reference_of
from preship.analyzers.conventions.tables import TENANT_TABLE
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.facts import Facts
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.schema.graph import Owner, Ownership
from preship.analyzers.schema.tables import Table, canonical, last_words

Neighbours = Callable[[], Iterable[tuple[Effect, ...]]]
"""The effects of each of the nearest other actions."""


@dataclass(frozen=True)
class WrittenId:
    """An id in what an action writes, which names a row that may be somebody else's."""

    origin: Input
    """What the caller sends."""

    key: Key
    held: Facts
    """What holds where it is written."""

    effect: Effect
    effects: Sequence[Effect]
    ownership: Ownership
    neighbours: Neighbours
    record: Stored | None = None
    """The row whose name is written, where it was looked for by what the caller sends."""

    @cached_property
    def owner(self) -> Owner | None:
        """Whose the rows are of the table that it refers to; None where there is no such table, or nobody owns them."""
        return self.ownership.owner(self.key.table) if self.key.table is not None else None

    @property
    def table(self) -> Table | None:
        """The table that it refers to, where a schema says it."""
        return self.key.table

    @property
    def is_in_a_private_tenant(self) -> bool:
        """Whether the row is put into the tenant of the caller, in which all that it refers to must be."""
        owner = self.owner
        return owner is not None and owner.is_tenant and bears_the_callers_tenant(self.key, self.ownership, owner)


HAS_AN_OWNER: Condition[WrittenId] = Condition(
    "the schema says whose such rows are",
    lambda case: case.owner is not None,
)
"""Without which there is nothing to excuse."""


def bears_the_callers_tenant(key: Key, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether a row is put into the tenant of the caller: then what it refers to must be within it, whoever asks."""
    if owner is None or not owner.is_tenant:
        return False
    around = ownership.owner(key.within) if key.within is not None else None
    columns = {canonical(column) for column in around.by[0].columns} if around is not None and around.by else set()
    return any(
        (canonical(name) in columns if columns else names_a_tenant(name, key.within, ownership))
        and world.is_surely_the_caller(value)
        for name, value in key.row.fields
        if name != key.column
    )


def names_a_tenant(name: str, table: Table | None, ownership: Ownership) -> bool:
    """Whether a column holds the tenant of a row."""
    reference = reference_of(name, table)
    target = ownership.tables.get(reference.table) if reference is not None else ownership.tables.named_by(name)
    if target is not None:
        return ownership.is_tenant(target)
    return any(TENANT_TABLE.matches(canonical(word)) for word in last_words(name))
