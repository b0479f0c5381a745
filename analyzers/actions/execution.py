"""Runs one action as an anonymous caller would: with arguments of their choice, and nothing proven."""

from __future__ import annotations

from preship.analyzers.actions.capturing import captured
from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.endings import unreached
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.parameters import DeclaredParameter, input_of, parameters_of
from preship.analyzers.actions.public import public_by_design
from preship.analyzers.actions.requests import Sent
from preship.analyzers.flow.budget import OUT_OF_STEPS, OutOfSteps
from preship.analyzers.flow.effects import MOST_EFFECTS, Effect, EffectKind, Trace
from preship.analyzers.flow.exceptions import thrown
from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.interpreter import Interpreter
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame
from preship.analyzers.flow.origins import REST, Input
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    NEVER,
    Closure,
    Object,
    Value,
    of,
    unknown,
)
from preship.analyzers.source import tree


def execute(
    interpreter: Interpreter, action: ServerAction, steps: int | None = None, proven: Facts = NO_FACTS
) -> ActionFacts:
    """Execute an action, in so many steps. Never raises: what could not be followed is among its effects.

    `proven` is what code in front of a handler of requests has proven of whoever gets to it.
    """
    interpreter.start(steps)
    trace = Trace()
    frame = Frame(action.path, trace, (), 0)
    state = interpreter.begun()
    span = tree.Span(action.path, action.line, action.end_line, 0, 0)
    result = NEVER
    parameters: tuple[DeclaredParameter, ...] = ()
    is_whole, is_cut_off = True, False
    try:
        callee, state = callee_of(interpreter, action, frame, steps)
        parameters = parameters_of(callee)
        state.facts |= proven
        result = interpreter.invoke(callee, arguments_of(action, callee), frame, state, span)
        result = interpreter.settle(result, frame, state, span)
        frame.emit(EffectKind.RETURN, span, state, data=result)
    except PathEnded:
        pass
    except RecursionError:
        frame.emit(EffectKind.UNSEEN, span, state, what="code nested too deeply")
        is_whole = False
    except OutOfSteps:
        frame.emit(EffectKind.UNSEEN, span, state, what=OUT_OF_STEPS)
        is_whole, is_cut_off = False, True
    for place, why in unreached(interpreter, action, trace) if is_whole else ():
        frame.emit(EffectKind.UNSEEN, place, interpreter.begun(), what=why)
    made = made_by_the_code(frame)
    if made.alternatives:
        frame.emit(EffectKind.THROW, span, interpreter.begun(), data=made)
    effects = tuple(trace.effects.values())
    if trace.overflowed:
        effects = (*effects, Effect(EffectKind.UNSEEN, span, "", f"more than {MOST_EFFECTS} effects"))
    return ActionFacts(
        action.path,
        action.name,
        action.line,
        action.end_line,
        effects,
        result,
        frozenset(trace.visited),
        parameters,
        public_by_design(effects),
        frozenset(trace.handed_over),
        frozenset(trace.crashes),
        action.name_in_code,
        action.address,
        is_cut_off,
    )


def made_by_the_code(frame: Frame) -> Value:
    """The exceptions that leave an action and that its own code has made."""
    left = thrown(frame.throws)
    return Value(tuple(a for a in left.alternatives if isinstance(a.shape, Object))) if left is not None else NEVER


def callee_of(interpreter: Interpreter, action: ServerAction, frame: Frame, steps: int | None) -> tuple[Value, State]:
    """The function that the framework calls, and what it has captured of a render, which takes steps of its own."""
    if action.form != "inline":
        if action.function is not None and action.name is None:
            return closure_in_module(interpreter, action.function, action.path), interpreter.begun()
        return interpreter.exported(action.path, action.name or "default", frame), interpreter.begun()
    assert action.function is not None  # noqa: S101
    made = captured(interpreter, action) if action.enclosing else None
    interpreter.start(steps)
    return made or (closure_in_module(interpreter, action.function, action.path), interpreter.begun())


def closure_in_module(interpreter: Interpreter, function: tree.Function, path: str) -> Value:
    """A function as if it stood at the top of its module."""
    scope = interpreter.modules.scope(path)
    return of(Closure(function, scope if scope is not None else Scope(None, path)))


def arguments_of(action: ServerAction, callee: Value) -> Arguments:
    """Whatever the caller likes."""
    if action.address:
        return Sent(action.address, action.name or "").handed
    for a in callee.alternatives:
        if isinstance(a.shape, Closure):
            sent = [input_of(p, i) for i, p in enumerate(a.shape.function.body.parameters) if not p.is_rest]
            return Arguments(tuple(unknown({each}) for each in sent), unknown({Input(REST)}))
    return Arguments((unknown({Input("input")}),), unknown({Input("input")}))
