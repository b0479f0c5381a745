"""MongoDB's own driver: clients, collections, cursors."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, of, text_of
from preship.analyzers.knowledge.mongo_queries import METHODS, aggregated, query, with_columns
from preship.analyzers.knowledge.queries import Query, perform
from preship.analyzers.knowledge.rows import Handler

CLIENT, DATABASE, COLLECTION, CURSOR, SESSION = (
    f"mongodb#{name}" for name in ("client", "database", "collection", "cursor", "session")
)


def collection(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.collection('posts')`."""
    return of(Library(COLLECTION, (), (text_of(given.at(0)) or "a collection",)))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of a collection: `find` gives a cursor, all others run at once."""
    name = library.path[-1]
    found = query(str(library.state[0]), name, METHODS[name], given, calling)
    if name == "find":
        return of(Library(CURSOR, (), (found,)))
    value = perform(found, calling)
    return of(Promise(value, rejection=PLAIN))


def aggregate(library: Library, given: Arguments, calling: Calling) -> Value:
    """`collection.aggregate(pipeline)`."""
    return of(Library(CURSOR, (), (aggregated(str(library.state[0]), given, calling),)))


def query_of(library: Library) -> Query:
    """What a cursor looks for."""
    found = library.state[0]
    assert isinstance(found, Query)  # noqa: S101
    return found


def same(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.sort()`, `.limit()`: the same cursor."""
    return of(Library(CURSOR, (), library.state))


def projected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.project({ email: 1 })`."""
    return of(Library(CURSOR, (), (with_columns(query_of(library), given.at(0)),)))


def ran(answers: str) -> Handler:
    """`.toArray()`, `.next()`, `.count()`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return of(Promise(perform(replace(query_of(library), answers=answers), calling), rejection=PLAIN))

    return handle


def awaited(library: Library, calling: Calling) -> Value:
    """`for await (const post of cursor)`."""
    return perform(query_of(library), calling)


def for_each(library: Library, given: Arguments, calling: Calling) -> Value:
    """`cursor.forEach(f)`."""
    rows = perform(query_of(library), calling)
    calling.call(calling.member(rows, "forEach"), given)
    return of(Promise(PLAIN))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.withSession(work)`, `session.withTransaction(work)`."""
    return calling.call(given.at(0), Arguments((of(Library(SESSION)),)))
