"""What MongoDB's driver and Mongoose share: filters, updates, and which method does what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    NULL_VALUE,
    Array,
    Constant,
    Library,
    Object,
    Value,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, both, conditions, equal, filtered, listed, unnamed
from preship.analyzers.knowledge.queries import COUNT, FIRST, MANY, NONE, SUMMED, Column, Query
from preship.analyzers.knowledge.words import part

FILTERS = Dialect(
    all_of=frozenset({"$and"}),
    any_of=frozenset({"$or"}),
    equal=frozenset({"$eq", "$in", "$all"}),
    within=frozenset({"$elemMatch"}),
    other=frozenset(
        "$ne $nin $nor $not $gt $gte $lt $lte $exists $type $expr $jsonSchema $mod $regex $options $text $where $size"
        " $geoIntersects $geoWithin $near $nearSphere $bitsAllSet $comment".split()
    ),
    matches_all='{"$ne": null}',
)
"""https://www.mongodb.com/docs/manual/reference/operator/query/"""

CELL = "mongo#cell"
"""The root of a column of a result."""


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of a collection does."""

    kind: EffectKind
    answers: str
    filter: int | None = None
    """Which argument chooses the records."""

    data: int | None = None
    """Which argument is written."""

    by_id: bool = False
    """Whether that argument is the id itself."""

    options: int | None = None
    """Which argument names the columns."""


READ, INSERT, WRITE, DELETE = EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE

METHODS = {
    "find": Method(READ, MANY, 0, options=1),
    "findOne": Method(READ, FIRST, 0, options=1),
    "findById": Method(READ, FIRST, 0, by_id=True, options=1),
    "exists": Method(READ, FIRST, 0),
    "distinct": Method(READ, MANY, 1),
    "count": Method(READ, COUNT, 0),
    "countDocuments": Method(READ, COUNT, 0),
    "estimatedDocumentCount": Method(READ, COUNT),
    "create": Method(INSERT, FIRST, data=0),
    "insertOne": Method(INSERT, NONE, data=0),
    "insertMany": Method(INSERT, MANY, data=0),
    "bulkWrite": Method(WRITE, NONE, data=0),
    "bulkSave": Method(WRITE, NONE, data=0),
    "updateOne": Method(WRITE, NONE, 0, 1),
    "updateMany": Method(WRITE, NONE, 0, 1),
    "update": Method(WRITE, NONE, 0, 1),
    "replaceOne": Method(WRITE, NONE, 0, 1),
    "findOneAndUpdate": Method(WRITE, FIRST, 0, 1),
    "findOneAndReplace": Method(WRITE, FIRST, 0, 1),
    "findByIdAndUpdate": Method(WRITE, FIRST, 0, 1, by_id=True),
    "deleteOne": Method(DELETE, NONE, 0),
    "deleteMany": Method(DELETE, NONE, 0),
    "remove": Method(DELETE, NONE, 0),
    "findOneAndDelete": Method(DELETE, FIRST, 0),
    "findOneAndRemove": Method(DELETE, FIRST, 0),
    "findByIdAndDelete": Method(DELETE, FIRST, 0, by_id=True),
    "findByIdAndRemove": Method(DELETE, FIRST, 0, by_id=True),
}
"""https://mongoosejs.com/docs/api/model.html and
https://mongodb.github.io/node-mongodb-native/6.9/classes/Collection.html"""


def query(model: str, name: str, method: Method, given: Arguments, calling: Calling) -> Query:
    """The query that a call of a collection's method is."""
    key = key_of(given.at(method.filter), by_id=method.by_id) if method.filter is not None else None
    data = given.at(method.data) if method.data is not None else None
    if method.kind is READ and method.filter is not None:
        data = unnamed(given.at(method.filter), key)
    found = Query(
        method.kind,
        f"{model}.{name}",
        model,
        calling.span,
        key if key != EVERYTHING else None,
        written(data) if data is not None and method.kind is WRITE else data,
        answers=method.answers,
        absent=NULL_VALUE,
        is_single=method.answers == FIRST,
        conditions=conditions(given.at(method.filter), FILTERS) if method.filter is not None else None,
        traits=SUMMED if name == "exists" else NO_TRAITS,
    )
    options = given.at(method.options) if method.options is not None else None
    return found if options is None else with_columns(found, options)


def key_of(value: Value, *, by_id: bool = False) -> Value:
    """The key of a filter, or of an id."""
    is_filter = any(isinstance(a.shape, Object) for a in value.alternatives)
    return equal("_id", value) if by_id and not is_filter else filtered(value, FILTERS)


def counted(update: Value) -> Value:
    """`$inc: { views: 1 }` as what it does to each column: it is counted up, and not set."""
    found: list[Value] = []
    for a in update.alternatives:
        if isinstance(a.shape, Object):
            fields = tuple((name, of(Object((("increment", value),)))) for name, value in a.shape.fields)
            found.append(Value((a._replace(shape=replace(a.shape, fields=fields)),)))
        else:
            found.append(Value((a,)))
    return unite(*found)


def written(update: Value) -> Value:
    """What an update puts into a record, whatever the operator."""
    found: list[Value] = []
    for a in update.alternatives:
        shape = a.shape
        if isinstance(shape, Object):
            operators = [
                counted(value) if name == "$inc" else value for name, value in shape.fields if name.startswith("$")
            ]
            plain = tuple((name, value) for name, value in shape.fields if not name.startswith("$"))
            found += [of(replace(shape, fields=plain))] if plain or shape.rest or not operators else []
            found += operators
        else:
            found.append(Value((a,)))
    are_objects = all(isinstance(a.shape, Object) and a.shape.rest is None for v in found for a in v.alternatives)
    return both(*found) if found and are_objects else unite(*found)


def with_columns(found: Query, options: Value) -> Query:
    """The query with the columns that a projection names: text, an object of flags, or `{ projection }`."""
    text = text_of(options)
    if text is not None:
        names = [word for word in text.split() if word[0] not in "-+"]
        return replace(found, columns=row(found.table, names))
    projection = part(options, "projection")
    for a in (projection or options).alternatives:
        if isinstance(a.shape, Object) and a.shape.fields:
            flags = {k: v.alternatives[0].shape for k, v in a.shape.fields if v.alternatives}
            if all(isinstance(f, Constant) for f in flags.values()):
                names = [k for k, f in flags.items() if isinstance(f, Constant) and f.value in (1, True)]
                return replace(found, columns=row(found.table, names))
    return found


def row(table: str, names: list[str]) -> Value:
    """A row of these columns; of all but a few where none is named."""
    cells = tuple((name, cell(table, name)) for name in ("_id", *names)) if names else ()
    return of(Object(cells, None if names else cell(table, "*")))


def cell(table: str, name: str) -> Value:
    """One column."""
    return of(Library(CELL, (), (Column(table, name),)))


def aggregated(model: str, given: Arguments, calling: Calling) -> Query:
    """`aggregate(pipeline)`: what its first stages match chooses the records."""
    matches: list[Value] = []
    for a in given.at(0).alternatives:
        for stage in listed(Value((a,))) if isinstance(a.shape, Array) else []:
            match = part(stage, "$match")
            if match is not None and match is not stage:
                matches.append(match)
    key = both(*map(key_of, matches))
    what = f"{model}.aggregate"
    return Query(
        READ,
        what,
        model,
        calling.span,
        None if key == EVERYTHING else key,
        columns=row(model, []),
        conditions=conditions(unite(*matches), FILTERS),
        traits=SUMMED,
    )
