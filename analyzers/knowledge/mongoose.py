"""Mongoose: models, queries that run when they are awaited, and documents that save themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from preship.analyzers.flow import operators
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Valid
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.flow.values import (
    Alternative,
    Array,
    Library,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    of,
    origins_of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.keys import both, equal
from preship.analyzers.knowledge.mongo_queries import (
    METHODS,
    aggregated,
    key_of,
    query,
    with_columns,
    written,
)
from preship.analyzers.knowledge.queries import COUNT, FIRST, MANY, SURELY, Query, affected, perform
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.words import part

MODEL, QUERY, SCHEMA, SESSION = (f"mongoose#{name}" for name in ("model", "query", "schema", "session"))


@dataclass(frozen=True, slots=True)
class Document:
    """What marks an object as a document of a model."""

    model: str
    is_new: bool


# --- models --------------------------------------------------------------------------------------------------------


def model(library: Library, given: Arguments, calling: Calling) -> Value:
    """`mongoose.model('Post', schema)`."""
    return of(Library(MODEL, (), (text_of(given.at(0)) or "a collection",)))


def known_model(library: Library, name: str) -> Value | None:
    """`mongoose.models.Post`."""
    if library.path[-1:] == ("models",):
        return of(Library(MODEL, (), (name,)))
    return None


def name_of_model(library: Library) -> str:
    """What a model is called."""
    return str(library.state[0])


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of a model."""
    name = library.path[-1]
    found = query(name_of_model(library), name, METHODS[name], given, calling)
    if found.kind is EffectKind.INSERT:
        many = any(isinstance(a.shape, Array) for a in given.at(0).alternatives)
        return of(Promise(documents(perform(replace(found, answers=MANY if many else SURELY), calling), found.table)))
    return of(Library(QUERY, (), (found,)))


