"""Firebase's Realtime Database, by the Admin SDK: a tree in which each path names a list of records, or one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    NULL_VALUE,
    PLAIN,
    TRUE_VALUE,
    Library,
    Promise,
    Value,
    choice,
    obj,
    of,
    text_of,
)
from preship.analyzers.knowledge.firestore_places import Answer, Each, Place, change, path_steps, query
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal
from preship.analyzers.knowledge.queries import FIRST, perform
from preship.analyzers.knowledge.rows import Handler, is_absent, native

REFERENCE = "firebase-database#reference"
ROOT = Place("the database", EVERYTHING, is_document=False, is_call=True)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the records of a list are put in order by, which a query behind it may ask for."""

    column: str


def reference(place: Place, order: Ordered | None = None) -> Value:
    """A reference to this place, or a query of it."""
    return of(Library(REFERENCE, (), (place, place.key, order)))


def place_of(library: Library) -> Place:
    """The place that a reference names."""
    found = library.state[0] if library.root == REFERENCE else ROOT
    assert isinstance(found, Place)  # noqa: S101
    return found


def located(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.ref('users/alice')`, `.child(id)`."""
    place = place_of(library)
    for step in path_steps(given.at(0)) if given.values else ():
        place = behind(place, step)
    return reference(place)


def behind(place: Place, step: Value) -> Place:
    """A list of the database, a record of a list, or a part of a record."""
    if place.name == ROOT.name:
        return replace(place, name=text_of(step) or "a list")
    if place.is_document:
        return place
    return replace(place, key=both(place.key, equal(f"{place.name}.id", step)), is_document=True, is_fresh=False)


def ordered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.orderByChild('owner')`."""
    return reference(place_of(library), Ordered(text_of(given.at(0)) or "?"))


def narrowed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.equalTo(uid)`."""
    place, order = place_of(library), library.state[2]
    column = order.column if isinstance(order, Ordered) else f"{place.name}.id"
    return reference(replace(place, key=both(place.key, equal(column, given.at(0)))))


def same(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.limitToLast(10)`, `.startAt(day)`."""
    return of(Library(REFERENCE, (), library.state))


def got(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.get()`, `.once('value')`."""
    place = place_of(library)
    found = query(place, EffectKind.READ, f"database.{library.path[-1]}", calling)
    row = perform(replace(found, answers=FIRST, absent=NULL_VALUE), calling)
    cases = [(snapshot(Value((a,)), place), a.under) for a in row.alternatives]
    return of(Promise(choice((calling.span, "snapshot"), *cases), NO_FACTS, PLAIN))


def snapshot(row: Value, place: Place) -> Value:
    """What was read: one record, or a list of them as an object by their ids."""
    exists, here = native("exists", Answer(FALSE_VALUE if is_absent(row) else TRUE_VALUE)), native("val", Answer(row))
    one = obj(exists=exists, val=here, toJSON=here, exportVal=here, ref=reference(place))
    each = native("forEach", Each(one))
    part = native("child", Answer(one))
    return obj(exists=exists, val=here, toJSON=here, exportVal=here, ref=reference(place), forEach=each, child=part)


def changes(kind: EffectKind, data: int | None = 0) -> Handler:
    """`.set(record)`, `.update(fields)`, `.remove()`, `.push(record)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        place = place_of(library)
        if data is None or given.values:
            change(place, kind, given.at(data) if data is not None else None, library.path[-1], calling)
        made = reference(replace(place, is_document=True, is_fresh=True)) if kind is EffectKind.INSERT else PLAIN
        return made if kind is EffectKind.INSERT else of(Promise(made, NO_FACTS, PLAIN))

    return handle
