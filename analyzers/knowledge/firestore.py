"""Firestore, by the Admin SDK's methods and by the client SDK's functions."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Library,
    Promise,
    Value,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.firebase import speaks_for_the_caller
from preship.analyzers.knowledge.firestore_places import (
    REFERENCE,
    Place,
    change,
    deeper,
    place_of,
    places_in,
    query,
    reference,
    snapshot,
)
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal, listed
from preship.analyzers.knowledge.queries import COUNT, perform
from preship.analyzers.knowledge.rows import Handler, native

DB, CONDITION, BATCH = (f"firestore#{name}" for name in ("db", "condition", "batch"))
EQUALS = frozenset({"==", "in", "array-contains", "array-contains-any"})


# --- methods of the Admin SDK --------------------------------------------------------------------------------------


def located(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.collection('users')`, `.doc(id)`, `.collectionGroup('rooms')`."""
    start = place_of(library) if library.root == REFERENCE else None
    if not given.values and start is not None:
        # `.doc()` names a new document.
        return reference(replace(start, is_document=True, is_fresh=True))
    place = deeper(start, given.values, is_call=False)
    return reference(replace(place, is_document=library.path[-1] == "doc"))


def narrowed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.where('owner', '==', uid)`."""
    place = place_of(library)
    return reference(replace(place, key=both(place.key, condition_key(given))))


def condition_key(given: Arguments) -> Value:
    """The key of `(field, operator, value)`, or of a filter object."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == CONDITION and isinstance(a.shape.state[0], Value):
            return a.shape.state[0]
    is_equal = text_of(given.at(1)) in EQUALS
    return equal(text_of(given.at(0)) or "?", given.at(2)) if is_equal else EVERYTHING


def same(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.orderBy()`, `.limit()`."""
    return of(Library(REFERENCE, (), library.state))


def got(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.get()`."""
    return of(Promise(snapshot(place_of(library), f"firestore.{library.path[-1]}", calling), NO_FACTS, PLAIN))


def counted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.count().get()`."""
    found = query(place_of(library), EffectKind.READ, "firestore.count", calling)
    number = perform(replace(found, answers=COUNT), calling)
    answer = obj(data=native("data", lambda inner, rest: obj(count=number)))
    return obj(get=native("get", lambda inner, rest: of(Promise(answer))))


def changes(kind: EffectKind, data: int | None = 0) -> Handler:
    """`.set(fields)`, `.update(fields)`, `.delete()`, `.add(fields)`, `.create(fields)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        place = place_of(library)
        change(place, kind, given.at(data) if data is not None else None, library.path[-1], calling)
        return of(Promise(written_at(place, kind), NO_FACTS, PLAIN))

    return handle


def written_at(place: Place, kind: EffectKind) -> Value:
    """A reference to the document that was written: of a new one, under the id that it was given."""
    return reference(replace(place, is_document=True, is_fresh=place.is_fresh or kind is EffectKind.INSERT))


# --- functions of the client SDK -----------------------------------------------------------------------------------


def opened(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getFirestore(app)`."""
    return of(Library(DB, (), given.values[:1]))


def asks_as(database: Value) -> Client:
    """As whom a database is asked: its rules judge the caller where the app bears their token."""
    apps = (v for a in database.alternatives if isinstance(a.shape, Library) for v in a.shape.state)
    is_theirs = any(isinstance(app, Value) and speaks_for_the_caller(app) for app in apps)
    return Client.CALLER if is_theirs else Client.SERVER


def at(*, is_document: bool) -> Handler:
    """`collection(db, 'users', id, 'rooms')`, `doc(db, 'users', id)`, `doc(collection)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        start = next(iter(places_in(given.at(0))), None)
        place = deeper(start, given.values[1:], is_call=True, client=asks_as(given.at(0)))
        is_fresh = is_document and not place.is_document
        return reference(replace(place, is_document=is_document, is_fresh=is_fresh))

    return handle


def filtered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`query(collection, where(…), orderBy(…))`."""
    start = next(iter(places_in(given.at(0))), None) or deeper(None, (), is_call=True)
    found = [condition_key(Arguments((value,))) for value in given.all()[1:]]
    return reference(replace(start, key=both(start.key, *found)))


def where(library: Library, given: Arguments, calling: Calling) -> Value:
    """`where('owner', '==', uid)`, `Filter.where(…)`."""
    return of(Library(CONDITION, (), (condition_key(given),)))


def joined(*, is_any: bool) -> Handler:
    """`or(…)`, `and(…)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        found = [condition_key(Arguments((value,))) for value in given.all()]
        return of(Library(CONDITION, (), (either(*found) if is_any else both(*found),)))

    return handle


def read(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getDoc(reference)`, `getDocs(query)`, `transaction.get(reference)`."""
    found = [snapshot(place, library.path[-1], calling) for place in places_in(given.at(0))]
    return of(Promise(unite(*found) if found else PLAIN, NO_FACTS, PLAIN))


def writes(kind: EffectKind, data: int | None = 1) -> Handler:
    """`setDoc(reference, fields)`, `batch.set(reference, fields)`, `deleteDoc(reference)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        places = places_in(given.at(0))
        for place in places:
            change(place, kind, given.at(data) if data is not None else None, library.path[-1], calling)
        if library.root == BATCH:
            return of(Library(BATCH))
        return of(Promise(unite(PLAIN, *(written_at(place, kind) for place in places)), NO_FACTS, PLAIN))

    return handle


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.runTransaction(work)`, `runTransaction(db, work)`."""
    for value in given.values:
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            return calling.call(value, Arguments((of(Library(BATCH)),)))
    return of(Promise(PLAIN))


def all_read(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.getAll(…references)`."""
    found = [snapshot(p, "getAll", calling) for v in given.all() for item in listed(v) for p in places_in(item)]
    return of(Promise(of(Array(None, unite(*found) if found else PLAIN))))
