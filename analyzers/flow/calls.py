"""Calls: functions of the repository are executed, libraries asked of the knowledge, the rest is opaque."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from preship.analyzers.flow import operators
from preship.analyzers.flow.calling import CallingHere, their_own
from preship.analyzers.flow.collections import arguments_in
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.exceptions import thrown
from preship.analyzers.flow.facts import NO_FACTS, Facts, Strength, authenticated, together
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame, Machine, Summary, outcome
from preship.analyzers.flow.origins import GIVEN_BEFORE, PUT_LATER, REST, Caught, Failure, Input, Unfollowed
from preship.analyzers.flow.patterns import bind
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    NEVER,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Library,
    Namespace,
    Native,
    Promise,
    Truth,
    Unknown,
    Value,
    callbacks_in,
    is_nullish,
    is_surely_nullish,
    of,
    origins_of,
    parts_of,
    possible,
    text_of,
    unite,
    unknown,
)
from preship.analyzers.source import tree
from preship.analyzers.source.tree import Span

DEEPEST_CALL = 28
"""Calls inside one another. The deepest guard seen in real code lies nine calls down."""

DEEPEST_ARGUMENT = 4
"""Objects inside an argument that are searched for functions; options with callbacks are two deep in real code."""

MOST_RECURSIONS = 2
"""Activations of one function inside one another: like the rounds of a loop, the second shows all that matters."""


EFFECTS_OF_A_STEP = 8
"""Effects of a function that is known already which are noted again in the time of one step."""

VISITS_OF_A_STEP = 256
"""Functions that it has executed which are noted again in that time."""


def invoke(
    m: Machine, callee: Value, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None = None
) -> Value:
    """Call a value: each thing that it may be, on a path of its own."""
    values = tuple([possible(v, state.facts) for v in given.values])
    given = Arguments(values, given.rest, given.behind)
    alternatives = [a for a in callee.alternatives if not is_nullish(a.shape)]
    if not alternatives and is_surely_nullish(callee):
        if callee.alternatives:
            frame.crash(span, state, is_call=True)
        raise PathEnded
    if not alternatives:
        return unread(UNDEFINED_VALUE, given, CallingHere(m, frame, state, span), "a function that was not seen")
    if len(alternatives) == 1:
        return one(m, alternatives[0], given, frame, state, span, this)
    paths: list[tuple[Value, State]] = []
    for a in alternatives:
        path = state.fork()
        path.facts = together(path.facts, a.under)
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
        if shape.path[1:] and shape.path[-1] == "bind":
            # A method bound to its owner: `db.select.bind(db)`.
            return of(replace(shape, path=shape.path[:-1]))
        if is_called_on_its_owner(shape, given.at(0)):
            function = of(replace(shape, path=shape.path[:-1]))
            behind = given.without_first() if shape.path[-1] == "call" else arguments_in(given.at(1))
            return invoke(m, function, behind, frame, state, span, given.at(0))
        result = m.knowledge.call(shape, given, calling)
        return result if result is not None else unread_library(shape, given, calling)
    if is_installed(callee):
        m.unfollowed("a function that other code installs", frame, state, span)
    return unread(of(shape), given, calling, "a value that could not be followed is called")


def is_installed(callee: Alternative) -> bool:
    """Whether all that is known of a function is that a variable holds it which other code fills."""
    found = origins_of(Value((callee,)))
    return bool(found) and all(isinstance(o, Unfollowed) and o.what in {PUT_LATER, GIVEN_BEFORE} for o in found)


def is_called_on_its_owner(library: Library, this: Value) -> bool:
    """Whether a method is called by way of what every function has: `db.post.delete.call(db.post, …)`."""
    if library.path[-1:] not in {("call",), ("apply",)}:
        return False
    owner = replace(library, path=library.path[:-2])
    return any(a.shape == owner for a in this.alternatives)


def unread_library(library: Library, given: Arguments, calling: CallingHere) -> Value:
    """A call that the knowledge has nothing to say of: its callbacks may run."""
    run_handed_over(of(library), given, calling)
    calling.note_failure(is_unread=True)
    package = library.root.partition("#")[0]
    may_refuse = calling.is_unheard_of(library.root)
    lost = Unfollowed(call_of(".".join(library.path)), package, may_refuse=may_refuse)
    return operators.opaque((of(library), *given.all()), lost, calling.span)


def call_of(name: str) -> str:
    """How a call of a library's function is written; empty where the library itself is called."""
    called = name.removeprefix("default").removeprefix(".")
    return f"{called}()" if called else ""


