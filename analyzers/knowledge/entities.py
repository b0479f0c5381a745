"""ORMs whose queries take one object of options: TypeORM's repositories, Sequelize's models, MikroORM's manager."""

from __future__ import annotations

from dataclasses import dataclass

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Library,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, either, equal, filtered, listed
from preship.analyzers.knowledge.queries import COUNT, FIRST, MANY, NONE, SURE, SURELY, Column, Query, perform
from preship.analyzers.knowledge.words import part

CELL = "entities#cell"


@dataclass(frozen=True, slots=True)
class Entity:
    """What marks an object as a record that can save itself."""

    model: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of a repository or model does."""

    kind: EffectKind
    answers: str
    filter: int | None = None
    data: int | None = None
    in_options: bool = True
    """Whether the filter is the field `where` of that argument."""

    by_id: bool = False


def run(model: str, name: str, method: Method, given: Arguments, dialect: Dialect, calling: Calling) -> Value:
    """A call of a repository or model."""
    options = given.at(method.filter) if method.filter is not None else None
    where = options
    if options is not None and method.in_options:
        where = part(options, "where")
    key = None if where is None else equal("id", where) if method.by_id else any_filter(where, dialect)
    data = given.at(method.data) if method.data is not None else None
    is_list = data is not None and any(isinstance(a.shape, Array) for a in data.alternatives)
    query = Query(
        method.kind,
        f"{model}.{name}",
        model,
        calling.span,
        None if key == EVERYTHING else key,
        data,
        columns_of(model, options) if method.in_options else None,
        MANY if is_list and method.answers == SURELY else method.answers,
        NULL_VALUE,
        is_single=method.answers != MANY and not is_list,
        traits=SURE if method.answers == SURELY and method.kind is READ else NO_TRAITS,
    )
    return perform(query, calling)


def any_filter(where: Value, dialect: Dialect) -> Value:
    """The key of a filter; a list of filters holds where one of them does."""
    if any(isinstance(a.shape, Array) for a in where.alternatives):
        return either(*(filtered(item, dialect) for item in listed(where)))
    return filtered(where, dialect)


def columns_of(model: str, options: Value | None) -> Value | None:
    """The columns that the options name, by a list, by flags or by what they leave out."""
    chosen = None
    for name in ("select", "attributes", "fields"):
        chosen = chosen or (part(options, name) if options is not None else None)
    if chosen is None or chosen is options:
        return None
    names: list[str] = []
    for a in chosen.alternatives:
        if isinstance(a.shape, Array):
            names += [text for item in listed(Value((a,))) if (text := text_of(item))]
        elif isinstance(a.shape, Object):
            names += [name for name, _ in a.shape.fields if name not in {"exclude", "include"}]
    cells = tuple((name, of(Library(CELL, (), (Column(model, name),)))) for name in names)
    return of(Object(cells, None if cells else of(Library(CELL, (), (Column(model, "*"),)))))


def name_of_entity(value: Value) -> str:
    """What an entity is called: by its class or by a text."""
    for a in value.alternatives:
        if isinstance(a.shape, Blueprint) and a.shape.node.name:
            return a.shape.node.name
        if isinstance(a.shape, Library) and a.shape.path:
            return a.shape.path[-1]
    return text_of(value) or "an entity"


def entities(value: Value, model: str) -> Value:
    """Records that can save themselves."""
    return Value(tuple(Alternative(entity(a.shape, model), a.under) for a in value.alternatives))


def entity(shape: Shape, model: str) -> Shape:
    """One record that can save itself."""
    if isinstance(shape, Array):
        items = tuple(entities(v, model) for v in shape.items) if shape.items is not None else None
        return Array(items, entities(shape.element, model))
    if isinstance(shape, Unknown) and any(isinstance(o, Stored) and not o.path for o in shape.origins):
        rest = Unknown(shape.origins, Truth.MAYBE, is_checked=shape.is_checked)
        return Object((), of(rest), Entity(model, is_new=False))
    return shape


def draft(model: str, contents: Value) -> Value:
    """A record that is not stored yet."""
    found: list[Value] = []
    for a in contents.alternatives:
        shape = a.shape
        if isinstance(shape, Object):
            new = Object(shape.fields, shape.rest, Entity(model, is_new=True))
        else:
            new = Object((), Value((a,)), Entity(model, is_new=True))
        found.append(Value((Alternative(new, a.under),)))
    return unite(*found)


def of_entity(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """A method of a record: https://sequelize.org/docs/v6/core-concepts/model-instances/."""
    shape = owner.alternatives[0].shape
    if not isinstance(shape, Object) or not isinstance(shape.brand, Entity):
        return None
    model = shape.brand.model
    if name in {"save", "update", "increment", "decrement", "set", "restore"}:
        contents = given.at(0) if given.values else of(Object(shape.fields, shape.rest if shape.brand.is_new else None))
        stored(shape, shape.brand, f"{model}.{name}", contents, calling)
        return of(Promise(owner, NO_FACTS, PLAIN))
    if name in {"destroy", "remove", "softRemove"}:
        calling.may_fail()
        calling.emit(EffectKind.DELETE, model, f"{model}.{name}", key=shape.rest)
        return of(Promise(owner, NO_FACTS, PLAIN))
    if name in {"reload", "validate"}:
        return of(Promise(owner))
    if name in {"get", "toJSON"}:
        field = text_of(given.at(0)) if given.values else None
        return calling.member(owner, field) if field else of(Object(shape.fields, shape.rest))
    return None


def stored(shape: Object, brand: Entity, what: str, contents: Value, calling: Calling) -> None:
    """A record that is saved."""
    kind = EffectKind.INSERT if brand.is_new else EffectKind.WRITE
    calling.may_fail()
    calling.emit(kind, brand.model, what, key=None if brand.is_new else shape.rest, data=contents)


def is_callback(value: Value) -> bool:
    """Whether a value is a function of the repository."""
    return any(isinstance(a.shape, Closure) for a in value.alternatives)


READ, INSERT, WRITE, DELETE = EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE
__all__ = ["COUNT", "DELETE", "FIRST", "INSERT", "MANY", "NONE", "READ", "SURELY", "WRITE", "Entity", "Method", "run"]