def aggregate(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Post.aggregate(pipeline)`."""
    return of(Library(QUERY, (), (aggregated(name_of_model(library), given, calling),)))


def draft(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new Post(contents)`."""
    found: list[Value] = []
    brand = Document(name_of_model(library), is_new=True)
    for a in given.at(0).alternatives:
        shape = a.shape
        new = replace(shape, brand=brand) if isinstance(shape, Object) else Object((), Value((a,)), brand)
        found.append(Value((Alternative(new, a.under),)))
    return unite(*found)


# --- queries -------------------------------------------------------------------------------------------------------


def query_of(library: Library) -> Query:
    """The query that a chain has collected."""
    found = library.state[0]
    assert isinstance(found, Query)  # noqa: S101
    return found


def step(change: Callable[[Query, Arguments], Query]) -> Handler:
    """A method that changes the query."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return of(Library(QUERY, (), (change(replace(query_of(library), span=calling.span), given),)))

    return handle


def unchanged(found: Query, given: Arguments) -> Query:
    """What changes nothing that we look at."""
    return found


def more(found: Query, given: Arguments) -> Query:
    """`.where({ … })`, `.find({ … })`, `.where('author', id)`."""
    name = text_of(given.at(0))
    if name is not None:
        key = equal(name, given.at(1)) if len(given.values) > 1 else None
    else:
        key = key_of(given.at(0)) if given.values else None
    keys = [k for k in (found.key, key) if k is not None]
    return replace(found, key=both(*keys) if keys else None)


def compared(found: Query, given: Arguments) -> Query:
    """`.where('author').equals(id)`."""
    return replace(found, key=both(*(k for k in (found.key, equal("?", given.at(0))) if k is not None)))


def selected(found: Query, given: Arguments) -> Query:
    """`.select('name email')`."""
    return with_columns(found, given.at(0))


def populated(found: Query, given: Arguments) -> Query:
    """`.populate('author')`, `.populate({ path: 'author', select: 'name' })`."""
    path = part(given.at(0), "path") or given.at(0)
    names = (text_of(path) or "").split()
    return replace(found, shows=(*found.shows, *names))


def changed(found: Query, given: Arguments) -> Query:
    """`.set(update)`."""
    return replace(found, data=written(given.at(0)))


def failing(found: Query, given: Arguments) -> Query:
    """`.orFail()`."""
    return replace(found, answers=SURELY if found.answers == FIRST else found.answers)


def turned(kind: EffectKind, answers: str) -> Callable[[Query, Arguments], Query]:
    """`.countDocuments()`, `.deleteMany()` at the end of a chain."""
    return lambda found, given: more(replace(found, kind=kind, answers=answers), given)


counted_documents, deleted_documents = turned(EffectKind.READ, COUNT), turned(EffectKind.DELETE, "none")


def run(library: Library, calling: Calling) -> Value:
    """A query runs when it is awaited."""
    found = query_of(library)
    return documents(perform(found, calling), found.table)


def executed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.exec()`."""
    return of(Promise(run(library, calling)))


def then(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.then(…)`, `.catch(…)`."""
    owner = of(Library(QUERY, (), library.state))
    if library.path[-1] == "catch":
        return calling.continued(owner, None, given.at(0))
    return calling.continued(owner, given.at(0), given.at(1) if len(given.values) > 1 else None)


# --- documents -----------------------------------------------------------------------------------------------------


def documents(value: Value, name: str) -> Value:
    """Records as documents, with their methods."""
    return Value(tuple(Alternative(_document(a.shape, name), a.under) for a in value.alternatives))


def _document(shape: Shape, name: str) -> Shape:
    if isinstance(shape, Array):
        items = tuple(documents(v, name) for v in shape.items) if shape.items is not None else None
        return Array(items, documents(shape.element, name))
    if isinstance(shape, Unknown) and any(isinstance(o, Stored) and not o.path for o in shape.origins):
        return Object((), of(replace(shape, truth=Truth.MAYBE)), Document(name, is_new=False))
    if isinstance(shape, Object) and shape.brand is None:
        return replace(shape, brand=Document(name, is_new=False))
    return shape


def of_document(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """A method of a document, or of a part of one."""
    shape = owner.alternatives[0].shape
    if isinstance(shape, Object) and isinstance(shape.brand, Document):
        return document_method(shape, shape.brand, name, given, calling)
    if name == "equals" and len(given.values) == 1:
        # ObjectId.equals: https://mongodb.github.io/node-mongodb-native/6.9/classes/BSON.ObjectId.html#equals
        return operators.equal(owner, given.at(0), calling.span)
    return None


def document_method(shape: Object, brand: Document, name: str, given: Arguments, calling: Calling) -> Value | None:
    """https://mongoosejs.com/docs/api/document.html"""
    itself = of(shape)
    if name == "save":
        return saved(shape, brand, calling)
    if name in {"deleteOne", "remove", "delete"}:
        calling.may_fail()
        calling.emit(EffectKind.DELETE, brand.model, f"{brand.model}.{name}", key=shape.rest)
        return of(Promise(itself))
    if name in {"updateOne", "replaceOne"}:
        data = written(given.at(0))
        calling.may_fail()
        calling.emit(EffectKind.WRITE, brand.model, f"{brand.model}.{name}", key=shape.rest, data=data)
        return of(Promise(affected(Query(EffectKind.WRITE, "", brand.model, calling.span, shape.rest), calling)))
    if name in {"populate", "validate", "execPopulate"}:
        return of(Promise(itself))
    if name in {"toObject", "toJSON", "$clone", "depopulate"}:
        return of(replace(shape, brand=None))
    if name == "get":
        field = text_of(given.at(0))
        return calling.member(itself, field) if field else itself
    if name in {"set", "overwrite", "markModified", "$session", "id", "isModified", "isNew", "$set"}:
        return itself
    return None


def saved(shape: Object, brand: Document, calling: Calling) -> Value:
    """`document.save()`."""
    contents = of(Object(shape.fields, shape.rest if brand.is_new else None))
    calling.may_fail()
    if brand.is_new:
        calling.emit(EffectKind.INSERT, brand.model, f"{brand.model}.save", data=contents)
    else:
        calling.emit(EffectKind.WRITE, brand.model, f"{brand.model}.save", key=shape.rest, data=contents)
    return of(Promise(of(shape)))


# --- the rest ------------------------------------------------------------------------------------------------------


def is_valid(library: Library, given: Arguments, calling: Calling) -> Value:
    """`isValidObjectId(id)`."""
    asked = origins_of(given.at(0))
    facts = frozenset(Valid(o, calling.span) for o in asked if isinstance(o, Input))
    return of(Unknown(asked, Truth.MAYBE, facts, is_primitive=True))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`session.withTransaction(work)`, `connection.transaction(work)`."""
    return calling.call(given.at(0), Arguments((of(Library(SESSION)),)))


TELLING = frozenset(name for name in METHODS if "ById" in name or name.startswith("findOneAnd")) | {"countDocuments"}
"""Methods that only a model has."""


def call_by_shape(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """A call that only a model has, on something that could not be resolved."""
    path = library.path
    is_model = len(path) > 1 and path[-1] in METHODS and (path[-1] in TELLING or path[-2][:1].isupper())
    return called(Library(MODEL, path[-1:], (path[-2],)), given, calling) if is_model else None
