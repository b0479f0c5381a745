"""Awaiting: when the facts and the failures of a promise arrive."""

from __future__ import annotations

from analyzers.flow.calling import CallingHere
from analyzers.flow.library import PathEnded
from analyzers.flow.machine import Frame, Machine, outcome
from analyzers.flow.state import State
from analyzers.flow.values import (
    Array,
    Library,
    Promise,
    Value,
    of,
    under,
)
from analyzers.source.tree import Span


def settle(m: Machine, value: Value, frame: Frame, state: State, span: Span) -> Value:
    """Await a value: its facts hold from here on, and its failure is thrown here."""
    found: list[tuple[Value, State]] = []
    changed = False
    for a in value.alternatives:
        if not isinstance(a.shape, Promise | Library | Array):
            found.append((Value((a,)), state))
            continue
        path = state.fork() if len(value.alternatives) > 1 else state
        try:
            settled = settle_one(m, a.shape, frame, path, span)
        except PathEnded:
            changed = True
            continue
        changed = True
        found.append((under(settled, a.under), path))
    if not changed:
        return value
    if not found:
        raise PathEnded
    if len(found) == 1:
        state.become(found[0][1])
        return found[0][0]
    result = outcome([(v, p if p is not state else state.fork()) for v, p in found], (span, "await"))
    assert result is not None  # noqa: S101
    state.become(result[1])
    return result[0]


def settle_one(m: Machine, shape: Promise | Library | Array, frame: Frame, state: State, span: Span) -> Value:
    """Await one thing."""
    if isinstance(shape, Promise):
        if shape.rejection is not None:
            frame.may_throw(shape.rejection, state)
        if not shape.value.alternatives:
            raise PathEnded
        frame.prove(shape.facts, span, state)
        return m.settle(shape.value, frame, state, span)
    if isinstance(shape, Library):
        result = m.knowledge.awaited(shape, CallingHere(m, frame, state, span))
        return result if result is not None else of(shape)
    return of(shape)
