"""Appwrite's databases and files, spoken to as the caller or with the server's key."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Library, Object, Promise, Value, obj, of, text_of
from preship.analyzers.knowledge.appwrite import speaker
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal, listed
from preship.analyzers.knowledge.rows import counted, fresh, membership, name_of, record, records
from preship.analyzers.knowledge.words import part

DATABASES, FILES, CONDITION = (f"appwrite#{name}" for name in ("databases", "files", "condition"))

VERBS = {
    "list": EffectKind.READ,
    "get": EffectKind.READ,
    "create": EffectKind.INSERT,
    "update": EffectKind.WRITE,
    "upsert": EffectKind.WRITE,
    "increment": EffectKind.WRITE,
    "decrement": EffectKind.WRITE,
    "delete": EffectKind.DELETE,
}


def named(given: Arguments, place: int, *names: str) -> Value | None:
    """An argument by its place, or by its name where the call takes an object."""
    options = given.at(0)
    if len(given.values) == 1 and any(isinstance(a.shape, Object) for a in options.alternatives):
        found = [value for name in names if (value := part(options, name)) is not None]
        return found[0] if found else None
    return given.at(place) if place < len(given.values) else None


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """`databases.updateDocument(database, collection, id, contents)` and its kin."""
    name = library.path[-1]
    kind = next((kind for verb, kind in VERBS.items() if name.startswith(verb)), EffectKind.WRITE)
    collection = named(given, 1, "collectionId", "tableId")
    target = (text_of(collection) if collection is not None else None) or "documents"
    is_list = name.startswith("list") or name.endswith(("Documents", "Rows"))
    queries = named(given, 2, "queries") if is_list else None
    chosen = None if is_list else named(given, 2, "documentId", "rowId")
    key = key_of(queries) if queries is not None else equal("id", chosen) if chosen is not None else None
    contents = named(given, 3, "data") if kind is not EffectKind.READ else None
    calling.emit(
        kind,
        target,
        name_of(library),
        key=None if kind is EffectKind.INSERT or key == EVERYTHING else key,
        data=contents,
        client=speaker(library),
    )
    if is_list:
        rows = records(target, key, calling)
        return of(Promise(obj(PLAIN, documents=rows, rows=rows, total=counted(target, key, calling)), NO_FACTS, PLAIN))
    if kind is EffectKind.INSERT:
        return of(Promise(fresh(target, contents), NO_FACTS, PLAIN))
    return of(Promise(record(target, key, calling), membership(target, key, calling), PLAIN))


def filed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`storage.deleteFile(bucket, id)` and its kin."""
    name = library.path[-1]
    kind = next((kind for verb, kind in VERBS.items() if name.startswith(verb)), EffectKind.WRITE)
    chosen = named(given, 1, "fileId")
    key = equal("id", chosen) if chosen is not None else None
    contents = named(given, 2, "file") if kind is EffectKind.INSERT else None
    calling.emit(
        kind,
        "files",
        name_of(library),
        key=None if kind is EffectKind.INSERT else key,
        data=contents,
        client=speaker(library),
    )
    found = fresh("files", contents) if kind is EffectKind.INSERT else record("files", key, calling)
    return of(Promise(found, NO_FACTS, PLAIN))


def key_of(queries: Value) -> Value:
    """What a list of `Query.…` chooses."""
    found: list[Value] = []
    for item in listed(queries):
        keys = [
            a.shape.state[0] if isinstance(a.shape, Library) and a.shape.root == CONDITION else None
            for a in item.alternatives
        ]
        found.append(either(*(k if isinstance(k, Value) else EVERYTHING for k in keys)))
    return both(*found)


def equality(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Query.equal('owner', [id])`."""
    return of(Library(CONDITION, (), (equal(text_of(given.at(0)) or "?", given.at(1)),)))


def all_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Query.and([…])`."""
    return of(Library(CONDITION, (), (key_of(given.at(0)),)))


def any_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Query.or([…])`."""
    return of(Library(CONDITION, (), (either(*(key_of(item) for item in listed(given.at(0)))),)))
