"""SQLite and Cloudflare D1: a statement is prepared, bound and run."""

from __future__ import annotations

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Array, Library, Promise, Value, of, unite
from preship.analyzers.knowledge.keys import listed
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.sql import results, what_of
from preship.analyzers.knowledge.sql_pieces import arguments_as_list, of_call, of_text
from preship.analyzers.knowledge.statements import run

STATEMENT, DATABASE, D1, D1_STATEMENT = (f"sql#{name}" for name in ("statement", "database", "d1", "d1-statement"))


def prepared(root: str) -> Handler:
    """`db.prepare(text)`."""
    return lambda library, given, calling: of(Library(root, (), (given.at(0), None)))


def bound(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.bind(…)`."""
    return of(Library(library.root, (), (library.state[0], arguments_as_list(given))))


def answer_of(library: Library, given: Value | None, calling: Calling) -> Value:
    """What running a prepared statement gives."""
    text, values = library.state
    assert isinstance(text, Value)  # noqa: S101
    values = given if given is not None else values
    return run(of_text(text, values if isinstance(values, Value) else None), what_of(library), calling)


def ran(library: Library, given: Arguments, calling: Calling) -> Value:
    """SQLite's `.get(…)`, `.all(…)`, `.run(…)` answer at once."""
    answer = answer_of(library, arguments_as_list(given), calling)
    return calling.member(answer, "0") if library.path[-1] == "get" else answer


def ran_at_the_edge(library: Library, given: Arguments, calling: Calling) -> Value:
    """D1's `.first()`, `.all()`, `.run()`, `.raw()`."""
    answer = answer_of(library, None, calling)
    if library.path[-1] == "first":
        return of(Promise(calling.member(answer, "0"), rejection=PLAIN))
    return of(Promise(answer if library.path[-1] == "raw" else results(answer), rejection=PLAIN))


def script(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.exec(text)`."""
    return of(Promise(run(of_text(given.at(0), None), f"db.{library.path[-1]}", calling)))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.transaction(f)` gives a function like `f`."""
    return given.at(0)


def batch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.batch([statement, …])`."""
    answers: list[Value] = []
    for item in listed(given.at(0)):
        for a in item.alternatives:
            if isinstance(a.shape, Library) and a.shape.root == D1_STATEMENT:
                ready = Library(D1_STATEMENT, ("all",), a.shape.state)
                answers.append(calling.settle(ran_at_the_edge(ready, Arguments(), calling)))
    return of(Promise(of(Array(tuple(answers), unite(PLAIN, *answers))), rejection=PLAIN))


def first(library: Library, given: Arguments, calling: Calling) -> Value:
    """`db.get(text, …values)`: the first row."""
    return of(Promise(calling.member(run(of_call(given), what_of(library), calling), "0"), rejection=PLAIN))
