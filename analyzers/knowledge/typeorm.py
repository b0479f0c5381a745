"""TypeORM: repositories, the entity manager, and its query builder."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Array, Library, Object, Promise, Value, is_nullish, of, text_of, unite
from preship.analyzers.knowledge.builders import query_of, step, with_key
from preship.analyzers.knowledge.entities import (
    COUNT,
    DELETE,
    FIRST,
    INSERT,
    MANY,
    NONE,
    READ,
    SURELY,
    WRITE,
    Entity,
    Method,
    draft,
    entities,
    is_callback,
    name_of_entity,
    run,
    stored,
)
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, either, equal
from preship.analyzers.knowledge.queries import SURE, Query, perform
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql_conditions import key_of_condition
from preship.analyzers.knowledge.sql_pieces import of_call, of_text, raw_text_in
from preship.analyzers.knowledge.statements import run as run_statement

SOURCE, REPOSITORY, BUILDER = (f"typeorm#{name}" for name in ("source", "repository", "builder"))

FILTERS = Dialect(skips_undefined=True)
"""https://typeorm.io/docs/working-with-entity-manager/find-options"""

METHODS = {
    "find": Method(READ, MANY, 0),
    "findBy": Method(READ, MANY, 0, in_options=False),
    "findAndCount": Method(READ, MANY, 0),
    "findAndCountBy": Method(READ, MANY, 0, in_options=False),
    "findOne": Method(READ, FIRST, 0),
    "findOneBy": Method(READ, FIRST, 0, in_options=False),
    "findOneOrFail": Method(READ, SURELY, 0),
    "findOneByOrFail": Method(READ, SURELY, 0, in_options=False),
    "findOneById": Method(READ, FIRST, 0, in_options=False, by_id=True),
    "count": Method(READ, COUNT, 0),
    "countBy": Method(READ, COUNT, 0, in_options=False),
    "exist": Method(READ, COUNT, 0),
    "exists": Method(READ, COUNT, 0),
    "existsBy": Method(READ, COUNT, 0, in_options=False),
    "sum": Method(READ, COUNT, 1, in_options=False),
    "insert": Method(INSERT, NONE, data=0),
    "update": Method(WRITE, NONE, 0, 1, in_options=False),
    "upsert": Method(WRITE, NONE, 0, 0, in_options=False),
    "increment": Method(WRITE, NONE, 0, 2, in_options=False),
    "decrement": Method(WRITE, NONE, 0, 2, in_options=False),
    "delete": Method(DELETE, NONE, 0, in_options=False),
    "softDelete": Method(DELETE, NONE, 0, in_options=False),
    "restore": Method(WRITE, NONE, 0, in_options=False),
    "clear": Method(DELETE, NONE),
}
"""https://typeorm.io/docs/working-with-entity-manager/repository-api"""


def repository(library: Library, given: Arguments, calling: Calling) -> Value:
    """`source.getRepository(Post)`."""
    return of(Library(REPOSITORY, (), (name_of_entity(given.at(0)),)))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of a repository."""
    return found(str(library.state[0]), library.path[-1], given, calling)


def called_on_manager(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same method of the manager, whose first argument is the entity."""
    return found(name_of_entity(given.at(0)), library.path[-1], given.without_first(), calling)


def found(target: str, name: str, given: Arguments, calling: Calling) -> Value:
    """What a method gives."""
    answer = entities(run(target, name, METHODS[name], given, FILTERS, calling), target)
    if name.startswith("findAndCount"):
        answer = of(Array((answer, PLAIN), unite(answer, PLAIN)))
    return of(Promise(answer, NO_FACTS, PLAIN))


def made_here(library: Library, given: Arguments, calling: Calling) -> Value:
    """`repository.create(contents)`: not stored yet."""
    return draft(str(library.state[0]), given.at(0) if given.values else of(Object(())))


