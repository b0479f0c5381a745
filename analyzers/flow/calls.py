"""Calls: functions of the repository are executed, libraries asked of the knowledge, the rest is opaque."""

from __future__ import annotations

from dataclasses import replace

from analyzers.flow import operators
from analyzers.flow.collections import element_of
from analyzers.flow.effects import Client, EffectKind
from analyzers.flow.facts import NO_FACTS, Caught, Facts, Unfollowed
from analyzers.flow.library import Arguments, PathEnded
from analyzers.flow.machine import Catcher, Frame, Machine, Summary, outcome, thrown
from analyzers.flow.patterns import bind
from analyzers.flow.scope import Scope
from analyzers.flow.state import State, join
from analyzers.flow.values import (
    NEVER,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Library,
    Namespace,
    Native,
    Object,
    Promise,
    Unknown,
    Value,
    is_nullish,
    of,
    origins_of,
    possible,
    under,
    unite,
    unknown,
)
from analyzers.source import tree
from analyzers.source.tree import Span

DEEPEST_CALL = 28
"""Calls inside one another. The deepest guard seen in real code lies nine calls down."""

MOST_RECURSIONS = 2
"""Activations of one function inside one another."""


class CallingHere:
    """A call under way, as the knowledge sees it."""

    __slots__ = ("_frame", "_machine", "_state", "span")

    def __init__(self, machine: Machine, frame: Frame, state: State, span: Span) -> None:
        self._machine, self._frame, self._state, self.span = machine, frame, state, span

    @property
    def facts(self) -> Facts:
        """What the path has proven."""
        return self._state.facts

    def emit(
        self,
        kind: EffectKind,
        target: str,
        what: str,
        *,
        key: Value | None = None,
        data: Value | None = None,
        client: Client = Client.SERVER,
    ) -> None:
        """Note an effect."""
        self._frame.emit(kind, self.span, self._state, target, what, key=key, data=data, client=client)

    def prove(self, facts: Facts) -> None:
        """Facts that hold from here on."""
        self._frame.prove(facts, self.span, self._state)

    def call(self, function: Value, arguments: Arguments, this: Value | None = None) -> Value:
        """Call a function value here."""
        return self._machine.invoke(function, arguments, self._frame, self._state, self.span, this)

    def aside(self, function: Value, arguments: Arguments) -> Value:
        """Call a function that may be called or not: what it does happens, what it proves does not hold behind it."""
        entry = self._state.fork()
        inner = self._state.fork()
        try:
            result = self._machine.invoke(function, arguments, self._frame, inner, self.span)
            result = self._machine.settle(result, self._frame, inner, self.span)
        except PathEnded:
            return NEVER
        result = under(result, inner.facts - entry.facts)
        merged = join(inner, entry, (self.span, "aside", self._frame.rounds))
        if merged is not None:
            self._state.become(merged)
        return result

    def continued(self, promise: Value, fulfilled: Value | None, rejected: Value | None) -> Value:
        """`promise.then(fulfilled, rejected)`."""
        entry = self._state.facts
        path = self._state.fork()
        results: list[tuple[Value, State]] = []
        catcher = Catcher()
        self._frame.catchers.append(catcher)
        try:
            value = self._machine.settle(promise, self._frame, path, self.span)
            if fulfilled is not None:
                value = self._machine.invoke(fulfilled, Arguments((value,)), self._frame, path, self.span)
                value = self._machine.settle(value, self._frame, path, self.span)
            results.append((value, path))
        except PathEnded:
            pass
        finally:
            self._frame.catchers.pop()
        rejection = unite(*[v for v, _ in catcher.paths]) if catcher.paths else None
        if rejected is not None:
            path = self._state.fork()
            reason = unite(unknown({Caught()}), rejection) if rejection else unknown({Caught()})
            rejection = None
            inner = Catcher()
            self._frame.catchers.append(inner)
            try:
                value = self._machine.invoke(rejected, Arguments((reason,)), self._frame, path, self.span)
                results.append((self._machine.settle(value, self._frame, path, self.span), path))
            except PathEnded:
                pass
            finally:
                self._frame.catchers.pop()
            if inner.paths:
                rejection = unite(*[v for v, _ in inner.paths])
        result = outcome(results, (self.span, "then", self._frame.rounds))
        if result is None:
            return of(Promise(NEVER, NO_FACTS, rejection))
        self._state.store = result[1].store
        return of(Promise(result[0], result[1].facts - entry, rejection))

    def gathered(self, promises: Value) -> tuple[Value, Facts, Value | None]:
        """All of a list of promises: their values, the facts that hold once all are there, what one may throw."""
        path = self._state.fork()
        catcher = Catcher()
        self._frame.catchers.append(catcher)
        value = NEVER
        try:
            value = self._gather(promises, path)
        except PathEnded:
            pass
        finally:
            self._frame.catchers.pop()
        rejection = unite(*[v for v, _ in catcher.paths]) if catcher.paths else None
        facts = path.facts - self._state.facts
        self._state.store = path.store
        return value, facts, rejection

    def _gather(self, promises: Value, path: State) -> Value:
        found: list[Value] = []
        for a in promises.alternatives:
            shape = a.shape
            if not isinstance(shape, Array):
                found.append(of(Array(None, self._machine.settle(element_of(of(shape)), self._frame, path, self.span))))
                continue
            items = shape.items
            if items is not None:
                items = tuple(self._machine.settle(v, self._frame, path, self.span) for v in items)
                found.append(of(Array(items, unite(UNDEFINED_VALUE, *items))))
            else:
                element = self._machine.settle(shape.element, self._frame, path.fork(), self.span)
                found.append(of(Array(None, element)))
        return unite(*found)

    def run_callbacks(self, value: Value) -> None:
        """Functions handed to code that is not read may be called with anything."""
        for a in value.alternatives:
            if isinstance(a.shape, Closure):
                self.aside(of(a.shape), Arguments((), unknown({Unfollowed("a callback's argument")})))

    def member(self, value: Value, name: str) -> Value:
        """A property of a value."""
        return self._machine.member(value, name, self._frame, self._state, self.span)

    def settle(self, value: Value) -> Value:
        """Await a value."""
        return self._machine.settle(value, self._frame, self._state, self.span)

    def may_fail(self) -> None:
        """The call may throw instead."""
        self._frame.may_throw(PLAIN, self._state)

    def end(self) -> None:
        """The path ends by a throw. Raises `PathEnded`."""
        self._frame.throw(PLAIN, self._state)

    def throw(self, value: Value) -> None:
        """The path ends by throwing this. Raises `PathEnded`."""
        self._frame.throw(value, self._state)

    def unseen(self, why: str) -> None:
        """Note something that could not be followed."""
        self._frame.emit(EffectKind.UNSEEN, self.span, self._state, what=why)


