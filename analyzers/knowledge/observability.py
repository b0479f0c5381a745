"""Logs, errors, traces, figures, flags and limits: they watch the action, and change nothing that matters to others."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Library,
    Native,
    Promise,
    Value,
    of,
    unite,
)
from preship.analyzers.knowledge.rows import name_of

WATCHER = "observability#client"


def logged(library: Library, given: Arguments, calling: Calling) -> Value:
    """A line of a log, an event of a figure."""
    calling.emit(EffectKind.LOG, "", name_of(library), data=of(Array(given.values, unite(PLAIN, *given.all()))))
    return of(Library(WATCHER))


def runs_callback(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs the last function it is given, here and now, and gives what it gives."""
    functions = [v for v in given.values if any(isinstance(a.shape, Closure | Native) for a in v.alternatives)]
    return calling.call(functions[-1], Arguments((of(Library(WATCHER)),))) if functions else PLAIN


def wrapped(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that gives a function back, watched."""
    functions = [v for v in given.values if any(isinstance(a.shape, Closure | Native) for a in v.alternatives)]
    return functions[-1] if functions else given.at(0)


FLAG = of(Native("flag", None, lambda calling, given: of(Promise(PLAIN))))


def flagged(library: Library, given: Arguments, calling: Calling) -> Value:
    """`flag(options)`: a feature flag, which tells of the feature and not of who is calling."""
    return FLAG
