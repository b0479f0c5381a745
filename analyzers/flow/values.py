"""Abstract values: a few alternatives, each with its shape and the facts that hold wherever it is the one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import reduce
from itertools import product
from typing import ClassVar, NamedTuple

from preship.analyzers.flow.facts import (
    NO_FACTS,
    Case,
    Choice,
    Facts,
    NotCase,
    Ways,
    agreed,
    cases_among,
    contradict,
    has_right,
    is_surely_known,
    perhaps_authenticated,
    together,
    totals_among,
)
from preship.analyzers.flow.origins import NOTHING, Input, Origin, Origins, all_deeper, all_of, gathered
from preship.analyzers.flow.scope import Scope
from preship.analyzers.source.tree import Class, Function

MOST_ALTERNATIVES = 24
"""More are merged; real code rarely tells more than five apart."""

MOST_FIELDS = 80
"""Fields of an object that are told apart."""

MOST_PARTS = 5000
"""Values inside one another in a value, counted on every way that leads to each: whoever asks what it consists of walks
them all. The largest real one seen has 2,300; what doubles with each line has a million after twenty."""


class Undefined(Enum):
    """The one value `undefined`, and how sure it is."""

    UNDEFINED = "undefined"
    ABSENT = "absent"
    """Nobody was seen to put anything there; code that is not read, or runs another time, may have."""


UNDEFINED = Undefined.UNDEFINED
ABSENT = Undefined.ABSENT


class Truth(StrEnum):
    """What is known of a value's truthiness."""

    MAYBE = "maybe"
    TRUTHY = "truthy"
    FALSY = "falsy"

    # An `Enum` computes a hash of its own with every look-up.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A literal."""

    size: ClassVar[int] = 1
    value: str | int | float | bool | Undefined | None

    def __eq__(self, other: object) -> bool:
        """Equal literals are of one kind: of Python, `True == 1`."""
        if not isinstance(other, Constant) or isinstance(self.value, bool) is not isinstance(other.value, bool):
            return False
        return self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """How a text was put together."""

    opening: str
    """What it surely begins with; `…` stands for text that no caller has written."""

    written_by: Origins = NOTHING
    """The origins of those parts that can be any text: numbers, digests and encoded parts are none."""

    continued_by: Origins = NOTHING
    """The origins of the first of those parts, right behind the opening."""

    climbs_by: Origins | None = None
    """The origins of those parts that may hold `..`; None: of all of them."""

    steps: tuple[Value, ...] | None = None
    """What stands between its slashes, where it is a path that is known so far."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything of these origins."""

    size: ClassVar[int] = 1
    origins: Origins
    truth: Truth = Truth.MAYBE
    when_true: Facts = NO_FACTS
    when_false: Facts = NO_FACTS
    is_checked: bool = False
    """Whether a schema has parsed it."""

    is_primitive: bool = False
    """Whether it is surely a string, number, boolean or date: no object that a query would take for a filter."""

    text: Text | None = None
    """How it was put together, if the code did so."""

    callbacks: tuple[Closure, ...] = ()
    """The functions that were handed to the unread code which made it: calling it may call them."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object whose fields are known."""

    fields: tuple[tuple[str, Value], ...]
    rest: Value | None = None
    """Any other field, where not all are known."""

    brand: object = None
    """The `Blueprint` that it is an instance of, a word for built-in classes (`Error`), or what a library calls it."""

    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count what it is made of."""
        rest = self.rest.size if self.rest is not None else 0
        object.__setattr__(self, "size", size_of(value for _, value in self.fields) + rest)


PROXY = "Proxy"
"""The brand of a proxy: an object of its target and the traps that stand before it."""


@dataclass(frozen=True, slots=True)
class Array:
    """A list: known items, or any number of one element."""

    items: tuple[Value, ...] | None
    element: Value
    when_empty: Facts = NO_FACTS
    """What holds where it has no items: what was left out of it has shown."""

    is_exhaustive: bool = False
    """Whether it holds all there is of a kind, as the names of all roles: to be among them says nothing."""

    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count what it is made of."""
        object.__setattr__(self, "size", size_of(self.items or ()) + self.element.size)


