"""Queries of a store that is known by data alone: what its builder has collected, and what running it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import NULL_VALUE, PLAIN, Constant, Library, Object, Promise, Value, of, text_of
from preship.analyzers.knowledge.builders import column_of, with_key
from preship.analyzers.knowledge.keys import Dialect, equal, filtered
from preship.analyzers.knowledge.queries import COUNT, FIRST, MANY, NONE, SURELY, Query, perform
from preship.analyzers.knowledge.rows import Chosen, Handler, is_absent, name_of
from preship.analyzers.knowledge.services import spoken_as

FILTERS = Dialect(
    all_of=frozenset({"AND", "and", "$and"}),
    any_of=frozenset({"OR", "or", "$or"}),
    equal=frozenset({"eq", "equals", "in", "$eq", "$in"}),
    other=frozenset({"not", "ne", "$ne", "gt", "gte", "lt", "lte", "$gt", "$gte", "$lt", "$lte", "like", "contains"}),
)
"""What filter objects call conditions in every library of this kind seen."""

ANSWERS: Mapping[EffectKind, str] = {EffectKind.READ: MANY, EffectKind.INSERT: SURELY}
"""What a query answers if nobody says; what changes or deletes answers how many."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which arguments of a call say what of a query."""

    table: Chosen | str | None = None
    """The argument that names the table, or the table; None: it is named elsewhere."""

    key: Chosen | None = None
    """What chooses the records: a filter object, or an id."""

    data: Chosen | None = None
    kind: EffectKind | None = None


def step(root: str | None, parts: Parts) -> Handler:
    """A call that makes a builder, or gives it back, with these parts of a query."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = _with(parts, _query(library, calling), given, library)
        return of(Library(root or library.root, (), (query, *_besides(library), *given.all())))

    return handle


def run(parts: Parts, answers: str | None = None, client: Client | None = None) -> Handler:
    """A call that runs the query that was collected, with these parts."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = _with(parts, replace(_query(library, calling), what=name_of(library)), given, library)
        spoken = client or spoken_as(library, given)
        return of(Promise(_performed(query, answers, spoken, calling), NO_FACTS, PLAIN))

    return handle


def awaited(parts: Parts, answers: str | None = None, client: Client | None = None) -> Callable[..., Value]:
    """What awaiting the builder itself does and gives."""

    def handle(library: Library, calling: Calling) -> Value:
        query = _query(library, calling)
        query = query if library.state and query.what else _with(parts, query, Arguments(), library)
        spoken = client or spoken_as(library, Arguments())
        return _performed(query, answers if query.kind is parts.kind else None, spoken, calling)

    return handle


def _performed(query: Query, answers: str | None, client: Client, calling: Calling) -> Value:
    found = answers or ANSWERS.get(query.kind, NONE)
    asked = replace(query, answers=found, absent=NULL_VALUE, is_single=found not in {MANY, COUNT}, client=client)
    return perform(asked, calling)


def _query(library: Library, calling: Calling) -> Query:
    """The query so far."""
    found = next((part for part in library.state if isinstance(part, Query)), None)
    return replace(found, span=calling.span) if found else Query(EffectKind.READ, "", "", calling.span)


def _besides(library: Library) -> tuple[object, ...]:
    return tuple(part for part in library.state if not isinstance(part, Query))


def _with(parts: Parts, query: Query, given: Arguments, library: Library) -> Query:
    """The query with what a call says of it."""
    key = parts.key(given) if parts.key is not None else None
    data = parts.data(given) if parts.data is not None else None
    if key is not None and not is_absent(key):
        query = with_key(query, key_of(key))
    if data is not None and not is_absent(data):
        query = replace(query, data=data)
    if parts.kind is not None:
        query = replace(query, kind=parts.kind, what=name_of(library))
    table = _table(parts, given, library)
    return replace(query, table=table or query.table or "a table")


def _table(parts: Parts, given: Arguments, library: Library) -> str | None:
    if isinstance(parts.table, str):
        return (library.path[-2] if len(library.path) > 1 else None) if parts.table == "path" else parts.table
    found = parts.table(given) if parts.table is not None else None
    return text_of(found) if found is not None else None


def key_of(chosen: Value) -> Value:
    """The key of a filter object, or of an id."""
    is_filter = all(isinstance(a.shape, Object) for a in chosen.alternatives)
    return filtered(chosen, FILTERS) if is_filter else equal("id", chosen)


def compared(column: int, operand: int) -> Chosen:
    """A column that one argument names equals another."""
    return lambda given: equal(column_of(given.at(column)), given.at(operand))


__all__ = ["COUNT", "FIRST", "MANY", "NONE", "SURELY", "Constant", "Parts"]
