"""Firestore's collections and documents, and the snapshots that reading them gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Case
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.texts import steps_of
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Array,
    Library,
    Object,
    Value,
    choice,
    field_of,
    obj,
    of,
    text_of,
    under,
    unite,
)
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal
from preship.analyzers.knowledge.queries import FIRST, MANY, Query, perform
from preship.analyzers.knowledge.rows import native, option

REFERENCE = "firestore#reference"


@dataclass(frozen=True, slots=True)
class Place:
    """A collection, a query of one, or a document in one."""

    name: str
    """The collection."""

    key: Value
    is_document: bool
    is_call: bool
    """Whether a snapshot's `exists` is a method, as in the client SDK."""

    client: Client = Client.SERVER
    """Who asks, as the store sees it."""

    is_fresh: bool = False
    """Whether it is a document that there is not yet, under a new id."""


def reference(place: Place) -> Value:
    """A reference to this place."""
    return of(Library(REFERENCE, (), (place, place.key)))


def place_of(library: Library) -> Place:
    """The place that a reference names."""
    found = library.state[0]
    assert isinstance(found, Place)  # noqa: S101
    return found


def places_in(value: Value) -> list[Place]:
    """The places that a value may name."""
    found = [a.shape.state[0] for a in value.alternatives if isinstance(a.shape, Library) and a.shape.state]
    return [place for place in found if isinstance(place, Place)]


def deeper(start: Place | None, segments: tuple[Value, ...], *, is_call: bool, client: Client = Client.SERVER) -> Place:
    """The place behind segments of a path: collections and ids by turns, or both in one text."""
    place = start or Place("the database", EVERYTHING, is_document=True, is_call=is_call, client=client)
    for segment in segments:
        for step in path_steps(segment):
            place = next_place(place, step)
    return place


def path_steps(segment: Value) -> list[Value]:
    """The parts of `users/alice`, and of `users/${id}`."""
    return [step for step in steps_of(segment) if text_of(step) != ""]


def next_place(place: Place, segment: Value) -> Place:
    """A collection of a document, or a document of a collection."""
    if place.is_document:
        return replace(place, name=text_of(segment) or "a collection", is_document=False, is_fresh=False)
    return replace(place, key=both(place.key, equal(f"{place.name}.id", segment)), is_document=True, is_fresh=False)


def query(place: Place, kind: EffectKind, what: str, calling: Calling) -> Query:
    """What a call does at a place."""
    key = None if place.key == EVERYTHING else place.key
    return Query(kind, what, place.name, calling.span, key, is_single=place.is_document, client=place.client)


def snapshot(place: Place, what: str, calling: Calling) -> Value:
    """What reading a place gives: a document that exists or not, or the documents of a query."""
    found = query(place, EffectKind.READ, what, calling)
    if not place.is_document:
        rows = perform(replace(found, answers=MANY), calling)
        return documents(rows, place, calling)
    row = perform(replace(found, answers=FIRST, absent=UNDEFINED_VALUE), calling)
    alternatives = [document(Value((a,)), place) for a in row.alternatives]
    facts = [a.under for a in row.alternatives]
    return choice((calling.span, what), *zip(alternatives, facts, strict=True))


def document(row: Value, place: Place) -> Value:
    """A snapshot of a document."""
    is_there = not any(a.shape == UNDEFINED_VALUE.alternatives[0].shape for a in row.alternatives)
    answer = TRUE_VALUE if is_there else FALSE_VALUE
    exists = native("exists", Answer(answer)) if place.is_call else answer
    return obj(
        exists=exists, data=native("data", Answer(row)), id=id_of(row, place), ref=reference(place), get=getter(row)
    )


def id_of(row: Value, place: Place) -> Value:
    """A snapshot's id: what the document was asked for by, or what it was found with."""
    shapes = [a.shape for a in place.key.alternatives]
    named = [field_of(shape, f"{place.name}.id") for shape in shapes if isinstance(shape, Object)]
    asked = [value for value in named if value is not None]
    return unite(*asked) if asked and len(asked) == len(shapes) else option(row, "id")


@dataclass(frozen=True, slots=True)
class Answer:
    """A function that always answers the same."""

    value: Value

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """The answer."""
        return self.value


@dataclass(frozen=True, slots=True)
class Field:
    """`snapshot.get('name')`."""

    row: Value

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """The field."""
        name = text_of(given.at(0))
        return calling.member(self.row, name) if name else self.row


def getter(row: Value) -> Value:
    """`snapshot.get`."""
    return native("get", Field(row))


def documents(rows: Value, place: Place, calling: Calling) -> Value:
    """A snapshot of a query."""
    found: list[Value] = []
    for a in rows.alternatives:
        if not isinstance(a.shape, Array):
            continue
        element = a.shape.element
        facts = frozenset.intersection(*(e.under for e in element.alternatives))
        name = (calling.span, place.name, "snapshot")
        one = under(document(element, replace(place, is_document=True)), facts | {Case(name, 0)})
        docs = of(Array(None, one))
        some = obj(empty=FALSE_VALUE, size=TRUE_VALUE, docs=docs, forEach=native("forEach", Each(one)))
        none = obj(empty=TRUE_VALUE, size=FALSE_VALUE, docs=docs, forEach=native("forEach", Answer(UNDEFINED_VALUE)))
        found.append(choice(name, (some, facts), (none, NO_FACTS)))
    return unite(*found)


@dataclass(frozen=True, slots=True)
class Each:
    """`snapshot.forEach(f)`."""

    one: Value

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """Call it with any document."""
        calling.aside(given.at(0), Arguments((self.one,)))
        return UNDEFINED_VALUE


def change(place: Place, kind: EffectKind, data: Value | None, name: str, calling: Calling) -> None:
    """A write at a place; a document under an id that nobody has chosen is a new one."""
    is_fresh = kind is EffectKind.INSERT or (kind is EffectKind.WRITE and place.is_fresh)
    key = None if is_fresh else place.key
    calling.may_fail()
    done, what = EffectKind.INSERT if is_fresh else kind, f"firestore.{name}"
    calling.emit(done, place.name, what, key=key, data=data, client=place.client)
