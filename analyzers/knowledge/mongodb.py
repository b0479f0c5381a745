"""MongoDB's own driver: clients, collections, cursors."""

from __future__ import annotations

from dataclasses import replace

from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import PLAIN, Library, Promise, Value, of, text_of
from analyzers.knowledge.mongo_queries import METHODS, aggregated, query, with_columns
from analyzers.knowledge.queries import COUNT, FIRST, MANY, Query, perform
from analyzers.knowledge.rows import Handler, LibraryModel, made, promises, text

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


DOCS = "https://mongodb.github.io/node-mongodb-native/6.9/"

MODELS = (
    LibraryModel(
        frozenset({"mongodb"}),
        DOCS,
        {("ObjectId",): text, ("MongoClient", "connect"): promises(of(Library(CLIENT)))},
        makers={("MongoClient",): made(CLIENT), ("ObjectId",): text, ("ObjectID",): text},
    ),
    LibraryModel(
        frozenset({CLIENT}),
        f"{DOCS}classes/MongoClient.html",
        {
            ("connect",): promises(of(Library(CLIENT))),
            ("db",): made(DATABASE),
            ("close",): promises(PLAIN),
            ("startSession",): made(SESSION),
            ("withSession",): transaction,
        },
    ),
    LibraryModel(frozenset({DATABASE}), f"{DOCS}classes/Db.html", {("collection",): collection}),
    LibraryModel(
        frozenset({COLLECTION}),
        f"{DOCS}classes/Collection.html",
        {**{(name,): called for name in METHODS}, ("aggregate",): aggregate},
    ),
    LibraryModel(
        frozenset({CURSOR}),
        f"{DOCS}classes/FindCursor.html",
        methods={
            "toArray": ran(MANY),
            "next": ran(FIRST),
            "tryNext": ran(FIRST),
            "count": ran(COUNT),
            "hasNext": ran(COUNT),
            "project": projected,
            "forEach": for_each,
        },
        otherwise=same,
        awaited=awaited,
    ),
    LibraryModel(
        frozenset({SESSION}),
        f"{DOCS}classes/ClientSession.html",
        {("withTransaction",): transaction},
        otherwise=promises(PLAIN),
    ),
)
