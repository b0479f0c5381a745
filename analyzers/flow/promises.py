"""Awaiting: when the facts and the failures of a promise arrive."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.calling import CallingHere
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Strength, authenticated, together
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Frame, Machine, outcome
from preship.analyzers.flow.origins import Failure, Input, Request, Unfollowed
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    Alternative,
    Array,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    of,
    under,
)
from preship.analyzers.source.tree import Span


def settle(m: Machine, value: Value, frame: Frame, state: State, span: Span) -> Value:
    """Await a value: its facts hold from here on, and its failure is thrown here."""
    found: list[tuple[Value, State]] = []
    changed = False
    for a in value.alternatives:
        if isinstance(a.shape, Unknown) and (package := unlisted(a.shape)) is not None:
            changed = True
            path = state.fork() if len(value.alternatives) > 1 else state
            found.append((Value((answered(a, a.shape, package, frame, path, span),)), path))
            pass_unless_refused(a.shape, package, frame, path, span)
            continue
        if not isinstance(a.shape, Promise | Library | Array):
            found.append((Value((a,)), state))
            continue
        path = state.fork() if len(value.alternatives) > 1 else state
        if path is not state:
            path.facts = together(path.facts, a.under)
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
            frame.may_fail(() if is_made_by_the_code(shape.rejection) else (Failure(span),))
        if not shape.value.alternatives:
            raise PathEnded
        frame.prove(shape.facts, span, state)
        return m.settle(shape.value, frame, state, span)
    if isinstance(shape, Library):
        result = m.knowledge.awaited(shape, CallingHere(m, frame, state, span))
        return result if result is not None else of(shape)
    return of(shape)


def is_made_by_the_code(rejection: Value) -> bool:
    """Whether all that is thrown are exceptions that the project makes itself."""
    return bool(rejection.alternatives) and all(isinstance(a.shape, Object) for a in rejection.alternatives)


def unlisted(shape: Unknown) -> Unfollowed | None:
    """The call of a library that nothing is known of, where a value is what it promises."""
    lost = (o for o in shape.origins if isinstance(o, Unfollowed) and o.package and not o.is_settled)
    return min(lost, key=str, default=None)


def note_unlisted(value: Value, frame: Frame, state: State, span: Span) -> None:
    """What a call gives whose answer nobody looks at: it was made for what it does, and may not be waited for."""
    for a in value.alternatives:
        if isinstance(a.shape, Unknown) and (call := unlisted(a.shape)) is not None:
            answered(a, a.shape, call, frame, state, span)


def pass_unless_refused(shape: Unknown, call: Unfollowed, frame: Frame, state: State, span: Span) -> None:
    """Go on behind a function that may have thrown because nobody is signed in, told nothing but the request.

    What clients of a library are asked to do is work, and no question of who is calling.
    """
    if call.may_refuse and not shape.callbacks and not any(isinstance(o, Input) for o in shape.origins):
        frame.prove(authenticated(call.why, span, Strength.POSSIBLE), span, state)


def answered(a: Alternative, shape: Unknown, call: Unfollowed, frame: Frame, state: State, span: Span) -> Alternative:
    """What such a call answers: told nothing but the request, it may have asked who is calling.

    What it did with what else it was told, or in the server's name, could not be seen.
    """
    told = {type(o) for o in shape.origins}
    if told - {Unfollowed, Request}:
        frame.emit(EffectKind.UNSEEN, span, state, call.package, call.what)
    origins = frozenset(replace(o, is_settled=True) if isinstance(o, Unfollowed) else o for o in shape.origins)
    maybe = NO_FACTS if Input in told else authenticated(call.why, span, Strength.POSSIBLE)
    # What was handed to the call has run by now.
    return a._replace(shape=replace(shape, origins=origins, when_true=shape.when_true | maybe, callbacks=()))