@dataclass(frozen=True, slots=True)
class Closure:
    """A function of the repository, with the scope it was made in."""

    size: ClassVar[int] = 1
    function: Function
    scope: Scope
    this: Value | None = None
    bound: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A class of the repository."""

    size: ClassVar[int] = 1
    node: Class
    scope: Scope


@dataclass(frozen=True, slots=True)
class Library:
    """Something that a library gave, named by how it was reached."""

    root: str
    """A package (`next/headers`), or a thing of one (`@prisma/client#client`)."""

    path: tuple[str, ...] = ()
    """Properties read since."""

    state: tuple[object, ...] = ()
    """What the knowledge remembers of the calls that built it."""

    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count what it is made of."""
        object.__setattr__(self, "size", sum(part.size if isinstance(part, Value) else 1 for part in self.state))


@dataclass(frozen=True, slots=True)
class Native:
    """A function of the execution itself: a method of a built-in, or a continuation handed to a callback."""

    size: ClassVar[int] = 1
    name: str
    owner: Value | None = None
    action: object = field(default=None)
    """A callable `(Calling, Arguments) -> Value`, compared by identity."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """All exports of a module of the repository."""

    size: ClassVar[int] = 1
    path: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What an `await` will give, and prove."""

    value: Value
    """Without alternatives where the promise never fulfils."""

    facts: Facts = NO_FACTS
    rejection: Value | None = None
    """What it may be rejected with, if it may be."""

    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count what it is made of."""
        object.__setattr__(self, "size", 1 + self.value.size)


Shape = Constant | Unknown | Object | Array | Closure | Blueprint | Library | Native | Namespace | Promise


class Alternative(NamedTuple):
    """One of the things a value may be."""

    shape: Shape
    under: Facts = NO_FACTS
    """Facts that hold wherever this is the one."""


class Value:
    """What an expression may evaluate to. No alternatives: it never evaluates."""

    __slots__ = (
        "_hash",
        "_holds_callbacks",
        "_holds_functions",
        "_is_parsed",
        "_kept",
        "_origins",
        "alternatives",
        "size",
    )

    alternatives: tuple[Alternative, ...]
    size: int
    """How many values it consists of, itself included, counted on every way that leads to each."""

    def __init__(self, alternatives: tuple[Alternative, ...]) -> None:
        size = 1
        for a in alternatives:
            size += a.shape.size
        if size > MOST_PARTS:
            alternatives = tuple(map(shrunk, alternatives))
            size = 1 + sum(a.shape.size for a in alternatives)
        self.alternatives = alternatives
        self.size = size
        self._hash: int | None = None
        self._origins: Origins | None = None
        self._is_parsed: bool | None = None
        self._holds_callbacks: bool | None = None
        self._holds_functions: bool | None = None
        self._kept: dict[object, object] | None = None

    @property
    def kept(self) -> dict[object, object]:
        """The answers of questions about it that are asked often; see `once`."""
        if self._kept is None:
            self._kept = {}
        return self._kept

    @property
    def origins(self) -> Origins:
        """All origins of what it consists of."""
        if self._origins is None:
            found: Origins = NOTHING
            for a in self.alternatives:
                if isinstance(a.shape, Unknown):
                    found = all_of(found, a.shape.origins)
                else:
                    for part in parts_of(a.shape):
                        found = all_of(found, origins_of(part))
            self._origins = found
        return self._origins

    @property
    def is_parsed(self) -> bool:
        """Whether all that it comes from was parsed by a schema; what comes from nowhere needs none."""
        if self._is_parsed is None:
            self._is_parsed = all(
                a.shape.is_checked or not a.shape.origins
                if isinstance(a.shape, Unknown)
                else all(map(is_parsed, parts_of(a.shape)))
                for a in self.alternatives
            )
        return self._is_parsed

    @property
    def holds_functions(self) -> bool:
        """Whether it is, or consists of, a function that was made in the execution."""
        if self._holds_functions is None:
            self._holds_functions = any(
                isinstance(a.shape, Closure | Native)
                or any(part is not None and part.holds_functions for part in parts_of(a.shape))
                for a in self.alternatives
            )
        return self._holds_functions

    @property
    def holds_callbacks(self) -> bool:
        """Whether it is or consists of a function of the repository, or of what was made with one."""
        if self._holds_callbacks is None:
            self._holds_callbacks = any(
                isinstance(a.shape, Closure)
                or (isinstance(a.shape, Unknown) and bool(a.shape.callbacks))
                or any(part is not None and part.holds_callbacks for part in parts_of(a.shape))
                for a in self.alternatives
            )
        return self._holds_callbacks

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Value) or hash(self) != hash(other):
            return False
        if self.alternatives is not other.alternatives:
            if self.alternatives != other.alternatives:
                return False
            # Values share their parts; equal ones share all from now on, or each part would be compared on every way
            # that leads to it.
            other.alternatives = self.alternatives
        return True

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self.alternatives)
        return self._hash

    def __repr__(self) -> str:
        return " | ".join(repr(a.shape) for a in self.alternatives) or "never"


def size_of(values: Iterable[Value]) -> int:
    """How many values these consist of."""
    return sum(value.size for value in values)


def shrunk(alternative: Alternative) -> Alternative:
    """An alternative of a value that has too many parts: of a large one, only where it all comes from is kept."""
    shape = alternative.shape
    if shape.size <= MOST_PARTS // MOST_ALTERNATIVES:
        return alternative
    parts = [part for part in parts_of(shape) if part is not None]
    found = gathered(origin for part in parts for origin in part.origins)
    whole = Unknown(found, truth_of(shape), is_checked=all(map(is_parsed, parts)))
    return Alternative(whole, alternative.under)


def of(shape: Shape) -> Value:
    """The value that is surely this."""
    return Value((Alternative(shape),))


NEVER = Value(())
UNDEFINED_VALUE = of(Constant(UNDEFINED))
ABSENT_VALUE = of(Constant(ABSENT))
NULL_VALUE = of(Constant(None))
TRUE_VALUE = of(Constant(True))
FALSE_VALUE = of(Constant(False))


def unknown(origins: Iterable[Origin] = (), truth: Truth = Truth.MAYBE) -> Value:
    """Anything of these origins."""
    return of(Unknown(gathered(origins), truth))


PLAIN = unknown()
"""A value nobody outside chose, and that proves nothing."""


def obj(rest: Value | None = None, /, **fields: Value) -> Value:
    """An object with these fields."""
    return of(Object(tuple(fields.items()), rest))


def choice(name: object, *outcomes: tuple[Value, Facts]) -> Value:
    """One of several outcomes that are decided together; each brings its facts."""
    alternatives: list[Alternative] = []
    for index, (value, facts) in enumerate(outcomes):
        under = facts | {Case(name, index)}
        alternatives += [Alternative(a.shape, together(a.under, under)) for a in value.alternatives]
    return Value(tuple(alternatives))


def unite(*values: Value) -> Value:
    """Any of these values."""
    kept: dict[Shape, Facts] = {}
    for value in values:
        for a in value.alternatives:
            kept[a.shape] = agreed(kept[a.shape], a.under) if a.shape in kept else a.under
    if len(kept) > MOST_ALTERNATIVES:
        return condensed(kept)
    return Value(tuple(Alternative(shape, under) for shape, under in kept.items()))


CALLABLE = (Closure, Library, Blueprint, Native, Promise, Namespace)
"""What can be called, or has properties that can."""


def condensed(kept: dict[Shape, Facts]) -> Value:
    """Too many alternatives: data are merged to one for those who are known, and one for whoever calls.

    Objects are merged field by field, the rest to an unknown. What can be called stays.
    """
    callable_ones = [Alternative(s, u) for s, u in kept.items() if isinstance(s, CALLABLE)][: MOST_ALTERNATIVES - 6]
    objects = [Alternative(s, u) for s, u in kept.items() if is_plain_object(s)]
    others = {s: u for s, u in kept.items() if not isinstance(s, CALLABLE) and not is_plain_object(s)}
    merged = [
        merged_object(alike)
        for known in (False, True)
        if (alike := [a for a in objects if is_surely_known(a.under) is known])
    ]
    for falsy, known in product((False, True), (False, True)):
        group = {
            s: u for s, u in others.items() if (truth_of(s) is Truth.FALSY) is falsy and is_surely_known(u) is known
        }
        if group:
            under = reduce(agreed, group.values())
            truths = {truth_of(s) for s in group}
            truth = truths.pop() if len(truths) == 1 else Truth.MAYBE
            found = gathered(o for s in group for o in origins_of(of(s)))
            parsed = all(is_parsed(of(s)) for s in group)
            merged.append(
                Alternative(Constant(None) if falsy and not found else Unknown(found, truth, is_checked=parsed), under)
            )
    return Value(tuple(callable_ones + merged))


def is_plain_object(shape: Shape) -> bool:
    """Whether a shape is an object as it is written in a program, or read from a store."""
    return isinstance(shape, Object) and shape.brand is None


def merged_object(these: Sequence[Alternative]) -> Alternative:
    """One object for several: each field is what it is in any of them, and missing where one does not have it.

    `if (input.name) data.name = input.name`, ten times over, makes a thousand objects of ten names.
    """
    if len(these) == 1:
        return these[0]
    held: dict[str, dict[Alternative, Value]] = {}
    rests: list[Value] = []
    for a in these:
        assert isinstance(a.shape, Object)  # noqa: S101
        for name, value in a.shape.fields:
            held.setdefault(name, {})[a] = value
        if a.shape.rest is not None:
            rests.append(under(a.shape.rest, a.under))
    fields = tuple((name, field_among(these, values)) for name, values in held.items())
    rest = unite(*rests, *(value for _, value in fields[MOST_FIELDS:])) if rests or fields[MOST_FIELDS:] else None
    return Alternative(Object(fields[:MOST_FIELDS], rest), reduce(agreed, (a.under for a in these)))


def field_among(these: Sequence[Alternative], values: Mapping[Alternative, Value]) -> Value:
    """What a field is in any of several objects."""
    found = list(values.values())
    if len(found) == len(these) and all(value is found[0] for value in found):
        return found[0]
    missing = [a for a in these if a not in values]
    nothing = [under(UNDEFINED_VALUE, reduce(agreed, (a.under for a in missing)))] if missing else []
    return unite(*nothing, *(under(value, a.under) for a, value in values.items()))


def under(value: Value, facts: Facts) -> Value:
    """The value, where it exists only under these facts."""
    if not facts:
        return value
    return Value(tuple([Alternative(a.shape, together(a.under, facts)) for a in value.alternatives]))


def possible(value: Value, facts: Facts) -> Value:
    """The alternatives that these facts leave."""
    if len(value.alternatives) < 2:
        return value
    kept = tuple(a for a in value.alternatives if not (a.under and contradict(facts, a.under)))
    return value if len(kept) in (0, len(value.alternatives)) else Value(kept)


def unprivileged(value: Value) -> Value:
    """What it may be for a caller without any right, where it is not the same for those who have one."""
    kept = tuple(a for a in value.alternatives if not has_right(a.under))
    return value if len(kept) in (0, len(value.alternatives)) else Value(kept)


def truth_of(shape: Shape) -> Truth:
    """Whether a shape is truthy."""
    if isinstance(shape, Constant):
        value = None if isinstance(shape.value, Undefined) else shape.value
        return Truth.TRUTHY if value else Truth.FALSY
    if isinstance(shape, Unknown):
        return shape.truth
    return Truth.TRUTHY


def is_nullish(shape: Shape) -> bool:
    """Whether it is surely `null` or `undefined`."""
    return isinstance(shape, Constant) and (shape.value is None or isinstance(shape.value, Undefined))


def is_undefined(shape: Shape) -> bool:
    """Whether it is `undefined`, as far as was seen."""
    return isinstance(shape, Constant) and isinstance(shape.value, Undefined)


def is_surely_nullish(value: Value) -> bool:
    """Whether a value is proven to be `null` or `undefined`: to use it as anything else ends the path."""
    return all(is_nullish(a.shape) for a in value.alternatives) and not any(
        isinstance(a.shape, Constant) and a.shape.value is ABSENT for a in value.alternatives
    )


def assuming(value: Value, *, truthy: bool) -> tuple[Value, Facts] | None:
    """The value and the facts where its truth is this, or None where that cannot be."""
    wanted, excluded = (Truth.TRUTHY, Truth.FALSY) if truthy else (Truth.FALSY, Truth.TRUTHY)
    return keeping(value, [a for a in value.alternatives if truth_of(a.shape) is not excluded], wanted)


def keeping(value: Value, kept: list[Alternative], truth: Truth | None = None) -> tuple[Value, Facts] | None:
    """The value and the facts where it is one of the alternatives `kept`."""
    if not kept:
        return None
    proofs = [a.under | proven_by(a.shape, truth) for a in kept]
    facts = reduce(agreed, proofs)
    return narrowed(value, kept, truth), facts | ruled_out(value, kept)


def narrowed(value: Value, kept: list[Alternative], truth: Truth | None) -> Value:
    """A value where it is one of the alternatives `kept`, and this its truth; the same value where that tells no more.

    Paths join the sooner the more of their values are the same.
    """
    shapes = [settled(a.shape, truth) for a in kept]
    if len(kept) == len(value.alternatives) and all(s is a.shape for s, a in zip(shapes, kept, strict=True)):
        return value
    return Value(tuple(a if s is a.shape else Alternative(s, a.under) for s, a in zip(shapes, kept, strict=True)))


def ruled_out(value: Value, kept: list[Alternative]) -> Facts:
    """The outcomes that did not come true, as the value is one of the alternatives `kept`.

    Where one choice tells an alternative apart from all that are kept, the others may have come out as they did there.
    So may the way that led here where something was chosen on it: what is left may lie on that way as well.
    """
    if len(kept) == len(value.alternatives) or not any(cases_among(a.under) for a in value.alternatives):
        return NO_FACTS
    left = [cases_in(a) for a in kept]
    found: set[tuple[Choice, int]] = set()
    for a in value.alternatives:
        cases = cases_in(a)
        telling = {c for c in cases.items() if all(c[0] in other and other[c[0]] != c[1] for other in left)}
        chosen = {c for c in cases.items() if not isinstance(c[0].name, Ways)}
        found |= telling or chosen or set(cases.items())
    return frozenset(
        NotCase(choice.name, index) for choice, index in found.difference(*(other.items() for other in left))
    )


def cases_in(alternative: Alternative) -> dict[Choice, int]:
    """How the choices came out under which an alternative is the one."""
    return dict(cases_among(alternative.under))


def proven_by(shape: Shape, truth: Truth | None) -> Facts:
    """The facts that follow from a shape's truth."""
    if isinstance(shape, Unknown):
        if truth is Truth.TRUTHY:
            return shape.when_true
        if truth is Truth.FALSY:
            return shape.when_false
    return NO_FACTS