def unread(callee: Value, given: Arguments, calling: CallingHere, why: str, name: str = "") -> Value:
    """A call of something unknown: its callbacks may run, its result may tell what went in.

    `name` is that of the method, if it is one.
    """
    run_handed_over(callee, given, calling)
    run_kept(callee, calling)
    calling.note_failure(is_unread=True)
    package = min((o.package for o in origins_of(callee) if isinstance(o, Unfollowed)), default="")
    lost = Unfollowed(call_of(name), package) if package else Unfollowed(why)
    return operators.opaque((callee, *given.all()), lost, calling.span)


def run_handed_over(callee: Value, given: Arguments, calling: CallingHere) -> None:
    """The functions handed to code that is not read may be called; one for the event `error` gets an exception.

    Code that is handed the session as well may call them only where there is one: `match(session).with(…)`.
    https://nodejs.org/api/events.html#error-events
    """
    knows = any(operators.is_identity(origins_of(value)) for value in (callee, *given.all()))
    may_be_known = authenticated("the code that calls it", calling.span, Strength.POSSIBLE) if knows else NO_FACTS
    is_for_failures = text_of(given.at(0)) == "error"
    failure = Caught(by=calling.span, sources=frozenset({Failure(calling.span)}))
    for value in given.all():
        first = unknown({failure}, Truth.TRUTHY) if is_for_failures else None
        calling.run_callbacks(value, first, may_be_known)


def run_kept(callee: Value, calling: CallingHere) -> None:
    """What unread code has made of functions of the repository calls them, with what it is given or what it knows.

    It may have asked before who is calling.
    """
    for kept in callbacks_in((callee,)):
        may_be_known = authenticated("the code that calls it", calling.span, Strength.POSSIBLE)
        given = Arguments((), unknown({Unfollowed("a callback's argument")}))
        calling.aside(of(kept), given, may_be_known, their_own(kept))