def invoke(
    m: Machine, callee: Value, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None = None
) -> Value:
    """Call a value: each thing that it may be, on a path of its own."""
    given = Arguments(tuple(possible(v, state.facts) for v in given.values), given.rest)
    alternatives = [a for a in callee.alternatives if not is_nullish(a.shape)]
    if not alternatives:
        frame.throw(PLAIN, state)
    if len(alternatives) == 1:
        return one(m, alternatives[0], given, frame, state, span, this)
    paths: list[tuple[Value, State]] = []
    for a in alternatives:
        path = state.fork()
        try:
            paths.append((one(m, a, given, frame, path, span, this), path))
        except PathEnded:
            continue
    result = outcome(paths, (span, "callee", frame.rounds))
    if result is None:
        raise PathEnded
    state.become(result[1])
    return result[0]


def one(
    m: Machine, callee: Alternative, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Call one thing."""
    shape = callee.shape
    calling = CallingHere(m, frame, state, span)
    if isinstance(shape, Closure):
        return closure(m, shape, given, frame, state, span, this)
    if isinstance(shape, Native):
        return shape.action(calling, given)  # type: ignore[operator,no-any-return]
    if isinstance(shape, Library):
        result = m.knowledge.call(shape, given, calling)
        return result if result is not None else unread_library(shape, given, calling)
    return unread(of(shape), given, calling, "a value that could not be followed is called")


def unread_library(library: Library, given: Arguments, calling: CallingHere) -> Value:
    """A call that the knowledge has nothing to say of: its callbacks may run."""
    for value in given.all():
        calling.run_callbacks(value)
    name = ".".join((library.root, *library.path))
    result = operators.opaque((of(library), *given.all()), f"{name}()", calling.span)
    return result


def unread(callee: Value, given: Arguments, calling: CallingHere, why: str) -> Value:
    """A call of something unknown: its callbacks may run, its result may tell what went in."""
    for value in given.all():
        calling.run_callbacks(value)
    return operators.opaque((callee, *given.all()), why, calling.span)


def closure(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Call a function of the repository."""
    if callee.bound:
        given = Arguments((*callee.bound, *given.values), given.rest)
    this = callee.this if callee.this is not None else this
    if (callee.scope.parent is None and this is None) or is_plain_module_call(callee, this):
        return apply(m.summary(callee, given, frame), frame, state, span, callee.function)
    if frame.depth >= DEEPEST_CALL or m.active(callee.function) >= MOST_RECURSIONS:
        return m.unfollowed("calls nested too deeply", frame, state, span)
    return inline(m, callee, given, frame, state, span, this)


def is_plain_module_call(callee: Closure, this: Value | None) -> bool:
    """Whether a function stands at the top of its module and its `this` can only be the module's namespace."""
    if callee.scope.parent is not None or callee.this is not None or this is None:
        return False
    return all(isinstance(a.shape, Namespace) for a in this.alternatives)


def apply(summary: Summary, frame: Frame, state: State, span: Span, function: tree.Function) -> Value:
    """A summary, at the place of a call."""
    trail = (*frame.trail, span)
    for effect in summary.trace.effects.values():
        frame.trace.add(replace(effect, facts=effect.facts | state.facts, trail=(*trail, *effect.trail)))
    frame.trace.visited |= summary.trace.visited
    frame.trace.overflowed |= summary.trace.overflowed
    if function.is_async:
        return of(Promise(summary.value if summary.returns else NEVER, summary.facts, summary.rejection))
    if summary.rejection is not None:
        frame.may_throw(summary.rejection, state)
    if not summary.returns:
        raise PathEnded
    frame.prove(summary.facts, span, state)
    return summary.value


def inline(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Execute a function that sees variables of its surroundings, on the path of the call."""
    function = callee.function
    inner = Frame(
        module=callee.scope.module,
        trace=frame.trace,
        trail=(*frame.trail, span),
        depth=frame.depth + 1,
        is_async=function.is_async,
        rounds=frame.rounds,
    )
    entry = state.facts
    path = state.fork()
    result = run(m, callee, given, inner, path, this)
    outcomes = outcome(result, (function.span, span, frame.rounds))
    rejection = thrown(inner.throws)
    if function.is_generator:
        yielded = unite(*[v for v, _ in inner.returns]) if inner.returns else PLAIN
        return of(Array(None, yielded))
    if function.is_async:
        if outcomes is None:
            return of(Promise(NEVER, NO_FACTS, rejection))
        value, after = outcomes
        state.store = after.store
        return of(Promise(value, after.facts - entry, rejection))
    if rejection is not None:
        for value, thrown_state in inner.throws:
            frame.may_throw(value, thrown_state)
    if outcomes is None:
        raise PathEnded
    value, after = outcomes
    state.become(after)
    return value


def run(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, this: Value | None
) -> list[tuple[Value, State]]:
    """Execute a function's body: the values it returns and the paths on which it does."""
    function = callee.function
    scope = Scope(callee.scope, callee.scope.module)
    if not function.is_arrow or this is not None:
        state.store[scope.declare("this")] = this or UNDEFINED_VALUE
        frame.this = this
    if not function.is_arrow:
        state.store[scope.declare("arguments")] = of(
            Array(None if given.rest else given.values, unite(PLAIN, *given.all()))
        )
    frame.trace.visited.add(function.span)
    with m.activation(function):
        try:
            parameters(m, function, given, frame, scope, state)
            m.execute(function.body.statements, frame, scope, state)
        except PathEnded:
            return frame.returns
    return [*frame.returns, (UNDEFINED_VALUE, state)]


def parameters(m: Machine, function: tree.Function, given: Arguments, frame: Frame, scope: Scope, state: State) -> None:
    """Bind a function's parameters to the arguments of a call."""
    from analyzers.flow.patterns import defaulted

    for index, parameter in enumerate(function.body.parameters):
        if parameter.is_rest:
            items = None if given.rest else given.values[index:]
            element = unite(*given.all()[index:]) if given.all()[index:] else UNDEFINED_VALUE
            value = of(Array(items, element))
        else:
            value = given.at(index)
            if parameter.default is not None:
                value = defaulted(m, value, parameter.default, frame, scope, state)
        bind(m, parameter.pattern, value, frame, scope, state)


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
    if not found:
        raise PathEnded
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
    from analyzers.flow.values import with_field

    cell = scope.declare("this")
    constructor: tree.Function | None = None
    for member in blueprint.node.members:
        if member.kind == "method" and member.key == "constructor" and isinstance(member.value, tree.Function):
            constructor = member.value
        elif member.kind == "field" and not member.is_static and isinstance(member.key, str):
            value = UNDEFINED_VALUE if member.value is None else m.evaluate(member.value, frame, scope, state)
            for a in state.store[cell].alternatives[:1]:
                if isinstance(a.shape, Object):
                    state.store[cell] = of(with_field(a.shape, member.key, value))
    frame.this = state.store[cell]
    if constructor is None:
        base = base_of(m, blueprint, frame, state)
        if base is not None:
            initialise_base(m, base, given, frame, scope, state)
        return
    frame.trace.visited.add(constructor.span)
    inner = Scope(scope, scope.module)
    try:
        parameters(m, constructor, given, frame, inner, state)
        for parameter in constructor.body.parameters:
            if parameter.is_field and isinstance(parameter.pattern, tree.NamePattern):
                value = state.store.get(inner.declare(parameter.pattern.name), PLAIN)
                shape = state.store[cell].alternatives[0].shape
                if isinstance(shape, Object):
                    state.store[cell] = of(with_field(shape, parameter.pattern.name, value))
        m.execute(constructor.body.statements, frame, inner, state)
    except PathEnded:
        if not frame.returns:
            raise


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


def base_of(m: Machine, blueprint: Blueprint, frame: Frame, state: State) -> Blueprint | None:
    """The class that a class extends, if it is of the repository."""
    if blueprint.node.base is None:
        return None
    value = m.evaluate(blueprint.node.base, frame, blueprint.scope, state)
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    return shape if isinstance(shape, Blueprint) else None


def super_call(m: Machine, given: Arguments, frame: Frame, scope: Scope, state: State, span: Span) -> Value:
    """`super(…)`."""
    if isinstance(frame.blueprint, Blueprint):
        base = base_of(m, frame.blueprint, frame, state)
        if base is not None:
            initialise_base(m, base, given, frame, scope, state)
            return UNDEFINED_VALUE
    cell = scope.find("this")
    shape = state.store[cell].alternatives[0].shape if cell is not None and cell in state.store else None
    if isinstance(shape, Object) and cell is not None and given.values:
        from analyzers.flow.values import with_field

        state.store[cell] = of(with_field(shape, "message", given.values[0]))
    return UNDEFINED_VALUE


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


__all__ = ["CallingHere", "Constant", "Summary", "Unknown", "construct", "invoke", "origins_of", "settle", "super_call"]
