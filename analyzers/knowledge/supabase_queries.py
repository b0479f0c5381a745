"""Supabase's query builder: nothing is sent before it is awaited; filters by equality choose the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from preship.analyzers.conventions.keys import ONE_OF_EACH_COLUMN
from preship.analyzers.conventions.privileges import RIGHT_COLUMN
from preship.analyzers.conventions.roles import RIGHT_WORD
from preship.analyzers.flow.effects import CHOSEN, NO_TRAITS, Client, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, Facts, Role, Strength, authenticated, owns
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import judged_together
from preship.analyzers.flow.origins import Input, Origins, Request, Session, Stored, answered, roots
from preship.analyzers.flow.texts import written_by
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Array,
    Constant,
    Library,
    Object,
    Truth,
    Unknown,
    Value,
    choice,
    field_of,
    obj,
    of,
    origins_of,
    text_of,
    under,
    unite,
    unknown,
    with_field,
)
from preship.analyzers.knowledge.managed import kind_of
from preship.analyzers.knowledge.rows import (
    fresh,
    listed,
    looked_up_by,
    membership,
    note_filter,
    record,
    session_by_cookie,
    upserted,
)

QUERY = "supabase#query"

ANY_OTHER = "*"
"""The field of a key for conditions whose column is not known."""


ANY_TABLE = "a table"
"""A table that the code does not name."""

EVERY_ROW = Object(())


@dataclass(frozen=True, slots=True)
class Query:
    """A query as far as it has been built."""

    client: Client
    table: str
    kind: EffectKind | None = None
    """None before `select`, `insert`, `update`, `upsert` or `delete`."""

    key: Object = EVERY_ROW
    """The conditions that choose rows, by column."""

    written: Value | None = None
    answers: str = "nothing"
    """`nothing`, `many`, `one` or `maybe` one row."""

    is_whole: bool = True
    """Whether all columns are asked for."""

    is_function: bool = False
    """Whether a function of the database is called, and no table."""

    refuses: bool = False
    """Whether it is a function that asks who is calling, and raises where it does not like the answer."""

    shows: tuple[str, ...] = ()
    """The tables of which columns come along, by what the text of the query calls them."""

    shown_to: Client = Client.SERVER
    """What the database asks of those to whom it gives the rows; `SERVER`: nothing."""

    throws: bool = False
    makes_rows: bool = False
    """Whether a row need not have been there: what an insert or an upsert gives back proves nothing."""

    @property
    def chosen(self) -> Value | None:
        """What chooses the rows; None where every row is meant."""
        return of(self.key) if self.key.fields or self.key.rest else None


Step = Callable[[Query, Arguments], Query]


def started(client: Client, table: Value) -> Value:
    """`from(table)`."""
    is_chosen = any(isinstance(o, Input) for o in written_by(table))
    return of(Library(QUERY, (), (Query(client, text_of(table) or (CHOSEN if is_chosen else ANY_TABLE)),)))


def function_called(client: Client, given: Arguments) -> Value:
    """`rpc(name, arguments)`."""
    name = text_of(given.at(0)) or "a function"
    is_asked = asks_for_a_right(name) or tells_rights(name) or PREDICATE.intersection(name.split("_")[:1])
    kind = EffectKind.READ if is_asked else kind_of(name)
    shapes = [a.shape for a in given.at(1).alternatives if isinstance(a.shape, Object)]
    key = shapes[0] if shapes else Object((), given.at(1))
    query = Query(client, name, kind, key, given.at(1), "many", is_function=True)
    return of(Library(QUERY, (), (query,)))


PREDICATE = frozenset({"is", "has", "can", "check", "match", "user", "total", "exists"})
"""First words of functions of a database that only answer."""


def added(query: Query, column: Value, value: Value) -> Query:
    """One more condition that names rows."""
    name = text_of(column) or ANY_OTHER
    known = field_of(query.key, name)
    return replace(query, key=with_field(query.key, name, unite(known, value) if known else value))


def equals(query: Query, given: Arguments) -> Query:
    """`eq(column, value)`, `in(column, values)`."""
    return added(query, given.at(0), given.at(1))


def alike(query: Query, given: Arguments) -> Query:
    """`ilike('email', text)`: a name of which there is one is looked up, in capitals or not; others are searched."""
    shapes = [a.shape for a in given.at(1).alternatives]
    is_plain = all(isinstance(shape, Unknown) and (shape.text is None or not shape.text.opening) for shape in shapes)
    is_a_name = ONE_OF_EACH_COLUMN.matches(text_of(given.at(0)) or "")
    return added(query, given.at(0), given.at(1)) if is_plain and is_a_name else query


def compared(query: Query, given: Arguments) -> Query:
    """`filter(column, operator, value)`."""
    return added(query, given.at(0), given.at(2)) if text_of(given.at(1)) in {"eq", "in", "is", "cs"} else query


def matches(query: Query, given: Arguments) -> Query:
    """`match({ column: value })`."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Object):
            for name, value in a.shape.fields:
                query = added(query, of_text(name), value)
    return query


