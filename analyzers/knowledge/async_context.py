"""`AsyncLocalStorage`: what a caller puts around a call, and what is read from there without being passed."""

from __future__ import annotations

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import ABSENT_VALUE, UNDEFINED_VALUE, Library, Value, of

STORAGE = "node:async_hooks#storage"


def storage(library: Library, given: Arguments, calling: Calling) -> Value:
    """A storage is told from others by where it is made."""
    return of(Library(STORAGE, (), (calling.span,)))


def store(library: Library, given: Arguments, calling: Calling) -> Value:
    """What the nearest `run` around this call has put there; outside of any, nothing was seen to."""
    found = calling.ambient(library.state)
    return found if found is not None else ABSENT_VALUE


def run(library: Library, given: Arguments, calling: Calling) -> Value:
    return calling.call_within(library.state, given.at(0), given.at(1), given.without_first(2))


def leave(library: Library, given: Arguments, calling: Calling) -> Value:
    return calling.call_within(library.state, UNDEFINED_VALUE, given.at(0), given.without_first())
