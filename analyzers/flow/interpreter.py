"""The machine assembled: executes functions of a project, and remembers what calling them does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from preship.analyzers.flow import calls, classes, conditions, expressions, language, members, promises, statements
from preship.analyzers.flow.budget import Meter, OutOfSteps
from preship.analyzers.flow.calling import CallingHere
from preship.analyzers.flow.captured import captured
from preship.analyzers.flow.effects import EffectKind, History, Trace
from preship.analyzers.flow.exceptions import thrown
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling, Knowledge, PathEnded
from preship.analyzers.flow.machine import Frame, Summary, outcome
from preship.analyzers.flow.modules import Modules
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.reassigned import Reassignment
from preship.analyzers.flow.remembered import Remembered
from preship.analyzers.flow.scope import Cell, Scope
from preship.analyzers.flow.state import FACTS_OF_A_STEP, State
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    NEVER,
    PLAIN,
    UNDEFINED_VALUE,
    Blueprint,
    Closure,
    Library,
    Value,
    origins_of,
    possible,
    unite,
    unknown,
)
from preship.analyzers.flow.widening import ANY_ARGUMENTS, STEPS_OF_ONE_FUNCTION, only_computes, widened
from preship.analyzers.project.project import Project
from preship.analyzers.source import tree
from preship.analyzers.source.tree import Span

STEPS_OF_AN_ACTION = 100_000
"""Steps that one action may take, in some four seconds. The largest real action seen that ends takes 47,000."""

LEAST_STEPS = 25_000
"""What each may take that is begun at all: enough for nearly all real actions."""

STATEMENTS_OF_A_STEP = 4
"""Statements that take as long as one expression, those in them left out."""

MANY_STEPS = 50_000
"""A function for which so many do not suffice is too heavy for others as well that call it, whatever they give it."""

ACTIONS_TO_COME = 8
"""Among how many more as large what is left is shared."""


MOST_CLOSURES = 4
"""Of one function, each with the path on which it was made: the last ones. A second round of a loop makes one more."""

Made = tuple[Value, State]
"""A function value, and the path on which it was made."""


class LanguageAnd:
    """The language's own names, and then a knowledge of libraries."""

    def __init__(self, libraries: Knowledge) -> None:
        self._libraries = libraries

    def __getattr__(self, name: str) -> Callable[..., Value]:
        """Everything else is asked of the libraries."""
        return getattr(self._libraries, name)  # type: ignore[no-any-return]

    def variable(self, name: str) -> Value | None:
        """What a name means that no scope declares."""
        return self._libraries.variable(name) or language.variable(name)

    def knows(self, package: str, name: str) -> bool:
        """Whether a package's path is known to give this name away."""
        return self._libraries.knows(package, name)

    def is_unheard_of(self, package: str) -> bool:
        """Whether nothing is known of a package's path: its functions may do anything."""
        return self._libraries.is_unheard_of(package)

    def changes_in_place(self, library: Library) -> bool:
        """Whether a method that gives a thing of the same kind has changed the thing itself."""
        return self._libraries.changes_in_place(library)

    def becomes(self, library: Library, arguments: Arguments) -> Library | None:
        """What a call makes of the thing that its chain starts from, where it gives something else."""
        return self._libraries.becomes(library, arguments)

    def call(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What a call does and gives."""
        if library.root == language.ROOT:
            return language.call(library, arguments, calling)
        return self._libraries.call(library, arguments, calling)

    def construct(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What `new` gives."""
        if library.root == language.ROOT:
            return language.construct(library, arguments, calling)
        return self._libraries.construct(library, arguments, calling)


class Interpreter:
    """Executes the functions of one tree. Not safe to share between threads."""

    def __init__(self, project: Project, libraries: Knowledge, most_steps: int | None = None) -> None:
        """`most_steps` is the budget of all actions and pages together; None: each has but its own."""
        self.knowledge = LanguageAnd(libraries)
        self.project = project
        self.modules = Modules(self, project)
        self.most_steps = most_steps
        self._earlier = 0
        """How many steps of this budget were taken before the action or page of now."""

        self._granted, self._is_extra, self._total = STEPS_OF_AN_ACTION, False, 0
        self.meter = Meter(self._granted)
        self.watched: dict[tree.Function, list[Made]] = {}
        """The closures made of each function that is watched for."""

        self.renders: dict[tree.Function, dict[tree.Function, list[Made]]] = {}
        """The closures that executing a function makes of those inside it, where somebody has asked."""

        self.entered: dict[tree.Statement, int] = {}
        """How many statements of a block were begun on any path, by its first one."""

        self._too_heavy: set[tree.Function] = set()
        """The functions for which many steps did not suffice: who calls them next may take no more than the least."""

        self.steps_in: Counter[tree.Function] = Counter()
        """What the action or page of now has spent on executing each function."""

        self._computing: dict[tuple[tree.Function, Scope], Value | None] = {}
        """What the heavy functions that only compute make of what they capture; None for the others."""

        self._sets_variables: set[tree.Function] = set()
        """The functions that set variables around them."""

        self._active: dict[tree.Node, int] = {}
        self._summaries = Remembered()

    # --- executing ---

    def start(self, steps: int | None = None) -> None:
        """Begin with another action or page, which may take so many steps that no budget knows of.

        By default: the less, the less is left for all together.
        """
        self._earlier, self._total = self.spent, self.total
        self._granted, self._is_extra = self._share() if steps is None else steps, steps is not None
        self.meter.left = self._granted
        self.steps_in.clear()
        self._computing.clear()
        self._summaries.begin()

    def _share(self) -> int:
        if self.most_steps is None:
            return STEPS_OF_AN_ACTION
        return min(max((self.most_steps - self._earlier) // ACTIONS_TO_COME, LEAST_STEPS), STEPS_OF_AN_ACTION)

    @property
    def _taken(self) -> int:
        """How many steps the action or page of now has taken so far."""
        return self._granted - max(self.meter.left, 0)

    @property
    def total(self) -> int:
        """How many steps were taken so far, those included that no budget knows of."""
        return self._total + self._taken

    @property
    def spent(self) -> int:
        """How many steps of the budget were taken so far."""
        return self._earlier + (0 if self._is_extra else self._taken)

    @property
    def has_spent(self) -> bool:
        """Whether the budget of all together is used up."""
        return self.most_steps is not None and self.spent > self.most_steps

    def evaluate(self, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Value:
        """The value of an expression."""
        meter = self.meter
        meter.left -= 1
        if meter.left < 0:
            raise OutOfSteps
        return expressions.EVALUATORS[type(node)](self, node, frame, scope, state)

    def execute(self, nodes: Sequence[tree.Statement], frame: Frame, scope: Scope, state: State) -> None:
        """Run statements."""
        self.meter.take(len(nodes) // STATEMENTS_OF_A_STEP)
        statements.execute(self, nodes, frame, scope, state)

    def branch(
        self, node: tree.Expression, frame: Frame, scope: Scope, state: State
    ) -> tuple[State | None, State | None]:
        """The paths on which an expression is truthy and falsy."""
        return conditions.branch(self, node, frame, scope, state)

    def invoke(
        self, callee: Value, arguments: Arguments, frame: Frame, state: State, span: Span, this: Value | None = None
    ) -> Value:
        """Call a value."""
        return calls.invoke(self, callee, arguments, frame, state, span, this)

    def call_method(
        self, owner: Value, name: str, arguments: Arguments, frame: Frame, state: State, span: Span
    ) -> Value:
        """Call a method of a value."""
        return members.call_method(self, owner, name, arguments, frame, state, span)

    def construct(self, callee: Value, arguments: Arguments, frame: Frame, state: State, span: Span) -> Value:
        """`new` on a value."""
        return classes.construct(self, callee, arguments, frame, state, span)

    def super_call(self, arguments: Arguments, frame: Frame, scope: Scope, state: State, span: Span) -> Value:
        """`super(…)`."""
        return classes.super_call(self, arguments, frame, scope, state, span)

    def member(self, value: Value, name: str, frame: Frame, state: State, span: Span) -> Value:
        """A property of a value."""
        return members.member(self, value, name, frame, state, span)

    def settle(self, value: Value, frame: Frame, state: State, span: Span) -> Value:
        """Await a value."""
        return promises.settle(self, value, frame, state, span)

    def tagged(
        self, tag: Value, strings: Sequence[str], values: Sequence[Value], frame: Frame, state: State, span: Span
    ) -> Value:
        """A tagged template."""
        calling = CallingHere(self, frame, state, span)
        shape = tag.alternatives[0].shape if tag.alternatives else None
        if isinstance(shape, Library):
            result = self.knowledge.template(shape, strings, values, calling)
            if result is not None:
                return result
        if isinstance(shape, Closure):
            return self.invoke(tag, Arguments((PLAIN, *values)), frame, state, span)
        return unknown({o for v in (tag, *values) for o in origins_of(v)})

    # --- names ---

    def variable(self, name: str, frame: Frame, scope: Scope, state: State) -> Value:
        """What a name holds."""
        cell = scope.find(name)
        if cell is not None:
            value = state.store.get(cell)
            if value is None and not cell.is_shared:
                value = self.modules.outliving(scope.module, name, held_by(cell))
            if value is not None:
                return self.possible(value, state)
        if name == "undefined":
            return UNDEFINED_VALUE
        found = self.modules.variable(scope.module, name, frame)
        if cell is not None and found is not None:
            state.store[cell] = found
        if found is None:
            found = self.knowledge.variable(name)
        return found if found is not None else unknown({Unfollowed(f"the global name {name}")})

    def static_field(self, reader: Blueprint, owner: Blueprint, field: tree.ClassMember, frame: Frame) -> Value:
        """What a static field of a class holds."""
        return self.modules.static_field(reader, owner, field, frame)

    def put_into(self, path: str, name: str) -> Iterable[tuple[Scope, Reassignment]]:
        """What any module puts into properties of what a module declares under a name."""
        return self.modules.put_into(path, name)

    def global_property(self, name: str, frame: Frame) -> Value:
        """A property of the global object."""
        known = self.knowledge.variable(name) if name not in language.GLOBAL_OBJECTS else None
        return known if known is not None else self.modules.kept_globally(name, frame)

    def possible(self, value: Value, state: State) -> Value:
        """The alternatives of a value that this path leaves: what a session holds is there once one part of it was."""
        if len(value.alternatives) > 1:
            self.meter.take(sum(len(a.under) for a in value.alternatives) // FACTS_OF_A_STEP)
        return possible(value, state.facts)

    def module_value(self, importer: str, specifier: str, name: str, frame: Frame) -> Value:
        """What importing a name gives."""
        return self.modules.imported(importer, specifier, name, frame)

    def exported(self, path: str, name: str, frame: Frame) -> Value:
        """What a module of the repository exports under a name."""
        return self.modules.exported(path, name, frame)

    # --- remembering ---

    def summary(self, callee: Closure, arguments: Arguments, frame: Frame, state: State) -> Summary:
        """What calling a function of a module does, executed once for the same arguments."""
        function = callee.function
        key = (function, callee.bound, arguments, state.ambient)
        known = self._summaries.get(key)
        if known is not None:
            return known
        if self.active(function) >= calls.MOST_RECURSIONS:
            return Summary(unknown({Unfollowed("a recursion")}), NO_FACTS, True, None, History())
        if frame.depth >= calls.DEEPEST_CALL:
            return self._unfollowed_summary(function.span)
        if self.steps_in[function] > STEPS_OF_ONE_FUNCTION:
            computed = self._computed(callee, arguments, None, frame, self.begun(state.ambient))
            if computed is not None:
                return computed
        self._spare(function)
        made = self._summarise(callee, arguments, frame, self.begun(state.ambient))
        if self.meter.left >= 0:
            self._summaries.keep(key, made)
        return made

    def seen_before(
        self, callee: Closure, arguments: Arguments, this: Value | None, frame: Frame, state: State
    ) -> Summary | None:
        """What calling a heavy function does that sees variables of this path, executed once for the same ones.

        None if it is to be executed on the path.
        """
        function = callee.function
        if self.steps_in[function] <= STEPS_OF_ONE_FUNCTION or function in self._sets_variables:
            return None
        around = captured(callee, (*arguments.all(), *(() if this is None else (this,))), state)
        if around is None:
            return None
        computed = self._computed(callee, arguments, this, frame, self._path_with(around, state))
        if computed is not None:
            return computed
        key = (function, callee.scope, callee.bound, arguments, this, around, state.ambient)
        known = self._summaries.get(key)
        if known is None:
            known = self._summarise(callee, arguments, frame, self._path_with(around, state), this)
            if self.meter.left >= 0:
                self._summaries.keep(key, known)
        if known.sets_variables:
            self._sets_variables.add(function)
            return None
        return known

    def _path_with(self, around: Iterable[tuple[Cell, Value]], state: State) -> State:
        return State(dict(around), self.meter, ambient=state.ambient)

    def _computed(
        self, callee: Closure, arguments: Arguments, this: Value | None, frame: Frame, path: State
    ) -> Summary | None:
        """One more execution of a heavy function, if that only computes: it is asked once for any arguments."""
        if any(value.holds_functions for value in arguments.all()):
            return None
        key = (callee.function, callee.scope)
        if key not in self._computing:
            self._computing[key] = None
            made = self._summarise(callee, ANY_ARGUMENTS, frame, path, this)
            self._computing[key] = made.value if self.meter.left >= 0 and only_computes(made) else None
        value = self._computing[key]
        return None if value is None else widened(arguments, value, callee.function.span)

    def _spare(self, function: tree.Function) -> None:
        """Leave but the least steps to who calls what is known to be too heavy."""
        too_many = self.meter.left - LEAST_STEPS
        if too_many > 0 and function in self._too_heavy:
            self.meter.left -= too_many
            self._granted -= too_many

    def _summarise(
        self, callee: Closure, arguments: Arguments, frame: Frame, state: State, this: Value | None = None
    ) -> Summary:
        function, begun_with, around = callee.function, self.meter.left, tuple(state.store.items())
        trace = Trace()
        inner = Frame(
            module=callee.scope.module, trace=trace, trail=(), depth=frame.depth + 1, is_async=function.is_async
        )
        try:
            paths = calls.run(self, callee, arguments, inner, state, this)
            result = outcome(paths, (function, arguments))
        except OutOfSteps:
            # What has happened is kept; whoever called has no step left either.
            if begun_with >= MANY_STEPS:
                self._too_heavy.add(function)
            return Summary(unknown(), NO_FACTS, True, None, trace.over({}))
        self.steps_in[function] += begun_with - self.meter.left
        history = trace.over(self._summaries.visited)
        rejection, failing = thrown(inner.throws), frozenset(inner.failing)
        ends = [path for _, path in (*paths, *inner.throws)]
        if any(path.store.get(cell) != value for cell, value in around for path in ends):
            return Summary(NEVER, NO_FACTS, False, None, history, sets_variables=True)
        for _, path in paths:
            self.remember(path)
        if function.is_generator:
            return Summary(unite(*[value for value, _ in inner.returns]), NO_FACTS, True, rejection, history, failing)
        if result is None:
            return Summary(NEVER, NO_FACTS, False, rejection or PLAIN, history, failing)
        value, path = result
        self.remember(path)
        return Summary(value, path.facts, True, rejection, history, failing)

    def begun(self, ambient: tuple[tuple[object, Value], ...] = ()) -> State:
        """The first path of an execution."""
        return State({}, self.meter, ambient=ambient)

    def _unfollowed_summary(self, span: Span) -> Summary:
        trace = Trace()
        frame = Frame("", trace, (), 0)
        value = self.unfollowed("calls nested too deeply", frame, self.begun(), span)
        return Summary(value, NO_FACTS, True, None, trace.over({}))

    def unfollowed(self, why: str, frame: Frame, state: State, span: Span) -> Value:
        """Note that something could not be followed; gives what stands for its value."""
        frame.emit(EffectKind.UNSEEN, span, state, what=why)
        return unknown({Unfollowed(why)})

    def assigned(self, owner: Value, name: str | None, value: Value, frame: Frame, state: State, span: Span) -> None:
        """A property of an object outside was set."""
        for a in owner.alternatives:
            if isinstance(a.shape, Library) and name is not None:
                setter = Library(a.shape.root, (*a.shape.path, f"{name}="), a.shape.state)
                self.knowledge.call(setter, Arguments((value,)), CallingHere(self, frame, state, span))

    def made(self, node: tree.Function, value: Value, state: State) -> None:
        """A function value was made here."""
        found = self.watched.get(node)
        if found is not None:
            found.append((value, state.fork()))
            del found[:-MOST_CLOSURES]

    def active(self, node: tree.Node) -> int:
        """How many activations of a function are under way."""
        return self._active.get(node, 0)

    @contextmanager
    def activation(self, node: tree.Node) -> Iterator[None]:
        """One more activation of a function."""
        self._active[node] = self._active.get(node, 0) + 1
        try:
            yield
        finally:
            self._active[node] -= 1

    def remember(self, state: State) -> None:
        """Keep what a path left in its cells, for the functions that see them when it is over."""
        for cell, value in state.store.items():
            cell.held = value


def held_by(cell: Cell) -> Value:
    """What a path that is over left in a cell."""
    return cell.held if isinstance(cell.held, Value) else ABSENT_VALUE


__all__ = ["Interpreter", "PathEnded"]