def either(query: Query, given: Arguments) -> Query:
    """`or('a.eq.1,b.eq.2')`: a condition written as text."""
    return added(query, PLAIN, given.at(0))


def of_text(text: str) -> Value:
    """A string."""
    return of(Constant(text))


def selects(query: Query, given: Arguments) -> Query:
    """`select(columns)`: a read, or what a write gives back."""
    columns = text_of(given.at(0)) if given.values else "*"
    return replace(
        query,
        kind=query.kind or EffectKind.READ,
        answers="many",
        is_whole=columns is None or "*" in columns,
        shows=tuple(embedded(columns or "")),
    )


EMBEDDED = re.compile(r"(?:(\w+)\s*:\s*)?(\w+)(?:!\w+)*\s*\(")
"""A table, or the column that names its row, inside the columns that are asked for.
https://docs.postgrest.org/en/stable/references/api/resource_embedding.html"""

LONGEST_TEXT = 4000


def embedded(columns: str) -> Iterator[str]:
    """The tables of which some columns are asked for besides, by each name that stands there."""
    for found in EMBEDDED.finditer(columns[:LONGEST_TEXT]):
        yield from (name for name in found.groups() if name is not None)


def inserts(query: Query, given: Arguments) -> Query:
    return replace(query, kind=EffectKind.INSERT, written=given.at(0), makes_rows=True)


def updates(query: Query, given: Arguments) -> Query:
    return replace(query, kind=EffectKind.WRITE, written=given.at(0))


def upserts(query: Query, given: Arguments) -> Query:
    """`upsert(rows, { onConflict })`: overwrites the row that has the same key."""
    options = next((a.shape for a in given.at(1).alternatives if isinstance(a.shape, Object)), Object(()))
    conflict = field_of(options, "onConflict")
    names = [name.strip() for name in ((text_of(conflict) if conflict else None) or "id").split(",")]
    query = replace(query, kind=EffectKind.WRITE, written=given.at(0), makes_rows=True)
    for row in rows_of(given.at(0)):
        for name in names:
            value = field_of(row, name)
            query = added(query, of_text(name), value) if value is not None else query
    return query


def rows_of(value: Value) -> list[Object]:
    """The rows that are written, as far as their columns are known."""
    found: list[Object] = []
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            found.append(a.shape)
        elif isinstance(a.shape, Array):
            found += rows_of(a.shape.element)
        elif isinstance(a.shape, Unknown):
            found.append(Object((), of(a.shape)))
    return found


def deletes(query: Query, given: Arguments) -> Query:
    return replace(query, kind=EffectKind.DELETE)


def one(query: Query, given: Arguments) -> Query:
    return replace(query, answers="one")


def maybe_one(query: Query, given: Arguments) -> Query:
    return replace(query, answers="maybe")


def throwing(query: Query, given: Arguments) -> Query:
    return replace(query, throws=True)


STEPS: dict[str, Step] = {
    "select": selects,
    "insert": inserts,
    "update": updates,
    "upsert": upserts,
    "delete": deletes,
    "eq": equals,
    "in": equals,
    "is": equals,
    "contains": equals,
    "containedBy": equals,
    "overlaps": equals,
    "filter": compared,
    "match": matches,
    "like": alike,
    "ilike": alike,
    "or": either,
    "single": one,
    "maybeSingle": maybe_one,
    "throwOnError": throwing,
}
"""Other methods (`order`, `limit`, `neq`, `gt`, `ilike`, …) name no rows."""


