"""Kysely: builders that run by `execute…`, conditions by text or by an expression builder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge import builders
from preship.analyzers.knowledge.builders import query_of, table_of, with_key
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal, listed
from preship.analyzers.knowledge.kysely_conditions import EXPRESSIONS, QUERY, key_of_where
from preship.analyzers.knowledge.queries import (
    MANY,
    NONE,
    SURE,
    SURELY,
    TOTAL,
    Column,
    Query,
    perform,
    upserted,
    with_join,
    with_tie,
)
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql_pieces import of_template, of_text, parts_in
from preship.analyzers.knowledge.sql_tokens import Raw
from preship.analyzers.knowledge.statements import run

DB, TEXT, CONFLICT, JOIN, TRANSACTION = (f"kysely#{name}" for name in ("db", "text", "conflict", "join", "transaction"))


# --- builders ------------------------------------------------------------------------------------------------------


def begun(kind: EffectKind, answers: str) -> Handler:
    """`db.selectFrom('person')`, `db.deleteFrom('person')`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        source = given.at(0)
        if any(isinstance(a.shape, Closure) for a in source.alternatives):
            source = calling.call(source, Arguments((of(Library(EXPRESSIONS)),)))
        name = table_of(source)
        what = f"db.{library.path[-1]}({name})"
        inner = [
            query_of(a.shape).key for a in source.alternatives if isinstance(a.shape, Library) and a.shape.root == QUERY
        ]
        key = next((k for k in inner if k is not None), None)
        return of(Library(QUERY, (), (Query(kind, what, name, calling.span, key, answers=answers),)))

    return handle


