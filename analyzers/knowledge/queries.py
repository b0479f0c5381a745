"""Queries as builders collect them, and what running one does and gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers.flow.collections import Filled
from preship.analyzers.flow.effects import NO_TRAITS, Client, Conditions, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, Case, Facts
from preship.analyzers.flow.library import Calling
from preship.analyzers.flow.origins import Origins, Stored, roots
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Object,
    Truth,
    Unknown,
    Value,
    choice,
    of,
    origins_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.knowledge.keys import both
from preship.analyzers.knowledge.relations import Relation, with_relations
from preship.analyzers.knowledge.rows import counted, looked_up_by, membership, session_by_cookie
from preship.analyzers.source.tree import Span

MANY, FIRST, SURELY, COUNT, NONE = "many", "first", "surely", "count", "none"
"""What a query answers: rows, one row or nothing, one row or a failure, a number, or how many rows it changed."""

SURE = frozenset({Trait.NEEDS_A_ROW})
SUMMED = frozenset({Trait.SUMS_UP})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result, by where it comes from."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query under construction."""

    kind: EffectKind
    what: str
    """In words: `db.delete(posts)`."""

    table: str
    span: Span
    """Where it was written, which may not be where it is awaited."""

    key: Value | None = None
    """What chooses the records; None: nothing does."""

    data: Value | None = None
    columns: Value | None = None
    """A row, its columns as `Library` values of whose state the first is a `Column`; None: the whole record."""

    answers: str = MANY
    absent: Value = UNDEFINED_VALUE
    """What stands for the first row where there is none."""

    is_single: bool = False
    """Whether one record at most is meant: a limit of one, one row inserted."""

    raw: Value | None = None
    """Text from elsewhere that became a part of the statement."""

    client: Client = Client.SERVER
    """As whom the store is spoken to."""

    apart: tuple[Value, ...] = ()
    """What chooses among the rows of tables that no condition ties to its own rows yet."""

    is_tied: bool = False
    """Whether its `WHERE` compares two columns, which may tie the tables that were joined."""

    joins: tuple[tuple[str, Value], ...] = ()
    """Tables joined to it by more than its rows, and what chooses among theirs."""

    relations: tuple[Relation, ...] = ()
    """The related records that rows bring along, where the caller's identity finds them."""

    brings: tuple[str, ...] = ()
    """The relations whose records come along with all their columns."""

    shows: tuple[str, ...] = ()
    """The relations, and the tables joined by name, of which at least some columns come along."""

    is_total: bool = False
    """Whether it gives one row whatever it finds: a total over all rows."""

    conditions: Conditions | None = None
    """What of the key is read as a condition where it is an object."""

    makes_rows: bool = False
    """Whether a row need not have been there: what comes back of an upsert proves nothing of what it names."""

    traits: frozenset[Trait] = NO_TRAITS
    """What else is known of the call that runs it."""

    is_whole: bool = True
    """Whether its rows have all columns of the table, where it is not said otherwise which they have."""


def with_join(query: Query, on: Value, *, is_tied: bool) -> Query:
    """A query with a join that leaves rows out: it chooses rows only where a condition ties them to the other table's.

    `INNER JOIN salons ON salons.admin_id = $1` asks that some salon is the caller's, of each row the same.
    """
    if not is_tied and not query.is_tied:
        return replace(query, apart=(*query.apart, on))
    return replace(query, key=on if query.key is None else both(query.key, on))


def with_tie(query: Query) -> Query:
    """A query whose `WHERE` compares two columns: what was joined may be tied so."""
    keys = (*(() if query.key is None else (query.key,)), *query.apart)
    return replace(query, key=both(*keys) if keys else None, apart=(), is_tied=True)


def place(written: Span, run: Span) -> Span:
    """Where a query is noted: where it was written, if that is a part of what runs it."""
    is_inside = written.path == run.path and run.start <= written.start and written.end <= run.end
    return written if is_inside else run


def perform(query: Query, calling: Calling) -> Value:
    """Run a query: its effect, and its answer."""
    calling = calling.at(place(query.span, calling.span))
    calling.may_fail()
    if query.raw is not None:
        calling.emit(EffectKind.SQL, query.table, query.what, key=query.key, data=query.raw, client=query.client)
    calling.emit(
        query.kind,
        query.table,
        query.what,
        key=query.key,
        data=query.data,
        client=query.client,
        conditions=query.conditions,
        brings=query.brings,
        shows=query.shows,
        traits=traits_of(query) | (SUMMED if query.answers == COUNT else NO_TRAITS),
    )
    return with_relations(answer(query, calling), query.relations, query.key, calling)


def traits_of(query: Query) -> frozenset[Trait]:
    """What is known of a query as it is run: what any condition or join chooses among does not take all."""
    chooses = query.key is not None or query.apart or query.joins
    return query.traits - {Trait.TAKES_ALL} if chooses else query.traits


