"""Sequelize: models and their instances."""

from __future__ import annotations

from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Constant,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    text_of,
    unite,
)
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
    Method,
    draft,
    entities,
    is_callback,
    run,
)
from preship.analyzers.knowledge.keys import Dialect
from preship.analyzers.knowledge.sql_pieces import of_text
from preship.analyzers.knowledge.statements import run as run_statement
from preship.analyzers.knowledge.words import part

CONNECTION, MODEL, OPERATOR = (f"sequelize#{name}" for name in ("connection", "model", "operator"))

FILTERS = Dialect(
    all_of=frozenset({"Op.and"}),
    any_of=frozenset({"Op.or"}),
    equal=frozenset({"Op.eq", "Op.in", "Op.is", "Op.contains", "Op.any", "Op.overlap"}),
    other=frozenset(
        f"Op.{name}"
        for name in (
            "ne not notIn gt gte lt lte between notBetween like notLike iLike notILike startsWith endsWith substring"
            " regexp notRegexp iRegexp match contained col all".split()
        )
    ),
)
"""https://sequelize.org/docs/v6/core-concepts/model-querying-basics/#operators"""

METHODS = {
    "findAll": Method(READ, MANY, 0),
    "findAndCountAll": Method(READ, MANY, 0),
    "findOne": Method(READ, FIRST, 0),
    "findByPk": Method(READ, FIRST, 0, in_options=False, by_id=True),
    "findOrCreate": Method(WRITE, FIRST, 0),
    "findOrBuild": Method(READ, FIRST, 0),
    "count": Method(READ, COUNT, 0),
    "sum": Method(READ, COUNT, 1),
    "max": Method(READ, COUNT, 1),
    "min": Method(READ, COUNT, 1),
    "create": Method(INSERT, SURELY, data=0),
    "bulkCreate": Method(INSERT, MANY, data=0),
    "upsert": Method(WRITE, SURELY, 0, 0, in_options=False),
    "update": Method(WRITE, NONE, 1, 0),
    "increment": Method(WRITE, NONE, 1, 0),
    "decrement": Method(WRITE, NONE, 1, 0),
    "destroy": Method(DELETE, NONE, 0),
    "restore": Method(WRITE, NONE, 0),
    "truncate": Method(DELETE, NONE),
}
"""https://sequelize.org/docs/v6/core-concepts/model-querying-finders/"""


def model(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sequelize.define('Post', columns)`, `sequelize.model('Post')`."""
    return of(Library(MODEL, (), (text_of(given.at(0)) or "a model",)))


def known_model(library: Library, name: str) -> Value | None:
    """`sequelize.models.Post`."""
    return of(Library(MODEL, (), (name,))) if library.path == ("models",) else None


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of a model."""
    name, target = library.path[-1], str(library.state[0])
    answer = entities(run(target, name, METHODS[name], given, FILTERS, calling), target)
    if name == "findAndCountAll":
        answer = obj(rows=answer, count=PLAIN)
    elif name in {"findOrCreate", "findOrBuild", "upsert"}:
        answer = of(Array((answer, PLAIN), unite(answer, PLAIN)))
    elif name == "update":
        answer = of(Array((calling.member(answer, "count"), PLAIN), PLAIN))
    elif name in {"destroy", "restore"}:
        answer = calling.member(answer, "count")
    return of(Promise(answer, NO_FACTS, PLAIN))


def built(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new Post(contents)`, `Post.build(contents)`."""
    return draft(str(library.state[0]), given.at(0) if given.values else of(Object(())))


def itself(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Post.scope('active')`."""
    return of(Library(MODEL, (), library.state))


def queried(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sequelize.query(text, { replacements, bind })`."""
    options = given.at(1)
    values = part(options, "replacements") or part(options, "bind") if len(given.values) > 1 else None
    rows = run_statement(of_text(given.at(0), values), "sequelize.query", calling)
    is_list = len(given.values) > 1 and part(options, "type") is not None
    answer = rows if is_list else of(Array((rows, PLAIN), unite(rows, PLAIN)))
    return of(Promise(answer, NO_FACTS, PLAIN))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sequelize.transaction(async (t) => …)`, or a transaction to pass on."""
    work = given.at(len(given.values) - 1) if given.values else UNDEFINED_VALUE
    if is_callback(work):
        return calling.call(work, Arguments((of(Library(f"{CONNECTION}#transaction")),)))
    return of(Promise(of(Library(f"{CONNECTION}#transaction"))))


def operator(library: Library, name: str) -> Value | None:
    """`Op.in`: a key of a filter."""
    return of(Constant(f"Op.{name}")) if library.path[-1:] == ("Op",) else None