def saved(library: Library, given: Arguments, calling: Calling) -> Value:
    """`repository.save(entity)`: an insert, unless it was loaded before or carries an id."""
    target = str(library.state[0]) if library.state else ""
    for value in given.all():
        for a in value.alternatives:
            shape = a.shape
            if isinstance(shape, Object) and isinstance(shape.brand, Entity):
                stored(shape, shape.brand, f"{shape.brand.model}.save", of(Object(shape.fields)), calling)
            elif not is_nullish(shape):
                keep(target or "an entity", Value((a,)), calling)
    return of(Promise(given.at(len(given.values) - 1) if not library.state else given.at(0), NO_FACTS, PLAIN))


def keep(target: str, contents: Value, calling: Calling) -> None:
    """A plain object is saved: by its id, if it has one."""
    shape = contents.alternatives[0].shape
    ids = [v for k, v in shape.fields if k in {"id", "_id", "uuid"}] if isinstance(shape, Object) else [contents]
    kind = EffectKind.WRITE if ids else EffectKind.INSERT
    calling.emit(kind, target, f"{target}.save", key=equal("id", unite(*ids)) if ids else None, data=contents)


def removed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`repository.remove(entity)`."""
    for value in given.all():
        for a in value.alternatives:
            if isinstance(a.shape, Object) and isinstance(a.shape.brand, Entity):
                model = a.shape.brand.model
                calling.emit(EffectKind.DELETE, model, f"{model}.remove", key=a.shape.rest)
    return of(Promise(given.at(0), NO_FACTS, PLAIN))


def equals(library: Library, given: Arguments, calling: Calling) -> Value:
    """`In(ids)`, `Equal(id)`: the value itself."""
    return given.at(0)


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`source.transaction(async (manager) => …)`."""
    work = given.at(len(given.values) - 1) if given.values else PLAIN
    return calling.call(work, Arguments((of(Library(SOURCE)),))) if is_callback(work) else of(Promise(PLAIN))


def queried(library: Library, given: Arguments, calling: Calling) -> Value:
    """`source.query(text, values)`."""
    return of(Promise(run_statement(of_call(given), "typeorm.query", calling), NO_FACTS, PLAIN))


# --- the query builder ---------------------------------------------------------------------------------------------


def builder(library: Library, given: Arguments, calling: Calling) -> Value:
    """`repository.createQueryBuilder('post')`."""
    name = str(library.state[0]) if library.state else name_of_entity(given.at(0))
    return of(Library(BUILDER, (), (Query(READ, f"{name}.createQueryBuilder", name, calling.span),)))


def where(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.where('post.id = :id', { id })`."""
    values = given.at(1) if len(given.values) > 1 else None
    query = replace(query, raw=raw_text_in(given.at(0)) or query.raw)
    return with_key(query, key_of_condition(of_text(given.at(0), values)))


def or_where(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.orWhere(…)`."""
    values = given.at(1) if len(given.values) > 1 else None
    key = either(query.key or EVERYTHING, key_of_condition(of_text(given.at(0), values)))
    return replace(query, key=None if key == EVERYTHING else key)


def turned(kind: EffectKind) -> Handler:
    """`.update(Post)`, `.delete()`, `.insert()`."""

    def change(query: Query, given: Arguments, calling: Calling) -> Query:
        name = name_of_entity(given.at(0)) if given.values and text_of(given.at(0)) is None else query.table
        is_data = given.values and any(isinstance(a.shape, Object) for a in given.at(0).alternatives)
        return replace(
            query,
            kind=kind,
            table=query.table if is_data else name,
            answers=NONE,
            data=given.at(0) if is_data else None,
        )

    return step(change)


def about(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.from(Post, 'post')`, `.into(Post)`."""
    return replace(query, table=name_of_entity(given.at(0)))


def written(query: Query, given: Arguments, calling: Calling) -> Query:
    """`.set(contents)`, `.values(contents)`."""
    return replace(query, data=given.at(0))


def ran(answers: str | None) -> Handler:
    """`.getOne()`, `.getMany()`, `.execute()`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = query_of(library)
        if answers is not None:
            query = replace(query, answers=answers, traits=SURE if answers == SURELY else NO_TRAITS)
        return of(Promise(entities(perform(query, calling), query.table), NO_FACTS, PLAIN))

    return handle