def answer(query: Query, calling: Calling) -> Value:
    """What a query gives."""
    if query.answers == COUNT:
        return counted(query.table, query.key, calling)
    if query.answers == NONE:
        return affected(query, calling)
    one = row(query, calling)
    if query.answers == SURELY:
        calling.prove(shown_by_a_row(query, calling))
        return one
    found = session_by_cookie(query.table, query.key, calling) if query.kind is EffectKind.READ else NO_FACTS
    if query.answers == FIRST:
        return choice((calling.span, query.table), (one, found), (query.absent, NO_FACTS))
    if query.is_total or (query.kind is EffectKind.INSERT and query.is_single):
        return of(Array((one,), one))
    return of(Array(None, under(one, found | {Case(Filled((calling.span, query.what)), 0)})))


def row(query: Query, calling: Calling) -> Value:
    """One row of the answer, which is there."""
    facts = shown_by_a_row(query, calling)
    if query.columns is not None:
        return under(projected(query.columns, query, calling), facts)
    return under(whole(query.table, query), facts)


def shown_by_a_row(query: Query, calling: Calling) -> Facts:
    """What the presence of a row shows; of one that this call may have written itself, nothing."""
    is_found = query.kind is not EffectKind.INSERT and not query.makes_rows and not query.is_total
    return membership(query.table, query.key, calling) if is_found else NO_FACTS


def whole(table: str, query: Query) -> Value:
    """A record with all its columns, or those that the text of the query names."""
    return unknown({stored(table, query, query.is_whole, (), query.is_single)}, Truth.TRUTHY)


def stored(table: str, query: Query, is_whole: bool, path: tuple[str, ...] = (), is_exact: bool = True) -> Stored:
    """A row of the answer; one that the query has made is fresh."""
    return Stored(table, key_origins(query, table), is_whole, path, is_exact, query.kind is EffectKind.INSERT)


def key_origins(query: Query, table: str) -> Origins:
    """What the rows of a table were looked up by, or made of; a joined one by what joins it as well."""
    if query.kind is EffectKind.INSERT:
        return roots(origins_of(query.data))
    found_by = looked_up_by(query.table, query.key)
    return found_by.union(*(looked_up_by(name, key) for name, key in query.joins if name == table))


def projected(columns: Value, query: Query, calling: Calling) -> Value:
    """A row of named columns."""
    return Value(tuple(Alternative(_projected(a, query, calling), a.under) for a in columns.alternatives))


def _projected(a: Alternative, query: Query, calling: Calling) -> Object | Unknown:
    shape = a.shape
    if isinstance(shape, Object):
        rest = projected(shape.rest, query, calling) if shape.rest is not None else None
        return Object(tuple((name, cell(value, query, calling)) for name, value in shape.fields), rest)
    found = cell_of(a, query, calling).alternatives[0].shape
    assert isinstance(found, Unknown)  # noqa: S101
    return found


def cell(value: Value, query: Query, calling: Calling) -> Value:
    """What a column of a row holds."""
    found: list[Value] = []
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            found.append(of(_projected(a, query, calling)))
        else:
            found.append(cell_of(a, query, calling))
    return unite(*found)


def cell_of(a: Alternative, query: Query, calling: Calling) -> Value:
    """What one thing that was asked for gives."""
    column = a.shape.state[0] if hasattr(a.shape, "state") and a.shape.state else None
    if isinstance(column, Column) and column.name == TOTAL:
        return counted(query.table, query.key, calling)
    if isinstance(column, Column) and column.name == SOME:
        return unknown({stored(column.table, query, False)})
    if isinstance(column, Column) and not column.name:
        return unknown({stored(column.table, query, True)})
    if isinstance(column, Column):
        return unknown({stored(column.table, query, False, (column.name,), query.is_single)})
    return unknown({stored(query.table, query, False)})


SOME = "*"
"""The name that stands for all columns but a few."""

TOTAL = "count()"
"""The name of a column that counts the rows."""


def affected(query: Query, calling: Calling) -> Value:
    """How many rows were changed, as each driver names it."""
    number = counted(query.table, query.key, calling)
    if query.kind is EffectKind.INSERT or query.makes_rows:
        number = PLAIN
    names = ("rowCount", "rowsAffected", "affectedRows", "changes", "count", "numDeletedRows", "numUpdatedRows")
    return of(Object((*((name, number) for name in names), ("rows", of(Array(None, PLAIN)))), PLAIN))


def upserted(query: Query, target: tuple[str, ...], changes: Value | None) -> Query:
    """An insert that changes the record that is there already: the columns in conflict choose it."""
    data = query.data
    key = data
    shape = data.alternatives[0].shape if data is not None and len(data.alternatives) == 1 else None
    if isinstance(shape, Object) and target:
        chosen = tuple((name, value) for name, value in shape.fields if name in target)
        key = of(Object(chosen)) if chosen else data
    parts = [part for part in (data, changes) if part is not None]
    written = unite(*parts) if parts else None
    return replace(query, kind=EffectKind.WRITE, key=key, data=written, makes_rows=True)


__all__ = ["COUNT", "FIRST", "MANY", "NONE", "NULL_VALUE", "SURELY", "TOTAL", "Column", "Facts", "Query", "perform"]
