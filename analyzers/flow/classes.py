"""Classes: new objects, their fields and constructors, and what they inherit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preship.analyzers.flow.calling import CallingHere
from preship.analyzers.flow.calls import DEEPEST_CALL, parameters, unread, unread_library
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.origins import NOTHING
from preship.analyzers.flow.scope import Cell, Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Blueprint,
    Library,
    Native,
    Object,
    Shape,
    Unknown,
    Value,
    is_nullish,
    is_surely_nullish,
    of,
    under,
    unite,
    with_field,
)
from preship.analyzers.source import tree
from preship.analyzers.source.tree import Span


def construct(m: Machine, callee: Value, given: Arguments, frame: Frame, state: State, span: Span) -> Value:
    """`new` on a value."""
    found: list[Value] = []
    for a in callee.alternatives:
        shape = a.shape
        calling = CallingHere(m, frame, state, span)
        if isinstance(shape, Blueprint):
            found.append(under(instance(m, shape, given, frame, state, span), a.under))
        elif isinstance(shape, Library):
            made = m.knowledge.construct(shape, given, calling)
            found.append(under(made if made is not None else unread_library(shape, given, calling), a.under))
        elif isinstance(shape, Native):
            found.append(under(shape.action(calling, given), a.under))  # type: ignore[operator]
        elif not is_nullish(shape):
            found.append(unread(of(shape), given, calling, "an unknown class"))
    if not found and is_surely_nullish(callee):
        if callee.alternatives:
            frame.crash(span, state, is_call=True)
        raise PathEnded
    if not found:
        return unread(callee, given, CallingHere(m, frame, state, span), "a class that was not seen")
    return unite(*found)


def instance(m: Machine, blueprint: Blueprint, given: Arguments, frame: Frame, state: State, span: Span) -> Value:
    """A new object of a class of the repository."""
    scope = Scope(blueprint.scope, blueprint.scope.module)
    cell = scope.declare("this")
    state.store[cell] = of(Object((), None, blueprint))
    inner = Frame(blueprint.scope.module, frame.trace, (*frame.trail, span), frame.depth + 1, rounds=frame.rounds)
    inner.blueprint = blueprint
    if frame.depth >= DEEPEST_CALL:
        return m.unfollowed("calls nested too deeply", frame, state, span)
    initialise(m, blueprint, given, inner, scope, state)
    for value, path in inner.throws:
        frame.may_throw(value, path)
    return state.store.get(cell, PLAIN)


def initialise(m: Machine, blueprint: Blueprint, given: Arguments, frame: Frame, scope: Scope, state: State) -> None:
    """Fields, then the constructor, or the base's where there is none."""
    cell = scope.declare("this")
    constructor: tree.Function | None = None
    for member in blueprint.node.members:
        if member.kind == "method" and member.key == "constructor" and isinstance(member.value, tree.Function):
            constructor = member.value
        elif member.kind == "field" and not member.is_static and isinstance(member.key, str):
            value = ABSENT_VALUE if member.value is None else m.evaluate(member.value, frame, scope, state)
            set_field(cell, member.key, value, state)
    frame.this = state.store[cell]
    if constructor is not None:
        run_constructor(m, constructor, given, frame, scope, state)
        return
    initialise_inherited(m, blueprint, given, frame, scope, state)


def run_constructor(
    m: Machine, constructor: tree.Function, given: Arguments, frame: Frame, scope: Scope, state: State
) -> None:
    """Parameters, those that are fields, and the body."""
    cell = scope.declare("this")
    frame.trace.visited.add(constructor.span)
    inner = Scope(scope, scope.module)
    try:
        parameters(m, constructor, given, frame, inner, state)
        for parameter in constructor.body.parameters:
            if parameter.is_field and isinstance(parameter.pattern, tree.NamePattern):
                name = parameter.pattern.name
                set_field(cell, name, state.store.get(inner.declare(name), PLAIN), state)
        m.execute(constructor.body.statements, frame, inner, state)
    except PathEnded:
        if not frame.returns:
            raise


def set_field(cell: Cell, name: str, value: Value, state: State) -> None:
    """`this.name = value`."""
    shape = state.store[cell].alternatives[0].shape
    if isinstance(shape, Object):
        state.store[cell] = of(with_field(shape, name, value))


def initialise_base(m: Machine, base: Blueprint, given: Arguments, frame: Frame, scope: Scope, state: State) -> None:
    """Run the base's fields and constructor on the same `this`."""
    inner_scope = Scope(base.scope, base.scope.module)
    inner_cell = inner_scope.declare("this")
    cell = scope.find("this")
    if cell is None:
        return
    state.store[inner_cell] = state.store[cell]
    inner = Frame(base.scope.module, frame.trace, frame.trail, frame.depth + 1, rounds=frame.rounds)
    inner.blueprint = base
    initialise(m, base, given, inner, inner_scope, state)
    shape = state.store[inner_cell].alternatives[0].shape
    own = state.store[cell].alternatives[0].shape
    if isinstance(shape, Object) and isinstance(own, Object):
        state.store[cell] = of(replace(shape, brand=own.brand))


DEEPEST_LINEAGE = 8
"""Classes above a class that are looked at; real code has three."""


def base_of(m: Machine, blueprint: Blueprint, frame: Frame, state: State) -> Shape | None:
    """What a class extends, if that is one thing for sure."""
    if blueprint.node.base is None:
        return None
    value = m.evaluate(blueprint.node.base, frame, blueprint.scope, state)
    return value.alternatives[0].shape if len(value.alternatives) == 1 else Unknown(NOTHING)


def lineage(m: Machine, blueprint: Blueprint, frame: Frame, state: State) -> Iterator[Shape]:
    """A class and all that it extends: those of the repository, and then perhaps a library's."""
    current: Shape | None = blueprint
    for _ in range(DEEPEST_LINEAGE):
        if current is not None:
            yield current
        if not isinstance(current, Blueprint):
            return
        current = base_of(m, current, frame, state)


def initialise_inherited(
    m: Machine, blueprint: Blueprint, given: Arguments, frame: Frame, scope: Scope, state: State
) -> None:
    """What the class that a class extends makes of `this`."""
    base = base_of(m, blueprint, frame, state)
    if isinstance(base, Blueprint):
        initialise_base(m, base, given, frame, scope, state)
    elif base is not None:
        initialise_foreign(m, base, given, frame, scope, state)


def initialise_foreign(m: Machine, base: Shape, given: Arguments, frame: Frame, scope: Scope, state: State) -> None:
    """The fields of a library's class: those that it is known to have, or the message of an exception."""
    cell = scope.find("this")
    if cell is None or cell not in state.store:
        return
    calling = CallingHere(m, frame, state, frame.trail[-1])
    made = m.knowledge.construct(base, given, calling) if isinstance(base, Library) else None
    shape = made.alternatives[0].shape if made is not None and len(made.alternatives) == 1 else None
    if isinstance(shape, Object):
        for name, value in shape.fields:
            set_field(cell, name, value, state)
    elif given.values:
        set_field(cell, "message", given.values[0], state)


def super_call(m: Machine, given: Arguments, frame: Frame, scope: Scope, state: State, span: Span) -> Value:
    """`super(…)`."""
    if isinstance(frame.blueprint, Blueprint):
        initialise_inherited(m, frame.blueprint, given, frame, scope, state)
    return UNDEFINED_VALUE
