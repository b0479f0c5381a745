"""SQL drivers: tags that bind their values, and calls that take a text and its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Array, Closure, Library, Native, Object, Promise, Value, obj, of, unite
from preship.analyzers.knowledge.keys import listed
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql_pieces import of_call, of_template, of_text, parts_in
from preship.analyzers.knowledge.sql_tokens import Part, Raw
from preship.analyzers.knowledge.statements import run

Shaped = Callable[[Value], Value]
"""How a driver hands the rows of an answer over."""


def rows(answer: Value) -> Value:
    """As a list."""
    return answer


def result(answer: Value) -> Value:
    """As `{ rows, rowCount }`."""
    if any(isinstance(a.shape, Object) for a in answer.alternatives):
        return answer
    return obj(PLAIN, rows=answer)


def pair(answer: Value) -> Value:
    """As `[rows, fields]`."""
    return of(Array((answer, PLAIN), unite(answer, PLAIN)))


def results(answer: Value) -> Value:
    """As `{ results }`."""
    return obj(PLAIN, results=answer)


def queried(shaped: Shaped) -> Handler:
    """`client.query(text, values)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        answer = shaped(run(of_call(given), what_of(library), calling))
        for value in given.values[1:]:
            if any(isinstance(a.shape, Closure) for a in value.alternatives):
                calling.aside(value, Arguments((PLAIN, answer)))
        return of(Promise(answer, rejection=PLAIN))

    return handle


def what_of(library: Library) -> str:
    """What a finding calls it: `pool.query`."""
    return ".".join((library.root.split("#")[-1], *library.path))


def tagged(shaped: Shaped) -> Callable[[Library, Sequence[str], Sequence[Value], Calling], Value]:
    """`sql`…`` that is sent at once."""

    def template(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
        return of(Promise(shaped(run(of_template(strings, values), "sql", calling)), rejection=PLAIN))

    return template


def connected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pool.connect()`: a client like the pool, promised, or given to a callback."""
    client = of(Library(library.root))
    if any(isinstance(a.shape, Closure) for a in given.at(0).alternatives):
        calling.aside(given.at(0), Arguments((PLAIN, client, of(Native("done", None, lambda inner, rest: PLAIN)))))
    return of(Promise(client))


# --- postgres.js: a query is sent when it is awaited ---------------------------------------------------------------

POSTGRES, QUERY = "sql#sql", "sql#query"


def written(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`sql`…``: a statement, or a piece of one."""
    return of(Library(QUERY, (), (tuple(of_template(strings, values)), calling.span, *values)))


def unsafe(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.unsafe(text, values)`."""
    parts = of_text(given.at(0), given.at(1) if len(given.values) > 1 else None)
    return of(Library(QUERY, (), (tuple(parts), calling.span, given.at(0))))


def piece(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql(values)`, `sql('column')`, `sql(text, values)`."""
    if (
        len(given.values) > 1
        and parts_in(given.at(1)) is None
        and any(isinstance(a.shape, Array) for a in given.at(1).alternatives)
    ):
        parts = of_call(given)
        return of(Library(QUERY, (), (tuple(parts), calling.span, *given.values)))
    return given.at(0)


def sent(library: Library, calling: Calling) -> Value:
    """A statement is sent when it is awaited."""
    return run(parts_of(library), "sql", calling)


def parts_of(library: Library) -> tuple[Part, ...]:
    """What a statement consists of."""
    found = library.state[0]
    return found if isinstance(found, tuple) else ()


def same(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.values()`, `.simple()`."""
    return of(Library(QUERY, (), library.state))


def then(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.then(…)`, `.catch(…)`."""
    owner = of(Library(QUERY, (), library.state))
    if library.path[-1] == "catch":
        return calling.continued(owner, None, given.at(0))
    return calling.continued(owner, given.at(0), given.at(1) if len(given.values) > 1 else None)


def begun(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.begin(async (sql) => …)`."""
    work = given.at(len(given.values) - 1) if given.values else PLAIN
    value = calling.as_one(work, Arguments((of(Library(library.root)),)))
    return of(Promise(calling.gathered(value)[0])) if has_list(value) else value


def has_list(value: Value) -> bool:
    return any(isinstance(a.shape, Array) for a in value.alternatives)


def gathered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.transaction([…])`, `client.batch([…])`."""
    value, facts, rejection = calling.gathered(given.at(0))
    return of(Promise(value, facts, rejection))


def batch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.batch([{ sql, args }, …])`."""
    answers = [result(run(of_call(Arguments((item,))), "client.batch", calling)) for item in listed(given.at(0))]
    return of(Promise(of(Array(tuple(answers), unite(PLAIN, *answers))), rejection=PLAIN))


def raw_piece(library: Library, given: Arguments, calling: Calling) -> Value:
    """`raw(text)`."""
    return of(Library("sql#piece", (), ((Raw(given.at(0)),), given.at(0))))


def a_piece(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`SQL`…`` that something else runs."""
    return of(Library("sql#piece", (), (tuple(of_template(strings, values)), *values)))


POOL, MYSQL, VERCEL, NEON, LIBSQL = (f"sql#{name}" for name in ("pool", "connection", "db", "neon", "client"))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.transaction(async (tx) => …)`, or a transaction to be committed by hand."""
    if any(isinstance(a.shape, Closure) for a in given.at(0).alternatives):
        return begun(library, given, calling)
    return of(Promise(of(Library(LIBSQL))))


tag_of_rows = tagged(rows)

tag_of_result = tagged(result)
