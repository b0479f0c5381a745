"""Statements: where paths part, meet, end and repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from preship.analyzers.flow import operators
from preship.analyzers.flow.collections import common, element_of, has_items, has_no_items, steps_in
from preship.analyzers.flow.conditions import branch
from preship.analyzers.flow.configuration import configured, unmarked
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.exceptions import caught
from preship.analyzers.flow.facts import NO_FACTS, Belongs, Fact, Facts, Owns, Strength, Valid, bounded
from preship.analyzers.flow.language import names_in
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Catcher, Frame, Machine, Target, Turn, attempt, choice_at, joined
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.patterns import assign, bind, declare_names
from preship.analyzers.flow.promises import note_unlisted
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    UNDEFINED_VALUE,
    Blueprint,
    Closure,
    Value,
    assuming,
    of,
    origins_of,
    unknown,
)
from preship.analyzers.source import tree

ROUNDS = 2
"""How often a loop's body runs: once for what it does, once for what it does after itself."""


def rounds_of(frame: Frame) -> int:
    """How often the body of a loop runs here: once in the second round of another, which has seen it after itself.

    Loops inside one another would double the work with each.
    """
    return 1 if any(each == 1 for each in frame.rounds) else ROUNDS


def hoist(statements: Sequence[tree.Statement], scope: Scope, state: State, frame: Frame) -> None:
    """Declare the names of a block; functions are there from its start."""
    for statement in statements:
        if isinstance(statement, tree.Declare):
            declare_names(statement.pattern, scope)
        elif isinstance(statement, tree.DeclareFunction):
            state.store[scope.declare(statement.name)] = of(Closure(statement.function, scope, None))
        elif isinstance(statement, tree.DeclareClass):
            state.store[scope.declare(statement.name)] = of(Blueprint(statement.value, scope))
        elif isinstance(statement, tree.Labeled):
            hoist((statement.statement,), scope, state, frame)


def execute(m: Machine, statements: Sequence[tree.Statement], frame: Frame, scope: Scope, state: State) -> None:
    """Run a block's statements. Raises `PathEnded`."""
    hoist(statements, scope, state, frame)
    begun = 0
    try:
        for statement in statements:
            begun += 1
            EXECUTORS[type(statement)](m, statement, frame, scope, state)
    finally:
        if statements and begun > m.entered.get(statements[0], 0):
            m.entered[statements[0]] = begun


def declare(m: Machine, node: tree.Declare, frame: Frame, scope: Scope, state: State) -> None:
    value = ABSENT_VALUE if node.value is None else m.evaluate(node.value, frame, scope, state)
    if not value.alternatives:
        raise PathEnded
    bind(m, node.pattern, value, frame, scope, state)


def declare_function(m: Machine, node: tree.DeclareFunction, frame: Frame, scope: Scope, state: State) -> None:
    """Hoisted; here the scope is as a closure sees it."""
    m.made(node.function, of(Closure(node.function, scope, None)), state)


def declare_class(m: Machine, node: tree.DeclareClass, frame: Frame, scope: Scope, state: State) -> None:
    """Hoisted."""


def evaluate(m: Machine, node: tree.Evaluate, frame: Frame, scope: Scope, state: State) -> None:
    value = m.evaluate(node.value, frame, scope, state)
    if not value.alternatives:
        raise PathEnded
    note_unlisted(value, frame, state, node.span)


def return_(m: Machine, node: tree.Return, frame: Frame, scope: Scope, state: State) -> None:
    value = UNDEFINED_VALUE if node.value is None else m.evaluate(node.value, frame, scope, state)
    if frame.is_async:
        value = m.settle(value, frame, state, node.span)
    frame.returns.append((value, state.fork()))
    raise PathEnded


def throw(m: Machine, node: tree.Throw, frame: Frame, scope: Scope, state: State) -> None:
    frame.throw(m.evaluate(node.value, frame, scope, state), state)


def block(m: Machine, node: tree.Block, frame: Frame, scope: Scope, state: State) -> None:
    m.execute(node.statements, frame, Scope(scope, scope.module), state)


def one(m: Machine, node: tree.Statement | None, frame: Frame, scope: Scope, state: State) -> None:
    """A statement that is the body of another."""
    if isinstance(node, tree.Block):
        block(m, node, frame, scope, state)
    elif node is not None:
        m.execute((node,), frame, Scope(scope, scope.module), state)


def if_(m: Machine, node: tree.If, frame: Frame, scope: Scope, state: State) -> None:
    entry = state.facts
    true, false = branch(m, node.test, frame, scope, state.fork())
    first = attempt(lambda s: one(m, node.then, frame, scope, s), true) if true else None
    second = attempt(lambda s: one(m, node.otherwise, frame, scope, s), false) if false else None
    note_refusal(node, entry, frame, first if second is None else second if first is None else None)
    go_on(join(first, second, choice_at(node, frame)), state)
    unmarked(state, entry)


def note_refusal(node: tree.If, entry: Facts, frame: Frame, only: State | None) -> None:
    """Note that nobody gets behind a condition unless something is the caller's, or lies within what is."""
    if only is not None and any(map(tells_whose_it_is, only.facts - entry)):
        frame.emit(EffectKind.STOP, node.span, only)