def settled(shape: Shape, truth: Truth | None) -> Shape:
    """The shape once its truth is known."""
    if isinstance(shape, Unknown) and truth is not None and shape.truth is Truth.MAYBE:
        return Unknown(
            shape.origins,
            truth,
            is_checked=shape.is_checked,
            is_primitive=shape.is_primitive,
            text=shape.text,
            callbacks=shape.callbacks,
        )
    return shape


def field_of(shape: Object, name: str) -> Value | None:
    """A field, or None where the object surely has none of this name."""
    for key, value in shape.fields:
        if key == name:
            return value
    return shape.rest


def with_field(shape: Object, name: str, value: Value) -> Object:
    """The object with a field set."""
    fields = tuple((key, old) for key, old in shape.fields if key != name)
    if len(fields) >= MOST_FIELDS:
        return Object(fields, unite(shape.rest or UNDEFINED_VALUE, value), shape.brand)
    return Object((*fields, (name, value)), shape.rest, shape.brand)


def origins_of(value: Value | None) -> Origins:
    """All origins of a value and of what it contains."""
    return value.origins if value is not None else NOTHING


def origins_of_each(value: Value) -> list[Origins]:
    """Where each thing comes from that a value may be; one that comes from nowhere is left out."""
    return [found for each in value.alternatives if (found := origins_of(Value((each,))))]


