"""Knex: builders that run when they are awaited, tables and columns by text."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Constant,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.builders import compared, query_of, selected, step, table_of, with_key
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, either, equal, filtered
from preship.analyzers.knowledge.queries import FIRST, MANY, NONE, Query, perform, upserted
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql_conditions import key_of_condition
from preship.analyzers.knowledge.sql_pieces import of_text, parts_in, raw_in, raw_text_in
from preship.analyzers.knowledge.statements import run

DB, QUERY, TEXT = (f"knex#{name}" for name in ("db", "query", "text"))

PLAIN_OBJECTS = Dialect()
"""`where({ id, owner })`: every field equals."""


def begun(library: Library, given: Arguments, calling: Calling) -> Value:
    """`knex('posts')`, `knex.from('posts')`, `knex.select('*')`."""
    name = table_of(given.at(0)) if not library.path or library.path[-1] in {"from", "into", "table"} else "a table"
    query = Query(EffectKind.READ, f"knex({name})", name, calling.span)
    if library.path[-1:] == ("select",):
        query = selected(query, given)
    if library.path[-1:] == ("insert",):
        query = replace(query, kind=EffectKind.INSERT, data=given.at(0), answers=NONE)
    return of(Library(QUERY, (), (query,)))


def from_table(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.from('posts')`, `.into('posts')`."""
    name = table_of(given.at(0))
    return replace(query, table=name, what=f"knex({name})")


def condition(given: Arguments, calling: Calling) -> Value:
    """The key of `where({ … })`, `where('id', id)`, `where('id', '=', id)`, `where(function)`."""
    first = given.at(0)
    if any(isinstance(a.shape, Closure) for a in first.alternatives):
        return nested(first, calling)
    if len(given.values) > 2:
        return compared(first, given.at(1), given.at(2))
    if len(given.values) == 2:
        return compared(first, of(Constant("=")), given.at(1))
    parts = parts_in(first)
    return key_of_condition(parts) if parts is not None else filtered(first, PLAIN_OBJECTS)


def nested(function: Value, calling: Calling) -> Value:
    """The key of the conditions that a function adds to the builder it is given, or that is its `this`."""
    empty = of(Library(QUERY, (), (Query(EffectKind.READ, "", "", calling.span),)))
    answer = calling.call(function, Arguments((empty,)), empty)
    found = [a.shape.state[0] for a in answer.alternatives if isinstance(a.shape, Library) and a.shape.state]
    return next((q.key for q in found if isinstance(q, Query) and q.key is not None), EVERYTHING)


def where(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.where(…)`, `.andWhere(…)`."""
    return with_key(query, condition(given, calling))


def or_where(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.orWhere(…)`: what it lets in, the conditions before no longer keep out."""
    key = either(query.key or EVERYTHING, condition(given, calling))
    return replace(query, key=None if key == EVERYTHING else key)


def where_in(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.whereIn('id', ids)`."""
    return with_key(query, compared(given.at(0), of(Constant("in")), given.at(1)))


def where_raw(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.whereRaw('id = ?', [id])`."""
    query = replace(query, raw=raw_text_in(given.at(0)) or query.raw)
    return with_key(query, key_of_condition(of_text(given.at(0), given.at(1))))


def ordered_raw(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.orderByRaw(text)`, `.orderBy(knex.raw(text))`."""
    raw = raw_text_in(given.at(0)) if given.values else None
    return replace(query, raw=raw_in(given) or raw or query.raw)


def changing(kind: EffectKind) -> Handler:
    """`.insert(rows)`, `.update(row)`, `.del()`."""

    def change(query: Query, given: Arguments, calling: Calling) -> Query:
        data = given.at(0) if given.values else None
        name = text_of(data) if data is not None else None
        if name is not None:
            data = equal(name, given.at(1))
        single = data is not None and all(isinstance(a.shape, Object) for a in data.alternatives)
        return replace(query, kind=kind, data=data, answers=NONE, is_single=single, columns=None)

    return step(change)


def columns(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.select('id', 'name')`, `.returning('*')`."""
    answers = MANY if query.answers == NONE else query.answers
    return selected(replace(query, answers=answers), given)


def first(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.first()`."""
    return replace(selected(query, given) if given.values else query, answers=FIRST, is_single=True)


def merged(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.onConflict('id').merge()`."""
    return upserted(query, (), given.at(0) if given.values else None)


def total(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.count()`."""
    return replace(query, is_total=True, columns=obj(PLAIN))


def awaited(library: Library, calling: Calling) -> Value:
    """A builder runs when it is awaited."""
    return perform(query_of(library), calling)


def then(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.then(…)`, `.catch(…)`."""
    owner = of(Library(QUERY, (), library.state))
    if library.path[-1] == "catch":
        return calling.continued(owner, None, given.at(0))
    return calling.continued(owner, given.at(0), given.at(1) if len(given.values) > 1 else None)


def modified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.modify((builder) => …)`: adds to the builder in place."""
    owner = of(Library(QUERY, (), library.state))
    calling.aside(given.at(0), Arguments((owner,)))
    return owner


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`knex.transaction(async (trx) => …)`, or a transaction to pass on."""
    if any(isinstance(a.shape, Closure) for a in given.at(0).alternatives):
        return calling.as_one(given.at(0), Arguments((of(Library(DB)),)))
    return of(Promise(of(Library(DB))))


def raw(library: Library, given: Arguments, calling: Calling) -> Value:
    """`knex.raw(text, bindings)`: a statement once it is awaited, or a piece of one."""
    parts = of_text(given.at(0), given.at(1) if len(given.values) > 1 else None)
    return of(Library(TEXT, (), (tuple(parts), *given.all())))


def raw_run(library: Library, calling: Calling) -> Value:
    """A raw statement that is awaited; PostgreSQL gives `{ rows }`, MySQL `[rows, fields]`."""
    rows = run(parts_in(of(Library(TEXT, (), library.state))) or (), "knex.raw", calling)
    return unite(obj(PLAIN, rows=rows)) if any(isinstance(a.shape, Array) for a in rows.alternatives) else rows


def raw_then(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.then(…)` of a raw statement."""
    return calling.continued(of(Library(TEXT, (), library.state)), given.at(0), None)