def query_of(library: Library) -> Query:
    """The query that a builder holds."""
    query = library.state[0]
    assert isinstance(query, Query)  # noqa: S101
    return query


def build(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any method of the builder."""
    name, query = library.path[-1], query_of(library)
    if name in {"then", "catch", "finally"}:
        return settled_by(library, name, given, calling)
    step = STEPS.get(name)
    for text in conditions_in(name, given):
        note_filter(text, query.table, f"supabase.{query.table}.{name}", calling, query.client)
    return of(Library(QUERY, (), (step(query, given) if step else query,)))


def conditions_in(name: str, given: Arguments) -> Iterator[Value]:
    """What a method puts as text into the filter that PostgREST reads: other values stand there by themselves.

    https://docs.postgrest.org/en/stable/references/api/tables_views.html#reserved-characters
    """
    if name == "or":
        yield given.at(0)
    elif name in {"not", "filter"} and text_of(given.at(1)) == "in":
        yield given.at(2)


def settled_by(library: Library, name: str, given: Arguments, calling: Calling) -> Value:
    """`then(f)`: the query is sent."""
    sent = of(Library(QUERY, (), library.state))
    if name == "then":
        return calling.continued(sent, given.at(0), given.at(1) if len(given.values) > 1 else None)
    if name == "catch":
        return calling.continued(sent, None, given.at(0))
    calling.aside(given.at(0), Arguments())
    return sent


def send(library: Library, calling: Calling) -> Value:
    """Awaiting a query sends it."""
    query = query_of(library)
    return sent(query, query.client, calling)


def sent(query: Query, client: Client, calling: Calling) -> Value:
    """A query is sent, and the database judges it like this: `{ data, error, count }`."""
    calling.may_fail(is_told=query.throws)
    kind = query.kind or EffectKind.READ
    verb = "rpc" if query.is_function else {EffectKind.READ: "select", EffectKind.WRITE: "update"}.get(kind, kind.value)
    calling.emit(
        kind,
        query.table,
        f"supabase.{query.table}.{verb}",
        key=None if kind is EffectKind.INSERT else query.chosen,
        data=query.written,
        client=client,
        shows=query.shows,
        traits=frozenset({Trait.IS_A_FUNCTION}) if query.is_function else NO_TRAITS,
    )
    return answer(query, calling)


def answer(query: Query, calling: Calling) -> Value:
    """What a query gives: its failure is a value, unless it throws."""
    key = query.written if query.kind is EffectKind.INSERT else query.chosen
    count = PLAIN if query.makes_rows else number(query, key, calling)
    found = obj(data=rows(query, key, calling), error=NULL_VALUE, count=count, status=PLAIN, statusText=PLAIN)
    if query.throws:
        if query.answers == "one" or query.refuses:
            calling.prove(one_row_proves(query, key, calling))
        return found
    error = unknown({answered(calling.span)}, Truth.TRUTHY)
    failed = obj(data=NULL_VALUE, error=error, count=NULL_VALUE, status=PLAIN, statusText=PLAIN)
    name = (calling.span, query.table)
    outcomes = [(found, one_row_proves(query, key, calling)), (failed, NO_FACTS)]
    if query.answers == "maybe":
        missing = obj(data=NULL_VALUE, error=NULL_VALUE, count=PLAIN, status=PLAIN, statusText=PLAIN)
        outcomes.append((missing, NO_FACTS))
    return choice(name, *outcomes)


def number(query: Query, key: Value | None, calling: Calling) -> Value:
    """How many rows there are; its truth proves what the presence of one would."""
    shown = membership(query.table, key, calling) | given_proves(query, key, calling)
    return of(Unknown(frozenset(), Truth.MAYBE, shown, is_primitive=True))


def one_row_proves(query: Query, key: Value | None, calling: Calling) -> Facts:
    """`single()` fails for no row, so that its success is the presence of one; of a row just written, it is nothing.

    So does a function that refuses callers: what it was given is theirs to name, as likely as of any other policy.
    """
    if query.refuses:
        named = (o for o in roots(origins_of(query.written)) if isinstance(o, Input | Request))
        return owns(named, calling.span, Strength.LIKELY)
    if query.answers not in {"one", "maybe"} or query.makes_rows:
        return NO_FACTS
    session = session_by_cookie(query.table, key, calling) if query.kind in {None, EffectKind.READ} else NO_FACTS
    return membership(query.table, key, calling) | given_proves(query, key, calling) | session


def given_proves(query: Query, key: Value | None, calling: Calling) -> Facts:
    """What it proves that the database gave a row to the caller: what it was found by is theirs, if policies say so."""
    if query.shown_to not in {Client.CALLER, Client.SIGNED_IN}:
        return NO_FACTS
    known = authenticated("a row that a policy gives to its own", calling.span, Strength.LIKELY)
    found = roots(origins_of(key)) if query.shown_to is Client.CALLER else frozenset()
    return known | owns((o for o in found if isinstance(o, Input | Request)), calling.span, Strength.LIKELY)


def rows(query: Query, key: Value | None, calling: Calling) -> Value:
    """The rows of an answer."""
    if query.is_function:
        return function_answer(query, calling)
    if query.answers == "nothing":
        return NULL_VALUE
    if query.makes_rows:
        make = fresh if query.kind is EffectKind.INSERT else upserted
        made = make(query.table, key, is_whole=query.is_whole)
        return of(Array(None, made)) if query.answers == "many" else made
    is_one = query.answers != "many"
    found = record(query.table, key, calling, is_whole=query.is_whole, is_exact=is_one)
    shown = under(found, given_proves(query, key, calling))
    return shown if is_one else listed(shown, query.table, key, calling)


def asks_for_a_right(name: str) -> bool:
    """Whether a function is called after what it asks of its caller: `is_member`, `client_has_access`."""
    words = name.split("_")
    is_a_question = words[0] in {"user", "is", "has", "can"}
    return is_a_question or (not {"has", "can"}.isdisjoint(words) and words[0] not in CHANGING)


CHANGING = frozenset(
    {"set", "toggle", "update", "mark", "create", "delete", "insert", "add", "remove", "make", "upsert"}
)
"""First words of functions of a database that change something."""


def function_answer(query: Query, calling: Calling) -> Value:
    """What a function of the database gives; of the caller's own client, its truth may be a permission.

    One that is given nothing of the caller's choice answers for the caller: `is_admin()`, `get_my_role()`.
    Which columns its rows have, the function decides: what comes of the server's own client is none of the caller's.
    """
    found = origins_of(of(query.key))
    if query.client is Client.SERVER and query.kind is EffectKind.READ:
        found |= {Stored(query.table, looked_up_by(query.table, query.chosen), is_whole=False, is_exact=False)}
    when_true, _ = judged_together((of(query.key),), calling.span)
    if query.client is not Client.CALLER:
        return of(Unknown(found, Truth.MAYBE, when_true))
    if asks_for_a_right(query.table):
        when_true |= permission_of(query.table, found, calling)
    elif not found and tells_rights(query.table):
        found |= {Session("Supabase", True, (query.table,))}
    return of(Unknown(found, Truth.MAYBE, when_true))


def tells_rights(name: str) -> bool:
    """Whether a function is called after the role or rights that it tells: `get_my_role`, `current_user_role`."""
    return name.split("_")[0] in TELLING and bool(RIGHT_COLUMN.matches(name))


TELLING = frozenset({"get", "fetch", "select", "my", "own", "current", "auth", "user", "jwt"})
"""First words of functions of a database that tell something of their caller."""


def permission_of(name: str, given: Origins, calling: Calling) -> Facts:
    """What it proves that a function says yes which is called after a right, by what it was given."""
    named = [o for o in given if isinstance(o, Input | Request)]
    if named:
        return owns(named, calling.span, Strength.LIKELY)
    return frozenset({Role((name,), calling.span)}) if RIGHT_WORD.matches(name) else NO_FACTS