def where(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.where(…)`."""
    found = with_key(query, key_of_where(given, calling))
    return with_tie(found) if any(map(is_more_than_a_value, given.values)) else found


def columns(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.select(['id', 'name'])`, `.returning('id')`, and callbacks that give such lists."""
    found = tuple(
        calling.call(v, Arguments((of(Library(EXPRESSIONS)),)))
        if any(isinstance(a.shape, Closure) for a in v.alternatives)
        else v
        for v in given.all()
    )
    is_total = any(is_total_column(item) for value in found for item in listed(value))
    query = replace(query, is_total=query.is_total or (is_total and query.kind is EffectKind.READ))
    answering = replace(query, answers=MANY if query.answers == NONE else query.answers)
    return builders.selected(answering, Arguments(found))


def is_total_column(value: Value) -> bool:
    return any(
        isinstance(a.shape, Library) and bool(a.shape.state) and a.shape.state[0] == Column("", TOTAL)
        for a in value.alternatives
    )


def everything(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.selectAll()`, `.returningAll()`."""
    return replace(query, answers=MANY if query.answers == NONE else query.answers)


def written(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.values(row)`, `.set(row)`, `.set('column', value)`."""
    data = given.at(0)
    name = text_of(data)
    if name is not None:
        data = equal(name, given.at(1))
    elif any(isinstance(a.shape, Closure) for a in data.alternatives):
        data = calling.call(data, Arguments((of(Library(EXPRESSIONS)),)))
    is_single = all(isinstance(a.shape, Object) for a in data.alternatives)
    return replace(query, data=data if query.data is None else both(query.data, data), is_single=is_single)


def joined(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.innerJoin('t', (join) => join.on(…))`."""
    on = given.at(1)
    if not any(isinstance(a.shape, Closure) for a in on.alternatives):
        return query
    join = calling.call(on, Arguments((of(Library(JOIN, (), (EVERYTHING, False))),)))
    found = [a.shape.state for a in join.alternatives if isinstance(a.shape, Library) and a.shape.root == JOIN]
    keys = both(*(key for key, _ in found if isinstance(key, Value)))
    return with_join(query, keys, is_tied=not found or any(is_tied for _, is_tied in found))


def on(library: Library, given: Arguments, calling: Calling) -> Value:
    """`join.on('m.userId', '=', id)`."""
    key = library.state[0]
    assert isinstance(key, Value)  # noqa: S101
    is_tied = library.state[1] or any(map(is_more_than_a_value, given.values))
    return of(Library(JOIN, (), (both(key, key_of_where(given, calling)), is_tied)))


def is_more_than_a_value(value: Value) -> bool:
    """Whether a side of a comparison is an expression, in which a column may stand."""
    return any(isinstance(a.shape, Library | Closure) for a in value.alternatives)


def on_columns(library: Library, given: Arguments, calling: Calling) -> Value:
    """`join.onRef('m.id', '=', 't.id')`."""
    is_tied = library.state[1] or library.path[-1] != "onTrue"
    return of(Library(JOIN, (), (library.state[0], is_tied)))


def where_columns(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.whereRef('m.teamId', '=', 't.id')`: chooses no record by itself, and ties what was joined."""
    return with_tie(query)


def maybe_changed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.$if(test, (qb) => …)`: what it adds may be left out."""
    before = of(Library(QUERY, (), library.state))
    after = calling.aside(given.at(1), Arguments((before,)))
    for a in after.alternatives:
        if isinstance(a.shape, Library) and a.shape.root == QUERY:
            key = either(query_of(a.shape).key or EVERYTHING, query_of(library).key or EVERYTHING)
            changed = replace(query_of(a.shape), key=None if key == EVERYTHING else key)
            return of(Library(QUERY, (), (changed,)))
    return before


def piped(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.$call(f)`."""
    return calling.call(given.at(0), Arguments((of(Library(QUERY, (), library.state)),)))


def on_conflict(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.onConflict((oc) => oc.column('id').doUpdateSet({ … }))`."""
    answer = calling.call(given.at(0), Arguments((of(Library(CONFLICT, (), ((), None))),)))
    for a in answer.alternatives:
        if isinstance(a.shape, Library) and a.shape.root == CONFLICT:
            names, changes = a.shape.state
            if isinstance(changes, Value) and isinstance(names, tuple):
                return upserted(query, names, changes)
    return replace(query, is_single=False)


def conflict(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.column('id')`, `.columns(['a', 'b'])`, `.doUpdateSet(…)`, `.doNothing()`."""
    names, changes = library.state
    if library.path[-1] in {"column", "columns"}:
        names = tuple(name for value in given.all() for item in listed(value) if (name := text_of(item)))
    elif library.path[-1] == "doUpdateSet":
        changes = given.at(0)
        if any(isinstance(a.shape, Closure) for a in changes.alternatives):
            changes = calling.call(changes, Arguments((of(Library(EXPRESSIONS)),)))
    return of(Library(CONFLICT, (), (names, changes)))


def ran(answers: str | None) -> Handler:
    """`.execute()`, `.executeTakeFirst()`, `.executeTakeFirstOrThrow()`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = query_of(library)
        if answers is not None and query.answers != NONE:
            query = replace(query, answers=answers, traits=SURE if answers == SURELY else NO_TRAITS)
        value = perform(query, calling)
        if query.answers == NONE and answers is None:
            value = of(Array((value,), value))
        return of(Promise(value, rejection=PLAIN))

    return handle


def sent(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.executeQuery(query)`, of a query that was built or compiled: `{ rows }`."""
    given_queries = [a.shape for a in given.at(0).alternatives if isinstance(a.shape, Library)]
    answers = [ran(None)(each, Arguments(), calling) for each in given_queries if each.root == QUERY]
    rows = [a.shape.value for answer in answers for a in answer.alternatives if isinstance(a.shape, Promise)]
    return of(Promise(obj(PLAIN, rows=unite(*rows) if rows else PLAIN), rejection=PLAIN))


# --- databases -----------------------------------------------------------------------------------------------------


def text(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`sql`…``."""
    return of(Library(TEXT, (), (tuple(of_template(strings, values)), *values)))


def raw_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.raw(text)`, `sql.lit(value)`."""
    parts = of_text(given.at(0), None) if library.path[-1] == "raw" else [Raw(given.at(0))]
    return of(Library(TEXT, (), (tuple(parts), given.at(0))))


def named(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.ref('column')`, `sql.table('t')`."""
    return of(Library(TEXT, (), ((f'"{text_of(given.at(0)) or "?"}"',), given.at(0))))


def run_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql`…`.execute(db)`."""
    rows = run(parts_in(of(Library(TEXT, (), library.state))) or (), "sql.execute", calling)
    return of(Promise(obj(PLAIN, rows=rows), rejection=PLAIN))


def same_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.as('name')`."""
    return of(Library(TEXT, (), library.state))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.transaction().execute(async (trx) => …)`."""
    return calling.as_one(given.at(0), Arguments((of(Library(DB)),)))


def common_table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.with('name', (db) => query)`: what it only reads chooses nothing yet; what it writes, it writes."""
    made_by = calling.aside(given.at(1), Arguments((of(Library(DB)),)))
    for a in made_by.alternatives:
        if isinstance(a.shape, Library) and a.shape.root == QUERY and query_of(a.shape).kind is not EffectKind.READ:
            perform(query_of(a.shape), calling)
    return of(Library(DB))


def on_duplicate(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.onDuplicateKeyUpdate(changes)`."""
    return upserted(query, (), given.at(0))
