"""What execution asks about code that is not in the repository. The knowledge fills this; flow names no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from preship.analyzers.flow.effects import NO_TRAITS, Client, Conditions, EffectKind, Sink, Trait
from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import ABSENT_VALUE, Library, Value, is_parsed, origins_of, unite
from preship.analyzers.source.tree import Span


class PathEnded(Exception):
    """The path under execution never goes on: what was called throws, redirects or never returns."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    values: tuple[Value, ...] = ()
    rest: Value | None = None
    """An element of an unknown number of further arguments."""

    behind: tuple[Value, ...] = ()
    """Those that follow the unknown number: `f(...given, session)`."""

    def at(self, index: int) -> Value:
        """The argument at a place; `undefined` where there is none."""
        if index < len(self.values):
            return self.values[index]
        return unite(self.rest, ABSENT_VALUE, *self.behind) if self.rest else ABSENT_VALUE

    def for_parameter(self, index: int, count: int) -> Value:
        """The argument for one of so many parameters: whoever adds some behind all others adds the last ones.

        Where a caller sends as many as they like, one too many stands in the place of what is added: the framework
        hands on whatever a request holds.
        """
        if self.rest is None or count < len(self.values) + len(self.behind):
            return self.at(index)
        first_behind = count - len(self.behind)
        if index >= first_behind:
            added = self.behind[index - first_behind]
            return unite(added, self.rest) if is_as_sent(self.rest) else added
        return self.values[index] if index < len(self.values) else unite(self.rest, ABSENT_VALUE)

    def without_first(self, number: int = 1) -> Arguments:
        """The arguments behind the first ones."""
        return replace(self, values=self.values[number:])

    def all(self) -> tuple[Value, ...]:
        """Every argument seen."""
        return (*self.values, self.rest, *self.behind) if self.rest else self.values


def is_as_sent(value: Value) -> bool:
    """Whether the caller chooses a value, and nothing has looked at it yet."""
    return not is_parsed(value) and any(isinstance(origin, Input) for origin in origins_of(value))


class Calling(Protocol):
    """A call under way, as the knowledge sees it."""

    @property
    def span(self) -> Span:
        """Where the call stands."""
        ...

    @property
    def facts(self) -> Facts:
        """What the path has proven."""
        ...

    def at(self, span: Span) -> Calling:
        """The same call, noted at another place: where a query was written that is awaited here."""
        ...

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
        ...

    def prove(self, facts: Facts) -> None:
        """Facts that hold from here on."""
        ...

    def call(self, function: Value, arguments: Arguments, this: Value | None = None) -> Value:
        """Call a function value; what it does happens here."""
        ...

    def as_one(self, function: Value, arguments: Arguments) -> Value:
        """Call a function value that is handed a transaction: what it changes by that is undone where it throws."""
        ...

    def gathered_as_one(self, promises: Value) -> Value:
        """All of a list of promises, each of which changes nothing unless all are fulfilled."""
        ...

    def call_in_turn(self, number: int, function: Value, arguments: Arguments) -> Value:
        """Call a function value for one item of a list after another; what it does happens here."""
        ...

    def ambient(self, key: object) -> Value | None:
        """What surrounds the call under a key, without being passed to it."""
        ...

    def call_within(self, key: object, surrounding: Value, function: Value, arguments: Arguments) -> Value:
        """Call a function value with something around it."""
        ...

    def member(self, value: Value, name: str) -> Value:
        """A property of a value."""
        ...

    def settle(self, value: Value) -> Value:
        """Await a value."""
        ...

    def may_fail(self, *, is_told: bool = True) -> None:
        """The call may throw instead: a surrounding `catch` may run from here.

        Not `is_told`: what went wrong stands in its answer, and not in what is thrown.
        """
        ...

    def end(self) -> None:
        """The path ends here by a throw. Raises `PathEnded`."""
        ...

    def throw(self, value: Value) -> None:
        """The path ends here by throwing this. Raises `PathEnded`."""
        ...

    def aside(self, function: Value, arguments: Arguments, facts: Facts = NO_FACTS) -> Value:
        """Call a function that may be called or not: what it does happens, what it proves does not hold behind it."""
        ...

    def continued(self, promise: Value, fulfilled: Value | None, rejected: Value | None) -> Value:
        """`promise.then(fulfilled, rejected)`."""
        ...

    def gathered(self, promises: Value) -> tuple[Value, Facts, Value | None]:
        """All of a list of promises: their values, the facts that hold once all are there, what one may throw."""
        ...

    def exported(self, path: str, name: str) -> Value:
        """What a module of the repository exports under a name."""
        ...

    def run_callbacks(self, value: Value) -> None:
        """A function handed to code that is not read may be called with anything."""
        ...

    def unseen(self, why: str) -> None:
        """Note something that could not be followed."""
        ...


class Knowledge(Protocol):
    """What is known of libraries. None means: nothing."""

    def imported(self, package: str, name: str) -> Value:
        """What importing a name (`default`, `*`) from a package's path gives."""
        ...

    def knows(self, package: str, name: str) -> bool:
        """Whether a package's path is known to give this name away."""
        ...

    def is_unheard_of(self, package: str) -> bool:
        """Whether nothing is known of a package's path: its functions may do anything."""
        ...

    def unresolved(self, specifier: str, name: str) -> Value:
        """What importing from a first-party module that is not in the tree gives."""
        ...

    def function(self, path: str, name: str, value: Value) -> Value:
        """What a module of the repository declares under a name, with what the repository says of it besides."""
        ...

    def variable(self, name: str) -> Value | None:
        """What a name means that no scope declares."""
        ...

    def member(self, library: Library, name: str) -> Value | None:
        """A property, where it is more than a longer path."""
        ...

    def call(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What a call does and gives."""
        ...

    def changes_in_place(self, library: Library) -> bool:
        """Whether a method that gives a thing of the same kind has changed the thing itself."""
        ...

    def becomes(self, library: Library, arguments: Arguments) -> Library | None:
        """What a call makes of the thing that its chain starts from, where it gives something else."""
        ...

    def construct(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What `new` gives."""
        ...

    def template(
        self, library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling
    ) -> Value | None:
        """What a tagged template does and gives."""
        ...

    def awaited(self, library: Library, calling: Calling) -> Value | None:
        """What awaiting does and gives."""
        ...

    def invoked(self, owner: Value, name: str, arguments: Arguments, calling: Calling) -> Value | None:
        """What calling a method of an unknown object does, where its shape gives it away."""
        ...