def tells_whose_it_is(fact: Fact) -> bool:
    """Whether a fact says that something is the caller's, or lies within something."""
    return isinstance(fact, Belongs) or (isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE)


def go_on(path: State | None, state: State) -> None:
    """Go on as this path, if there is one. Raises `PathEnded`."""
    if path is None:
        raise PathEnded
    state.become(path)


def try_(m: Machine, node: tree.Try, frame: Frame, scope: Scope, state: State) -> None:
    entry = state.fork()
    catcher = Catcher()
    frame.catchers.append(catcher)
    body = attempt(lambda s: block(m, node.body, frame, scope, s), state.fork())
    frame.catchers.pop()
    handled: State | None = None
    if node.handler is not None:
        handled = catch(m, node, catcher, entry, frame, scope)
    elif catcher.paths:
        for value, path in catcher.paths:
            (frame.catchers[-1].paths if frame.catchers else frame.throws).append((value, path))
        frame.may_fail(catcher.failing)
    after = join(body, handled, choice_at(node, frame))
    if node.finalizer is not None:
        after = finish(m, node.finalizer, after, entry, frame, scope)
    go_on(after, state)


def catch(m: Machine, node: tree.Try, catcher: Catcher, entry: State, frame: Frame, scope: Scope) -> State | None:
    """The handler's path: from wherever the body may have thrown, each exception by itself."""
    handler = node.handler
    if handler is None:
        return None
    place = choice_at(node, frame)

    def handle(value: Value, path: State) -> State | None:
        inner = Scope(scope, scope.module)
        if node.parameter is not None:
            bind(m, node.parameter, value, frame, inner, path)
        return attempt(lambda s: m.execute(handler.statements, frame, inner, s), path)

    reasons = caught(catcher.paths, entry, handler.span, place, catcher.failing)
    handled = [handle(value, path) for value, path in reasons]
    return joined([path for path in handled if path is not None], (place, "handled"))


def finish(
    m: Machine, finalizer: tree.Block, after: State | None, entry: State, frame: Frame, scope: Scope
) -> State | None:
    """`finally` runs on every path, those that end included."""
    start = after.fork() if after is not None else entry.fork()
    ended = attempt(lambda s: block(m, finalizer, frame, scope, s), start)
    return ended if after is not None else None


def loop(m: Machine, node: tree.Loop, frame: Frame, scope: Scope, state: State) -> None:
    inner = Scope(scope, scope.module)
    m.execute(node.initial, frame, inner, state)
    exits: list[State] = []
    path: State | None = state.fork()

    def step(s: State) -> State | None:
        if node.test is not None and (node.tests_first or frame.rounds[-1] != 0):
            true, false = branch(m, node.test, frame, inner, s)
            if false is not None:
                exits.append(false)
            return true
        return s

    for number in range(rounds_of(frame)):
        if path is None:
            break
        with frame.within(number):
            path = round_of(m, node, frame, inner, path, step, exits)
    if path is not None and (node.test is not None or not node.tests_first):
        exits.append(path)
    go_on(joined(exits, choice_at(node, frame)), state)


def round_of(
    m: Machine,
    node: tree.Loop,
    frame: Frame,
    scope: Scope,
    path: State,
    step: Callable[[State], State | None],
    exits: list[State],
) -> State | None:
    """One round of a loop: the path on which the next one starts."""
    try:
        started = step(path)
    except PathEnded:
        return None
    if started is None:
        return None
    after = body_of(m, node.body, frame, scope, started, exits)
    if after is not None and node.update is not None:
        update = node.update
        after = attempt(lambda s: _ignore(m.evaluate(update, frame, scope, s)), after)
    return after


def _ignore(value: Value) -> None:
    """An expression that stands for what it does."""


def body_of(
    m: Machine, body: tree.Statement, frame: Frame, scope: Scope, path: State, exits: list[State]
) -> State | None:
    """A loop's body: the path behind it, `continue` included; paths that `break` go to `exits`."""
    target = Target(None, is_loop=True)
    frame.targets.append(target)
    after = attempt(lambda s: one(m, body, frame, scope, s), path)
    frame.targets.pop()
    exits += target.breaks
    return joined([s for s in (after, *target.continues) if s is not None], (body.span, "continue", frame.rounds))


def iterate(m: Machine, node: tree.Iterate, frame: Frame, scope: Scope, state: State) -> None:
    iterable = m.evaluate(node.iterable, frame, scope, state)
    if node.kind == "in":
        iterable = names_in(iterable)
    steps = steps_in(iterable)
    if steps and node.kind != "await":
        in_turn(m, node, steps, frame, scope, state)
        return
    if has_no_items(iterable) and node.kind != "await":
        return
    item = unknown() if node.kind == "in" else element_of(iterable)
    if node.kind == "await":
        item = m.settle(item, frame, state, node.span)
    exits: list[State] = []
    path: State | None = state.fork()
    for number in range(rounds_of(frame)):
        if path is None:
            break
        with frame.within(number):
            path = of_item(m, node, item, frame, scope, path, exits)
    if not has_items(iterable):
        none = state.fork()
        none.facts |= proven_of(item, path.facts - common(item)) if path else NO_FACTS
        exits.insert(0, none)
    if path is not None:
        exits.append(path)
    go_on(joined(exits, choice_at(node, frame)), state)


