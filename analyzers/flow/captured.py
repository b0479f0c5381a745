"""What a call sees of the variables around the functions that take part in it."""

from __future__ import annotations

from preship.analyzers.flow.scope import Cell
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import Blueprint, Closure, Native, Unknown, Value, parts_of, possible
from preship.analyzers.source import tree
from preship.analyzers.source.once import once
from preship.analyzers.source.walk import within_function

MOST_CAPTURED = 48
"""Variables that are compared for one call. A logger with its formatters sees about ten."""

DEEPEST_VALUE = 4
"""Objects inside a value that are searched for functions, as in arguments."""


class _Unknowable(Exception):
    """What a function sees cannot be listed."""


def captured(callee: Closure, values: tuple[Value, ...], state: State) -> frozenset[tuple[Cell, Value]] | None:
    """The variables of this path which the callee, and the functions in what it is given, may read; None if too many.

    Each with what it holds as far as the path leaves it.
    """
    found: dict[Cell, Value] = {}
    try:
        _see(callee, state, found)
        for value in values:
            _look_into(value, state, found, DEEPEST_VALUE)
    except _Unknowable:
        return None
    return frozenset(found.items())


def _see(closure: Closure, state: State, found: dict[Cell, Value]) -> None:
    for name in names_in(closure.function):
        cell = closure.scope.find(name)
        value = state.store.get(cell) if cell is not None else None
        if cell is None or value is None or cell in found:
            continue
        if len(found) == MOST_CAPTURED:
            raise _Unknowable
        found[cell] = possible(value, state.facts)
        _look_into(value, state, found, DEEPEST_VALUE)
    for value in (*closure.bound, closure.this):
        _look_into(value, state, found, DEEPEST_VALUE)


def _look_into(value: Value | None, state: State, found: dict[Cell, Value], depth: int) -> None:
    for a in value.alternatives if value is not None else ():
        if isinstance(a.shape, Closure):
            _see(a.shape, state, found)
        elif isinstance(a.shape, Native) or (isinstance(a.shape, Blueprint) and a.shape.scope.parent is not None):
            raise _Unknowable
        elif isinstance(a.shape, Unknown):
            for callback in a.shape.callbacks:
                _see(callback, state, found)
        else:
            for part in parts_of(a.shape):
                if part is not None and part.holds_functions:
                    if depth == 0:
                        raise _Unknowable
                    _look_into(part, state, found, depth - 1)


@once
def names_in(function: tree.Function) -> tuple[str, ...]:
    """The names that the code of a function mentions, `this` among them."""
    found = {node.name: None for node in within_function(function) if isinstance(node, tree.Name)}
    return (*found, "this", "arguments")