def closure(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Call a function of the repository."""
    result = executed(m, callee, given, frame, state, span, this)
    if callee.scope.module != frame.module:
        frame.trace.hand_over(callee.scope.module, result)
    return result


def executed(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Execute a function of the repository, or take what is remembered of it."""
    if callee.bound:
        given = replace(given, values=(*callee.bound, *given.values))
    this = callee.this if callee.this is not None else this
    stands_alone = (callee.scope.parent is None and this is None) or is_plain_module_call(callee, this)
    if stands_alone and not any(sees_variables(v, state) for v in given.all()):
        return apply(m.summary(callee, given, frame, state), frame, state, span, callee.function)
    if m.active(callee.function) >= MOST_RECURSIONS:
        return unknown({Unfollowed("a recursion")})
    if frame.depth >= DEEPEST_CALL:
        return m.unfollowed("calls nested too deeply", frame, state, span)
    known = m.seen_before(callee, given, this, frame, state)
    if known is not None:
        return apply(known, frame, state, span, callee.function)
    return inline(m, callee, given, frame, state, span, this)


def sees_variables(value: Value | None, state: State, depth: int = DEEPEST_ARGUMENT) -> bool:
    """Whether an argument holds a function that sees variables of this path: what the call does depends on them."""
    if value is None or depth == 0 or not value.holds_functions:
        return False
    return any(
        (isinstance(a.shape, Closure) and captures(a.shape, state))
        or (isinstance(a.shape, Unknown) and any(captures(each, state) for each in a.shape.callbacks))
        or isinstance(a.shape, Native)
        or any(sees_variables(part, state, depth - 1) for part in parts_of(a.shape))
        for a in value.alternatives
    )


def captures(closure: Closure, state: State) -> bool:
    """Whether a function was made by an activation that this path has variables of."""
    scope: Scope | None = closure.scope
    while scope is not None and scope.parent is not None:
        if any(cell in state.store for cell in scope.cells.values()):
            return True
        scope = scope.parent
    return False


def is_plain_module_call(callee: Closure, this: Value | None) -> bool:
    """Whether a function stands at the top of its module and its `this` can only be the module's namespace."""
    if callee.scope.parent is not None or callee.this is not None or this is None:
        return False
    return all(isinstance(a.shape, Namespace) for a in this.alternatives)


def apply(summary: Summary, frame: Frame, state: State, span: Span, function: tree.Function) -> Value:
    """A summary, at the place of a call."""
    effects, visited = summary.history.effects, summary.history.visited
    for effect in brought(effects, state.facts, (*frame.trail, span)):
        frame.trace.add(effect)
    frame.trace.include(summary.history)
    frame.may_fail(summary.failing)
    state.meter.take(len(effects) // EFFECTS_OF_A_STEP + len(visited) // VISITS_OF_A_STEP)
    if function.is_async:
        return of(Promise(summary.value if summary.returns else NEVER, summary.facts, summary.rejection))
    if summary.rejection is not None:
        frame.may_throw(summary.rejection, state)
    if not summary.returns:
        raise PathEnded
    frame.prove(summary.facts, span, state)
    return summary.value


def brought(effects: Iterable[Effect], held: Facts, trail: tuple[Span, ...]) -> Iterator[Effect]:
    """The effects of a call where some facts hold; those that share their facts, or their trail, go on to do so."""
    joined: dict[int, Facts] = {}
    trails: dict[int, tuple[Span, ...]] = {}
    for effect in effects:
        facts = joined.get(id(effect.facts))
        if facts is None:
            facts = joined[id(effect.facts)] = effect.facts | held
        behind = trails.get(id(effect.trail))
        if behind is None:
            behind = trails[id(effect.trail)] = (*trail, *effect.trail)
        yield effect.at(facts, behind)


def inline(
    m: Machine, callee: Closure, given: Arguments, frame: Frame, state: State, span: Span, this: Value | None
) -> Value:
    """Execute a function that sees variables of its surroundings, on the path of the call."""
    function = callee.function
    left = state.meter.left
    inner = Frame(
        module=callee.scope.module,
        trace=frame.trace,
        trail=(*frame.trail, span),
        depth=frame.depth + 1,
        is_async=function.is_async,
        rounds=(*frame.rounds, span),
    )
    entry = state.facts
    path = state.fork()
    result = run(m, callee, given, inner, path, this)
    outcomes = outcome(result, (function.span, span, frame.rounds))
    rejection = thrown(inner.throws, entry)
    frame.may_fail(inner.failing)
    m.steps_in[function] += left - state.meter.left
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


def told_by_name(value: Value, pattern: tree.Pattern) -> Value:
    """One of the arguments that a wrapper hands on without a look, by the name that it has from here on."""
    is_handed_on = any(isinstance(a.shape, Unknown) and Input(REST) in a.shape.origins for a in value.alternatives)
    if not isinstance(pattern, tree.NamePattern) or not is_handed_on:
        return value
    name = Input(REST, (pattern.name,))
    return Value(
        tuple(
            a._replace(shape=replace(a.shape, origins=(a.shape.origins - {Input(REST)}) | {name}))
            if isinstance(a.shape, Unknown) and Input(REST) in a.shape.origins
            else a
            for a in value.alternatives
        )
    )


def parameters(m: Machine, function: tree.Function, given: Arguments, frame: Frame, scope: Scope, state: State) -> None:
    """Bind a function's parameters to the arguments of a call."""
    from preship.analyzers.flow.patterns import defaulted

    count = len(function.body.parameters)
    for index, parameter in enumerate(function.body.parameters):
        if parameter.is_rest:
            items = None if given.rest else given.values[index:]
            element = unite(*given.all()[index:]) if given.all()[index:] else ABSENT_VALUE
            value = of(Array(items, element))
        else:
            value = given.for_parameter(index, count)
            if given.rest is not None and index >= len(given.values):
                value = told_by_name(value, parameter.pattern)
            if parameter.default is not None:
                value = defaulted(m, value, parameter.default, frame, scope, state)
        bind(m, parameter.pattern, value, frame, scope, state)