def in_turn(m: Machine, node: tree.Iterate, items: Sequence[Value], frame: Frame, scope: Scope, state: State) -> None:
    """`for (const step of steps)`: each function of a list that is written out has its turn."""
    exits: list[State] = []
    path: State | None = state.fork()
    for number, item in enumerate(items):
        if path is None:
            break
        with frame.within(Turn(number)):
            path = of_item(m, node, item, frame, scope, path, exits)
    go_on(joined([*exits, *([path] if path else [])], choice_at(node, frame)), state)


def of_item(
    m: Machine, node: tree.Iterate, item: Value, frame: Frame, scope: Scope, path: State, exits: list[State]
) -> State | None:
    """A loop's body with an item: the path behind it."""
    inner = Scope(scope, scope.module)
    frame.prove(common(item), node.span, path)
    if node.declares is not None:
        bind(m, node.pattern, item, frame, inner, path)
    else:
        assign(m, node.pattern, item, frame, inner, path)
    return body_of(m, node.body, frame, inner, path, exits)


def proven_of(item: Value, facts: Facts) -> Facts:
    """What a whole round proved of its item: of no items, it holds as well."""
    found = origins_of(item)
    about = operators.subjects(found) | {Stored(o.model, o.key) for o in found if isinstance(o, Stored)}
    return frozenset(fact for fact in facts if isinstance(fact, Owns | Valid) and fact.subject in about)


def switch(m: Machine, node: tree.Switch, frame: Frame, scope: Scope, state: State) -> None:
    entry = state.facts
    subject = m.evaluate(node.subject, frame, scope, state)
    target = Target(None, is_loop=False)
    inner = Scope(scope, scope.module)
    frame.targets.append(target)
    waiting: State | None = state.fork()
    falling: State | None = None
    has_default = any(case.test is None for case in node.cases)
    for case in node.cases:
        entered, waiting = enter(m, case, subject, waiting, frame, inner)
        start = join(falling, entered, (case.span, frame.rounds))
        falling = None
        if start is not None:
            falling = attempt(lambda s, c=case: m.execute(c.statements, frame, inner, s), start)  # type: ignore[misc]
    frame.targets.pop()
    exits = [*target.breaks, *([falling] if falling else []), *([waiting] if waiting and not has_default else [])]
    go_on(joined(exits, choice_at(node, frame)), state)
    unmarked(state, entry)


def enter(
    m: Machine, case: tree.Case, subject: Value, waiting: State | None, frame: Frame, scope: Scope
) -> tuple[State | None, State | None]:
    """The path that enters a case, and the one that tries the next."""
    if waiting is None:
        return None, None
    if case.test is None:
        return waiting.fork(), waiting
    matched = operators.equal(subject, m.evaluate(case.test, frame, scope, waiting), case.span)
    yes, no = assuming(matched, truthy=True), assuming(matched, truthy=False)
    entered = waiting.fork() if yes else None
    if entered is not None and yes is not None:
        frame.prove(yes[1], case.span, entered)
    if no is not None:
        waiting.facts = bounded(waiting.facts | no[1])
    return configured(case.test, matched, entered, waiting if no is not None else None)


def break_(m: Machine, node: tree.Break, frame: Frame, scope: Scope, state: State) -> None:
    for target in reversed(frame.targets):
        if node.label is None or target.label == node.label:
            target.breaks.append(state.fork())
            break
    raise PathEnded


def continue_(m: Machine, node: tree.Continue, frame: Frame, scope: Scope, state: State) -> None:
    for target in reversed(frame.targets):
        if target.is_loop and (node.label is None or target.label == node.label):
            target.continues.append(state.fork())
            break
    raise PathEnded


def labeled(m: Machine, node: tree.Labeled, frame: Frame, scope: Scope, state: State) -> None:
    target = Target(node.label, is_loop=isinstance(node.statement, tree.Loop | tree.Iterate))
    frame.targets.append(target)
    after = attempt(lambda s: one(m, node.statement, frame, scope, s), state.fork())
    frame.targets.pop()
    go_on(joined([s for s in (after, *target.breaks) if s is not None], choice_at(node, frame)), state)


def unreadable(m: Machine, node: tree.Unreadable, frame: Frame, scope: Scope, state: State) -> None:
    m.evaluate(node, frame, scope, state)


EXECUTORS: dict[type, Callable[..., None]] = {
    tree.Declare: declare,
    tree.DeclareFunction: declare_function,
    tree.DeclareClass: declare_class,
    tree.Evaluate: evaluate,
    tree.Return: return_,
    tree.Throw: throw,
    tree.Block: block,
    tree.If: if_,
    tree.Try: try_,
    tree.Loop: loop,
    tree.Iterate: iterate,
    tree.Switch: switch,
    tree.Break: break_,
    tree.Continue: continue_,
    tree.Labeled: labeled,
    tree.Unreadable: unreadable,
}
