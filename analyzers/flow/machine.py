"""The parts of the execution as they see one another: a frame for each activation, and the machine that runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from preship.analyzers.flow.configuration import without_stand_ins
from preship.analyzers.flow.effects import (
    NO_TRAITS,
    Client,
    Conditions,
    Crash,
    Effect,
    EffectKind,
    History,
    Sink,
    Trace,
    Trait,
)
from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Claimed, Facts, Owns, Strength, bounded
from preship.analyzers.flow.library import Arguments, Knowledge, PathEnded
from preship.analyzers.flow.origins import Caught, Failure
from preship.analyzers.flow.reassigned import Reassignment
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.values import PLAIN, Blueprint, Closure, Value, origins_of, unite
from preship.analyzers.flow.values import choice as choose
from preship.analyzers.source.tree import ClassMember, Expression, Function, Node, Span, Statement
from preship.analyzers.source.walk import is_within


@dataclass(slots=True)
class Catcher:
    """A `try` under execution: the paths on which something in it may be thrown."""

    paths: list[tuple[Value, State]] = field(default_factory=list)
    failing: set[Failure] = field(default_factory=set)
    """The calls of code that is not the project's which may throw here what that code says."""


@dataclass(slots=True)
class Target:
    """A loop, switch or labelled statement under execution: the paths that leave or repeat it."""

    label: str | None
    is_loop: bool
    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which item of a list is at hand, where each has a turn of its own: no repetition of the one before."""

    number: int


@dataclass(slots=True)
class Frame:
    """One activation of a function."""

    module: str
    trace: Trace
    trail: tuple[Span, ...]
    depth: int
    this: Value | None = None
    blueprint: object = None
    """The class whose method runs, for `super`."""

    is_async: bool = False
    returns: list[tuple[Value, State]] = field(default_factory=list)
    throws: list[tuple[Value, State]] = field(default_factory=list)
    catchers: list[Catcher] = field(default_factory=list)
    failing: set[Failure] = field(default_factory=set)
    """The calls of code that is not the project's of which no `try` here catches what they throw."""

    targets: list[Target] = field(default_factory=list)
    rounds: tuple[int | Span | Turn, ...] = ()
    """Which round of each surrounding loop and which call of an inlined function runs: other choices each time."""

    @contextmanager
    def within(self, one: int | Turn) -> Iterator[None]:
        """A round of a loop."""
        before = self.rounds
        self.rounds = (*before, one)
        try:
            yield
        finally:
            self.rounds = before

    @property
    def is_repeated(self) -> bool:
        """Whether a loop surrounds what runs."""
        return any(isinstance(each, int) for each in self.rounds)

    def emit(
        self,
        kind: EffectKind,
        span: Span,
        state: State,
        target: str = "",
        what: str = "",
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
        """Note an effect of this path."""
        what_it_does = (kind, span, target, what, key, data, client)
        self.trace.add(Effect(*what_it_does, state.facts, self.trail, conditions, brings, shows, sink, traits))

    def prove(self, facts: Facts, span: Span, state: State) -> None:
        """Facts that hold on this path from here on."""
        new = facts - state.facts
        if not new:
            return
        state.facts = bounded(state.facts | new)
        if any(isinstance(fact, Authenticated) and fact.strength is Strength.PROVEN for fact in new):
            self.emit(EffectKind.PROOF, span, state)
        if any(isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE for fact in new):
            self.emit(EffectKind.OWN, span, state)
        if any(isinstance(fact, Claimed) for fact in new):
            self.emit(EffectKind.CLAIM, span, state)

    def throw(self, value: Value, state: State) -> None:
        """This path throws. Raises `PathEnded`."""
        self.may_throw(value, state)
        raise PathEnded

    def crash(self, span: Span, state: State, *, is_call: bool, is_certain: bool = False) -> None:
        """This path calls, or reads a property of, what is null or undefined. Raises `PathEnded`."""
        self.trace.crashes.add(Crash(span, is_call, is_certain))
        self.throw(PLAIN, state)

    def may_throw(self, value: Value, state: State) -> None:
        """A path that starts here may throw, while this one goes on."""
        places = self.catchers[-1].paths if self.catchers else self.throws
        places.append((value, state.fork()))
        self.may_fail(sources_of(value))

    def may_fail(self, failures: Iterable[Failure]) -> None:
        """This path may end by what code says of its failure that is not the project's."""
        (self.catchers[-1] if self.catchers else self).failing.update(failures)

    def failing_within(self, span: Span) -> set[Failure]:
        """The calls in an expression that may fail: what makes a promise fails where somebody waits for it."""
        known = (self.catchers[-1] if self.catchers else self).failing
        return {failure for failure in known if is_within(failure.call, span)}


def sources_of(value: Value) -> Iterator[Failure]:
    """What may have failed where something is thrown on as it came."""
    for origin in origins_of(value):
        if isinstance(origin, Caught) and not origin.path:
            yield from origin.sources


@dataclass(frozen=True, slots=True)
class Summary:
    """What calling a function of a module with these arguments does, wherever it is called from."""

    value: Value
    facts: Facts
    """What holds when it returns normally."""

    returns: bool
    """False where it always throws or redirects."""

    rejection: Value | None
    """What it may throw, if it may."""

    history: History
    failing: frozenset[Failure] = frozenset()
    """The calls of code that is not the project's which may throw through it."""

    sets_variables: bool = False
    """Whether it sets variables around it, which a summary does not tell."""


class Machine(Protocol):
    """What the parts of the execution ask of each other."""

    steps_in: Counter[Function]
    """What the action or page of now has spent on executing each function."""

    entered: dict[Statement, int]
    """How many statements of a block were begun on any path, by its first one."""

    @property
    def knowledge(self) -> Knowledge:
        """What is known of libraries."""
        ...

    def evaluate(self, node: Expression, frame: Frame, scope: Scope, state: State) -> Value:
        """The value of an expression; what it does happens on the path."""
        ...

    def execute(self, statements: Sequence[Statement], frame: Frame, scope: Scope, state: State) -> None:
        """Run statements in a scope that has declared their names. Raises `PathEnded`."""
        ...

    def branch(self, node: Expression, frame: Frame, scope: Scope, state: State) -> tuple[State | None, State | None]:
        """The paths on which an expression is truthy and falsy."""
        ...

    def invoke(
        self, callee: Value, arguments: Arguments, frame: Frame, state: State, span: Span, this: Value | None = None
    ) -> Value:
        """Call a value."""
        ...

    def call_method(
        self, owner: Value, name: str, arguments: Arguments, frame: Frame, state: State, span: Span
    ) -> Value:
        """Call a method of a value."""
        ...

    def construct(self, callee: Value, arguments: Arguments, frame: Frame, state: State, span: Span) -> Value:
        """`new` on a value."""
        ...

    def member(self, value: Value, name: str, frame: Frame, state: State, span: Span) -> Value:
        """A property of a value. Raises `PathEnded` where every alternative is nullish."""
        ...

    def settle(self, value: Value, frame: Frame, state: State, span: Span) -> Value:
        """Await a value."""
        ...

    def possible(self, value: Value, state: State) -> Value:
        """The alternatives of a value that a path leaves."""
        ...

    def variable(self, name: str, frame: Frame, scope: Scope, state: State) -> Value:
        """What a name holds."""
        ...

    def static_field(self, reader: Blueprint, owner: Blueprint, field: ClassMember, frame: Frame) -> Value:
        """What a static field of a class holds, asked for by this class or by one that extends it."""
        ...

    def put_into(self, path: str, name: str) -> Iterable[tuple[Scope, Reassignment]]:
        """What any module puts into properties of what a module declares under a name."""
        ...

    def global_property(self, name: str, frame: Frame) -> Value:
        """A property of the global object: a global name, or what the program keeps there."""
        ...

    def module_value(self, importer: str, specifier: str, name: str, frame: Frame) -> Value:
        """What importing a name gives."""
        ...

    def exported(self, path: str, name: str, frame: Frame) -> Value:
        """What a module of the repository exports under a name."""
        ...

    def tagged(
        self, tag: Value, strings: Sequence[str], values: Sequence[Value], frame: Frame, state: State, span: Span
    ) -> Value:
        """A tagged template."""
        ...

    def super_call(self, arguments: Arguments, frame: Frame, scope: Scope, state: State, span: Span) -> Value:
        """`super(…)`."""
        ...

    def seen_before(
        self, callee: Closure, arguments: Arguments, this: Value | None, frame: Frame, state: State
    ) -> Summary | None:
        """What calling a heavy function does that sees variables of this path, executed once for the same ones."""
        ...

    def summary(self, callee: Closure, arguments: Arguments, frame: Frame, state: State) -> Summary:
        """What calling a function of a module does, executed once for the same arguments."""
        ...

    def begun(self, ambient: tuple[tuple[object, Value], ...] = ()) -> State:
        """The first path of an execution."""
        ...

    def unfollowed(self, why: str, frame: Frame, state: State, span: Span) -> Value:
        """Note that something could not be followed; gives what stands for its value."""
        ...

    def remember(self, state: State) -> None:
        """Keep what a module's own code left in its cells."""
        ...

    def assigned(self, owner: Value, name: str | None, value: Value, frame: Frame, state: State, span: Span) -> None:
        """A property of an object outside was set: a cookie jar's, a session's."""
        ...

    def made(self, node: Function, value: Value, state: State) -> None:
        """A function value was made here."""
        ...

    def active(self, node: Node) -> int:
        """How many activations of a function are under way, or of what a class puts into its fields."""
        ...

    def activation(self, node: Node) -> AbstractContextManager[None]:
        """One more activation of a function."""
        ...


def attempt(run: Callable[[State], None], state: State) -> State | None:
    """The path behind `run`, or None where it ended."""
    try:
        run(state)
    except PathEnded:
        return None
    return state


def joined(paths: Sequence[State], choice: object) -> State | None:
    """One path where several meet."""
    result: State | None = None
    for index, path in enumerate(paths):
        result = path if result is None else join(result, path, (choice, index))
    return result


def outcome(paths: Sequence[tuple[Value, State]], choice: object) -> tuple[Value, State] | None:
    """The value and the path behind several that bring a value each; each value exists under its own path's facts."""
    if not paths:
        return None
    if len(paths) == 1:
        return paths[0]
    state = joined([state for _, state in paths], choice)
    assert state is not None  # noqa: S101
    own = [(value, path.facts - state.facts) for value, path in paths]
    return unite(choose(choice, *without_stand_ins(own))), state


def choice_at(node: Node, frame: Frame) -> object:
    """Names a decision taken at this place: the same one again only in the same round of its loops."""
    return (node.span, frame.rounds) if frame.rounds else node.span


__all__ = [
    "NO_FACTS",
    "Catcher",
    "Frame",
    "Machine",
    "Summary",
    "Target",
    "Turn",
    "attempt",
    "choice_at",
    "joined",
    "outcome",
]