def parts_of(shape: Shape) -> Iterable[Value | None]:
    """The values that a shape is made of."""
    if isinstance(shape, Object):
        return (*(value for _, value in shape.fields), shape.rest)
    if isinstance(shape, Array):
        return (shape.element, *(shape.items or ()))
    if isinstance(shape, Promise):
        return (shape.value,)
    if isinstance(shape, Library):
        return tuple(part for part in shape.state if isinstance(part, Value))
    return ()


MOST_CALLBACKS = 6
"""Functions that are remembered of those handed to unread code; a builder of actions is given three or four."""


def callbacks_in(values: Iterable[Value], depth: int = 3) -> tuple[Closure, ...]:
    """The functions of the repository that some values are, hold, or were made with."""
    found: dict[Closure, None] = {}
    for a in (a for value in values if value.holds_callbacks for a in value.alternatives):
        if isinstance(a.shape, Closure):
            found[a.shape] = None
        elif isinstance(a.shape, Unknown):
            found |= dict.fromkeys(a.shape.callbacks)
        elif depth > 0 and isinstance(a.shape, Object | Array | Promise):
            inner = (part for part in parts_of(a.shape) if part is not None)
            found |= dict.fromkeys(callbacks_in(inner, depth - 1))
    return tuple(found)[-MOST_CALLBACKS:]


