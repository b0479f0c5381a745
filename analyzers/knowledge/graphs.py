"""Stores with query languages of their own: Neo4j, SurrealDB, Gel. The parameters of a statement choose its records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Captured, Input, Remote, Request, Session, Unfollowed
from preship.analyzers.flow.texts import opening_of
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal
from preship.analyzers.knowledge.queries import MANY, NONE, Query, perform
from preship.analyzers.knowledge.rows import Handler, is_absent, name_of
from preship.analyzers.knowledge.stores import DELETE, INSERT, READ, SURELY, WRITE, Call, asked, sent


@dataclass(frozen=True, slots=True)
class Language:
    """What of a statement's text tells what it does, and to what."""

    deletes: re.Pattern[str]
    writes: re.Pattern[str]
    inserts: re.Pattern[str]
    model: re.Pattern[str]

    def kind(self, written: str) -> EffectKind:
        """What a statement does; what could not be read may do anything."""
        if self.deletes.search(written):
            return DELETE
        if not written or self.writes.search(written):
            return WRITE
        return INSERT if self.inserts.search(written) else READ


CYPHER = Language(
    re.compile(r"\b(DETACH\s+)?DELETE\b", re.IGNORECASE),
    re.compile(r"\b(SET|REMOVE|MERGE)\b", re.IGNORECASE),
    re.compile(r"\bCREATE\b", re.IGNORECASE),
    re.compile(r"\(\s*\w*\s*:\s*`?(\w+)"),
)
"""https://neo4j.com/docs/cypher-manual/current/clauses/"""

SURREALQL = Language(
    re.compile(r"\bDELETE\b", re.IGNORECASE),
    re.compile(r"\b(UPDATE|UPSERT)\b", re.IGNORECASE),
    re.compile(r"\b(CREATE|INSERT|RELATE)\b", re.IGNORECASE),
    re.compile(r"\b(?:FROM|UPDATE|UPSERT|CREATE|INTO|DELETE)\s+(?:ONLY\s+)?(\w+)", re.IGNORECASE),
)
"""https://surrealdb.com/docs/surrealql/statements"""

EDGEQL = Language(
    re.compile(r"\bdelete\b", re.IGNORECASE),
    re.compile(r"\bupdate\b", re.IGNORECASE),
    re.compile(r"\binsert\b", re.IGNORECASE),
    re.compile(r"\b(?:select|update|insert|delete)\s+(\w+)", re.IGNORECASE),
)
"""https://docs.geldata.com/reference/edgeql"""


def statement(language: Language, shaped: Callable[[Value], Value], *, is_single: bool = False) -> Handler:
    """`session.run(text, parameters)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        answer = run(language, given.at(0), given.at(1), name_of(library), calling)
        return of(Promise(shaped(calling.member(answer, "0") if is_single else answer), rejection=PLAIN))

    return handle


def run(language: Language, query: Value, parameters: Value, what: str, calling: Calling) -> Value:
    """A statement's effect, and what it gives: text from elsewhere that is a part of it chooses as well."""
    written = text_of(query) or opening_of(query)
    kind = language.kind(written)
    named = language.model.search(written)
    key = both(as_key(parameters), equal("query", query) if origins_of(query) else EVERYTHING)
    found = Query(
        kind,
        what,
        named.group(1) if named else "a graph",
        calling.span,
        None if key == EVERYTHING or kind is INSERT else key,
        None if kind in {READ, DELETE} or key == EVERYTHING else key,
        answers=NONE if kind is DELETE else MANY,
    )
    answer = perform(found, calling)
    return answer if kind is not DELETE else of(Array(None, PLAIN))


def as_key(parameters: Value) -> Value:
    """What the parameters of a statement choose by."""
    if is_absent(parameters):
        return EVERYTHING
    is_object = all(isinstance(a.shape, Object) for a in parameters.alternatives)
    return parameters if is_object else equal("parameters", parameters)


def as_records(answer: Value) -> Value:
    """As Neo4j's `{ records, summary }`."""
    return obj(PLAIN, records=answer, summary=PLAIN)


def as_results(answer: Value) -> Value:
    """As SurrealDB's list of one result for each statement."""
    return of(Array(None, answer))


def as_rows(answer: Value) -> Value:
    """As a list."""
    return answer


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`session.executeWrite(async (tx) => …)`, `client.transaction(async (tx) => …)`."""
    return calling.call(given.at(0), Arguments((of(Library(library.root)),)))


NEO4J, SURREAL, GEL = (f"{name}#client" for name in ("neo4j", "surrealdb", "gel"))

# --- SurrealDB -----------------------------------------------------------------------------------------------------


def surreal(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new Surreal()`: nobody has signed in yet."""
    return of(Library(SURREAL, (), (Client.SERVER,)))


def becomes(library: Library, given: Arguments) -> Library | None:
    """Who the client speaks for once it has signed in, or was given a token."""
    if library.path[-1:] not in {("signin",), ("signup",), ("authenticate",)}:
        return None
    found = origins_of(given.at(0))
    is_brought = any(isinstance(o, Input | Request | Session | Captured | Unfollowed) for o in found)
    return Library(SURREAL, (), (Client.CALLER if is_brought else Client.SERVER,))


def speaker(library: Library, given: Arguments) -> Client:
    """As whom a client speaks."""
    found = library.state[0] if library.state else None
    return found if isinstance(found, Client) else Client.SERVER


def table(library: Library, given: Arguments) -> str:
    """The table of `'post:1'`, `'post'`, `new RecordId('post', id)` or `new Table('post')`."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == RECORD_ID and isinstance(a.shape.state[0], Value):
            return text_of(a.shape.state[0]) or "a table"
    written = text_of(given.at(0)) or opening_of(given.at(0))
    return written.split(":", maxsplit=1)[0].strip("…") or "a table"


def thing(library: Library, given: Arguments) -> Value | None:
    """The record that is named, or none for a whole table."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == RECORD_ID:
            known = [value for value in a.shape.state[1:] if isinstance(value, Value)]
            return equal("id", known[0]) if known else None
    return equal("id", given.at(0)) if origins_of(given.at(0)) or ":" in (text_of(given.at(0)) or "") else None


RECORD_ID = "surrealdb#record"


def record_id(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new RecordId('post', id)`."""
    return of(Library(RECORD_ID, (), given.values[:2]))


def signed_in(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.signin(…)`, `db.signup(…)`: the caller's, where they bring what proves them."""
    calling.may_fail()
    made_of = becomes(library, given)
    if made_of is not None and made_of.state[0] is Client.CALLER:
        calling.emit(EffectKind.IDENTIFY, "the caller's session", name_of(library))
    return of(Promise(unknown({Remote("SurrealDB")})))


def surreal_query(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.query(text, bindings)`."""
    if speaker(library, given) is Client.CALLER:
        calling.emit(WRITE, "SurrealDB", name_of(library), key=given.at(1), client=Client.CALLER)
        return of(Promise(unknown({Remote("SurrealDB")})))
    return statement(SURREALQL, as_results)(library, given, calling)


cypher, edgeql, edgeql_one = (
    statement(CYPHER, as_records),
    statement(EDGEQL, as_rows),
    statement(EDGEQL, as_rows, is_single=True),
)
found = asked(Call(READ, MANY, thing), table, speaker)
added = asked(Call(INSERT, SURELY, data=sent(1)), table, speaker)
changed = asked(Call(WRITE, SURELY, thing, sent(1)), table, speaker)
deleted = asked(Call(DELETE, NONE, thing), table, speaker)
