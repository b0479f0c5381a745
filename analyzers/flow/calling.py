"""A call under way, as the knowledge of libraries sees it."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.flow.collections import common, element_of
from preship.analyzers.flow.effects import NO_TRAITS, Client, Conditions, EffectKind, Sink, Trait
from preship.analyzers.flow.exceptions import Thrown, caught, thrown
from preship.analyzers.flow.facts import NO_FACTS, Facts, Owns
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Catcher, Frame, Machine, Turn, outcome
from preship.analyzers.flow.origins import Failure, Unfollowed
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.transactions import calls_by_it, proven_at_its_end
from preship.analyzers.flow.values import (
    NEVER,
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Closure,
    Library,
    Native,
    Object,
    Promise,
    Value,
    of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source.tree import Span
from preship.analyzers.source.walk import is_within


class CallingHere:
    """A call under way, as the knowledge sees it."""

    __slots__ = ("_frame", "_machine", "_state", "span")

    def __init__(self, machine: Machine, frame: Frame, state: State, span: Span) -> None:
        self._machine, self._frame, self._state, self.span = machine, frame, state, span

    @property
    def facts(self) -> Facts:
        """What the path has proven."""
        return self._state.facts

    def at(self, span: Span) -> CallingHere:
        """The same call, noted at another place."""
        return CallingHere(self._machine, self._frame, self._state, span)

    def emit(
        self,
        kind: EffectKind,
        target: str,
        what: str,
        *,
        key: Value | None = None,
        data: Value | None = None,
        client: Client = Client.SERVER,
        conditions: Conditions | None = None,
        brings: tuple[str, ...] = (),
        shows: tuple[str, ...] = (),
        sink: Sink | None = None,
        traits: frozenset[Trait] = NO_TRAITS,
    ) -> None:
        """Note an effect."""
        self._frame.emit(
            kind,
            self.span,
            self._state,
            target,
            what,
            key=key,
            data=data,
            client=client,
            conditions=conditions,
            brings=brings,
            shows=shows,
            sink=sink,
            traits=traits,
        )

    def prove(self, facts: Facts) -> None:
        """Facts that hold from here on."""
        self._frame.prove(facts, self.span, self._state)

    def call(self, function: Value, arguments: Arguments, this: Value | None = None) -> Value:
        """Call a function value here."""
        return self._machine.invoke(function, arguments, self._frame, self._state, self.span, this)

    def as_one(self, function: Value, arguments: Arguments) -> Value:
        """Call a function value that is handed a transaction: what it changes by that is undone where it throws."""
        known = len(self._frame.trace.effects)
        value = self.call(function, arguments)
        calls = calls_by_it(function)
        self._frame.trace.undone_unless(proven_at_its_end(value), lambda effect: effect.span in calls, known)
        return value

    def gathered_as_one(self, promises: Value) -> Value:
        """All of a list of promises, each of which changes nothing unless all are fulfilled."""
        value, facts, rejection = self.gathered(promises)
        together = of(Promise(value, facts, rejection))
        self._frame.trace.undone_unless(proven_at_its_end(together), lambda effect: is_within(effect.span, self.span))
        return together

    def call_in_turn(self, number: int, function: Value, arguments: Arguments) -> Value:
        """Call a function value here for one item of a list after another."""
        with self._frame.within(Turn(number)):
            return self.call(function, arguments)

    def aside(self, function: Value, arguments: Arguments, facts: Facts = NO_FACTS, this: Value | None = None) -> Value:
        """Call a function that may be called or not: what it does happens, what it proves does not hold behind it.

        `facts` hold where it is called.
        """
        entry = self._state.fork()
        inner = self._state.fork()
        inner.facts |= facts
        try:
            result = self._machine.invoke(function, arguments, self._frame, inner, self.span, this)
            result = self._machine.settle(result, self._frame, inner, self.span)
        except PathEnded:
            return NEVER
        result = under(result, inner.facts - entry.facts)
        merged = join(inner, entry, (self.span, "aside", self._frame.rounds))
        if merged is not None:
            self._state.become(merged)
        return result

    def continued(self, promise: Value, fulfilled: Value | None, rejected: Value | None) -> Value:
        """`promise.then(fulfilled, rejected)`: each rejection is handled by itself."""
        entry = self._state.fork()
        results, failures, failing = self._followed(promise, fulfilled, entry.fork())
        if rejected is not None:
            place = (self.span, "rejected", self._frame.rounds)
            failing |= self._frame.failing_within(self.span)
            reasons, failures = list(caught(failures, entry, self.span, place, failing)), []
            failing = set()
            for reason, path in reasons:
                handled, failed, still_failing = self._followed(reason, rejected, path)
                results += handled
                failures += failed
                failing |= still_failing
        self._frame.may_fail(failing)
        rejection = thrown(failures, entry.facts)
        result = outcome(results, (self.span, "then", self._frame.rounds))
        if result is None:
            return of(Promise(NEVER, NO_FACTS, rejection))
        self._state.store = result[1].store
        return of(Promise(result[0], result[1].facts - entry.facts, rejection))

    def _followed(
        self, value: Value, function: Value | None, path: State
    ) -> tuple[list[Thrown], list[Thrown], set[Failure]]:
        """Await a value and hand it on: what comes of it, what may be thrown meanwhile, and by which calls."""
        catcher = Catcher()
        self._frame.catchers.append(catcher)
        try:
            value = self._machine.settle(value, self._frame, path, self.span)
            if function is not None:
                value = self._machine.invoke(function, Arguments((value,)), self._frame, path, self.span)
                value = self._machine.settle(value, self._frame, path, self.span)
        except PathEnded:
            return [], catcher.paths, catcher.failing
        finally:
            self._frame.catchers.pop()
        return [(value, path)], catcher.paths, catcher.failing

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
        rejection = thrown(catcher.paths, self._state.facts)
        self._frame.may_fail(catcher.failing)
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
                # Each item was checked. Of no items that holds as well; that somebody is known does not.
                path.facts |= {fact for fact in common(element) if isinstance(fact, Owns)}
                found.append(of(Array(None, element)))
        return unite(*found)

    def run_callbacks(self, value: Value, first: Value | None = None, facts: Facts = NO_FACTS) -> None:
        """Functions handed to code that is not read may be called with anything; `first` where that is known.

        `facts` are what that code may know then.

        A query that is sent when somebody waits for it may be waited for there: `waitUntil(db.delete(posts))`.
        """
        known = (first,) if first is not None else ()
        for function in functions_in(value):
            given = Arguments(known, unknown({Unfollowed("a callback's argument")}))
            self.aside(of(function), given, facts, their_own(function))
        for a in value.alternatives:
            if isinstance(a.shape, Library):
                query = of(a.shape)
                waits = of(Native("await", None, lambda inner, given, q=query: inner.settle(q)))
                self.aside(waits, Arguments(), facts)

    def ambient(self, key: object) -> Value | None:
        """What surrounds the call under a key, without being passed to it."""
        return dict(self._state.ambient).get(key)

    def call_within(self, key: object, surrounding: Value, function: Value, arguments: Arguments) -> Value:
        """Call a function value with something around it."""
        before = self._state.ambient
        self._state.ambient = (*((k, v) for k, v in before if k != key), (key, surrounding))
        try:
            return self.call(function, arguments)
        finally:
            self._state.ambient = before

    def member(self, value: Value, name: str) -> Value:
        """A property of a value."""
        return self._machine.member(value, name, self._frame, self._state, self.span)

    def settle(self, value: Value) -> Value:
        """Await a value."""
        return self._machine.settle(value, self._frame, self._state, self.span)

    def exported(self, path: str, name: str) -> Value:
        """What a module of the repository exports under a name."""
        return self._machine.exported(path, name, self._frame)

    def is_unheard_of(self, package: str) -> bool:
        """Whether nothing is known of a package's path."""
        return self._machine.knowledge.is_unheard_of(package)

    def may_fail(self, *, is_told: bool = True) -> None:
        """The call may throw instead; what it answers with elsewhere is not told by what it throws."""
        self._frame.may_throw(PLAIN, self._state)
        if is_told:
            self.note_failure()

    def note_failure(self, *, is_unread: bool = False) -> None:
        """What the called code says of its failure may be caught: it is not the project's."""
        self._frame.may_fail((Failure(self.span, is_unread=is_unread),))

    def end(self) -> None:
        """The path ends by a throw. Raises `PathEnded`."""
        self._frame.throw(PLAIN, self._state)

    def throw(self, value: Value) -> None:
        """The path ends by throwing this. Raises `PathEnded`."""
        self._frame.throw(value, self._state)

    def unseen(self, why: str) -> None:
        """Note something that could not be followed."""
        self._frame.emit(EffectKind.UNSEEN, self.span, self._state, what=why)


def functions_in(value: Value, depth: int = 2) -> Iterator[Closure]:
    """The functions that a value is, or holds among options."""
    for a in value.alternatives:
        if isinstance(a.shape, Closure):
            yield a.shape
        elif depth > 0 and isinstance(a.shape, Object):
            for _, inner in a.shape.fields:
                yield from functions_in(inner, depth - 1)


def their_own(function: Closure) -> Value | None:
    """What `this` is of a function that unread code calls: something of its own, unless the function brings its own."""
    brings_its_own = function.function.is_arrow or function.this is not None
    return None if brings_its_own else unknown({Unfollowed("what a callback is called on")})
