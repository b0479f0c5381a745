"""Which columns of a record nobody but the program should read, or nobody but its owner, as the schema names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.schema.private import is_about_a_person, is_privileged, opens_something
from preship.analyzers.schema.tables import Place, Table, Tables


def privileged_in(model: str, set_by_code: Iterable[str], tables: Tables) -> tuple[str, ...] | None:
    """The columns of a table that a form has no field for; None where no schema says which it has."""
    table, named = tables.get(model), frozenset(set_by_code)
    if table is None:
        return None
    free = (name for name in table.columns if name not in named)
    naming_others = {column for reference in table.references for column in reference.columns}
    return tuple(name for name in free if name in naming_others or is_privileged(name) or opens_something(name))


@dataclass(frozen=True, slots=True)
class Private:
    """A column that goes along with a record."""

    words: str
    """How a sentence names it: `user.password`, or behind the relation that brings it, `guest.password`."""

    column: Place


def secrets_in(model: str, brings: Iterable[str], left_out: frozenset[str], tables: Tables) -> Iterator[Private]:
    """The columns that open something, of a record and of what its relations bring along."""
    return _matching(opens_something, model, brings, left_out, tables)


def personal_in(model: str, brings: Iterable[str], left_out: frozenset[str], tables: Tables) -> Iterator[Private]:
    """The columns that are about a person, of a record and of what its relations bring along."""
    return _matching(is_about_a_person, model, brings, left_out, tables)


def _matching(
    is_meant: Callable[[str], bool], model: str, brings: Iterable[str], left_out: frozenset[str], tables: Tables
) -> Iterator[Private]:
    for words, table in _tables(model, brings, left_out, tables):
        for name, place in table.places.items():
            if name not in left_out and is_meant(name):
                yield Private(f"{words}.{name}", place)


def _tables(model: str, brings: Iterable[str], left_out: frozenset[str], tables: Tables) -> Iterator[tuple[str, Table]]:
    """The tables whose columns go along, each under the words that name it."""
    own = tables.get(model)
    if own is not None:
        yield model, own
    kept = [way for way in brings if way.split(".")[0] not in left_out]
    yield from ((way, found) for way in kept if (found := _behind(own, way.split("."), tables)) is not None)


def brought_by(model: str, brings: Iterable[str], tables: Tables) -> Iterator[Table]:
    """The tables of which whole records come along with one."""
    found = (_behind(tables.get(model), way.split("."), tables) for way in brings)
    return (table for table in found if table is not None)


def _behind(table: Table | None, way: Iterable[str], tables: Tables) -> Table | None:
    """The table to which relations lead; None where one of them is a column."""
    for relation in way:
        if table is not None and relation in table.columns:
            return None
        table = tables.get(table.related(relation) if table is not None else relation)
    return table
