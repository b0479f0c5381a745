"""Values that travel with a request: Node's `AsyncLocalStorage`, of which only its reader knows what it holds."""

from __future__ import annotations

from contextvars import ContextVar

from analyzers.flow.facts import Strength, Unfollowed, authenticated
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import UNDEFINED_VALUE, Alternative, Library, Truth, Unknown, Value, unite
from analyzers.knowledge.rows import Shelf, gives, made

STORAGE = "async_hooks#storage"
WHY = "what an AsyncLocalStorage holds"


_entered: ContextVar[bool] = ContextVar("entered", default=False)
"""Whether the execution is inside some `run(store, callback)`: the framework calls an action outside of any."""


def stored(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getStore()`: nothing at the top of an action; inside `run`, what was put there, a principal for instance."""
    if not _entered.get():
        return UNDEFINED_VALUE
    maybe = authenticated(WHY, calling.span, Strength.POSSIBLE)
    there = Unknown(frozenset({Unfollowed(WHY)}), Truth.TRUTHY)
    return unite(UNDEFINED_VALUE, Value((Alternative(there, maybe),)))


def run(library: Library, given: Arguments, calling: Calling) -> Value:
    """`run(store, callback, ...args)`; what the callback promises is settled inside."""
    token = _entered.set(True)
    try:
        return calling.call(given.at(1), Arguments(given.values[2:], given.rest))
    finally:
        _entered.reset(token)


def left(library: Library, given: Arguments, calling: Calling) -> Value:
    """`exit(callback, ...args)`."""
    return calling.call(given.at(0), Arguments(given.values[1:], given.rest))


SHELVES = (
    Shelf(
        frozenset({"async_hooks", "node:async_hooks"}),
        "https://nodejs.org/api/async_context.html",
        makers={("AsyncLocalStorage",): made(STORAGE)},
    ),
    Shelf(
        frozenset({STORAGE}),
        "https://nodejs.org/api/async_context.html",
        {
            ("getStore",): stored,
            ("run",): run,
            ("exit",): left,
            ("enterWith",): gives(UNDEFINED_VALUE),
            ("disable",): gives(UNDEFINED_VALUE),
        },
    ),
)