def is_parsed(value: Value | None) -> bool:
    """Whether all that a value comes from was parsed by a schema."""
    return value is None or value.is_parsed


def primitive_of(*values: Value, truth: Truth = Truth.MAYBE) -> Value:
    """A string or number that is made of some values; parsed, if they all were."""
    found = gathered(o for value in values for o in origins_of(value))
    made = of(Unknown(found, truth, is_checked=all(map(is_parsed, values)), is_primitive=True))
    return under(made, totals_in(values))


def totals_in(values: Iterable[Value]) -> Facts:
    """Of which records some numbers tell that a store has made: so does what is made of them."""
    return frozenset(fact for value in values for a in value.alternatives if a.under for fact in totals_among(a.under))


def property_of(shape: Unknown, name: str) -> Unknown:
    """A property of an unknown value: it is there only if the value is, which may show that somebody is known.

    What a text, a number or an address has besides is no object of the caller's either.
    """
    if shape.truth is Truth.FALSY and all(isinstance(o, Input) for o in shape.origins):
        # Of what the caller has not sent, nothing is their choice.
        return Unknown(NOTHING)
    # The address of a `URL` is what it was made of.
    text = shape.text if name == "href" else None
    found = all_deeper(shape.origins, name)
    return Unknown(
        found,
        when_true=perhaps_authenticated(shape.when_true),
        is_checked=shape.is_checked,
        is_primitive=shape.is_primitive,
        text=text,
        callbacks=shape.callbacks,
    )


def text_of(value: Value) -> str | None:
    """The string that a value surely is."""
    if len(value.alternatives) == 1:
        shape = value.alternatives[0].shape
        if isinstance(shape, Constant) and isinstance(shape.value, str):
            return shape.value
    return None
