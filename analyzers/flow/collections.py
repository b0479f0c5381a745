"""Lists and objects: their items, and how one is spread into another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import reduce

from preship.analyzers.flow.containers import any_pair, is_container
from preship.analyzers.flow.facts import NO_FACTS, Case, Facts, agreed, has_right
from preship.analyzers.flow.library import Arguments
from preship.analyzers.flow.origins import NOTHING, Input, all_deeper
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Library,
    Namespace,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    field_of,
    is_nullish,
    of,
    origins_of,
    property_of,
    under,
    unite,
    unknown,
    with_field,
)


def element_of(value: Value) -> Value:
    """Any one item of a list, set, map or iterator.

    Where there may be another list, an empty one brings no item; one that stands alone may have been filled.
    """
    found: list[Value] = []
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Array) and shape.items == () and len(value.alternatives) > 1:
            continue
        if isinstance(shape, Array):
            found.append(under(shape.element, a.under))
        elif isinstance(shape, Unknown):
            found.append(Value((Alternative(replace(shape, truth=Truth.MAYBE), a.under),)))
        elif isinstance(shape, Object) and is_container(shape):
            found.append(under(any_pair(shape), a.under))
        elif not is_nullish(shape):
            found.append(unknown(origins_of(of(shape))))
    return unite(*found) if found else PLAIN


MOST_STEPS = 16
"""Items of a list that have their turn one after another."""

MOST_NAMES = 64
"""Of names alone: what is done with each is little, and the tables and columns of an application are no more."""


def steps_in(value: Value) -> tuple[Value, ...]:
    """The items of a list that is written out, where each does something else: they bring code, or name a field."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    items = shape.items if isinstance(shape, Array) and shape.items is not None else ()
    if len(items) > MOST_STEPS:
        return items if len(items) <= MOST_NAMES and all(map(names_a_field, items)) else ()
    return items if any(map(differs, items)) else ()


def differs(value: Value) -> bool:
    """Whether it matters which item of a list has its turn."""
    return brings_code(value) or names_a_field(value) or tells_something(value)


def tells_something(value: Value) -> bool:
    """Whether an item, or one of its fields, is a yes or no that proves something: `{ ok: !!session, say: 'no' }`."""
    fields = [v for a in value.alternatives if isinstance(a.shape, Object) for _, v in a.shape.fields]
    return any(a.under or proves(a.shape) for each in (value, *fields) for a in each.alternatives)


def proves(shape: Shape) -> bool:
    """Whether something proves anything by its truth."""
    return isinstance(shape, Unknown) and shape.is_primitive and bool(shape.when_true | shape.when_false)


def names_a_field(value: Value) -> bool:
    """Whether a value is a text that is known, or an entry with such a name: `['userId', session.userId]`."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Array) and shape.items is not None and len(shape.items) == 2:
        return names_a_field(shape.items[0])
    return isinstance(shape, Constant) and isinstance(shape.value, str)


def brings_code(value: Value) -> bool:
    """Whether a value is a function of the project, has one among its fields, or is of a class of the project."""
    objects = [a.shape for a in value.alternatives if isinstance(a.shape, Object)]
    if any(isinstance(shape.brand, Blueprint) for shape in objects):
        return True
    fields = [v for shape in objects for _, v in shape.fields]
    return any(isinstance(a.shape, Closure) for v in (value, *fields) for a in v.alternatives)


def has_items(value: Value) -> bool:
    """Whether a value is surely a list with something in it: what stands in a list as written stays there."""
    shapes = [a.shape for a in value.alternatives]
    return bool(shapes) and all(isinstance(shape, Array) and shape.items for shape in shapes)


def has_no_items(value: Value) -> bool:
    """Whether a value is surely what a list of all fields of an empty object is; others may have filled a list."""
    shapes = [a.shape for a in value.alternatives]
    return bool(shapes) and all(isinstance(s, Array) and s.items == () and s.is_exhaustive for s in shapes)


def arguments_in(value: Value) -> Arguments:
    """The items of a list as the arguments of a call."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Array) and shape.items is not None:
        return Arguments(shape.items)
    return Arguments((), element_of(value))


@dataclass(frozen=True, slots=True)
class Filled:
    """Names the choice whether a list has items (0) or none (1)."""

    list: object


def common(value: Value) -> Facts:
    """What holds wherever a value is there at all."""
    return reduce(agreed, (a.under for a in value.alternatives)) if value.alternatives else NO_FACTS


def any_item(shape: Array) -> Value:
    """The item at some place of a list of any length, or `undefined`; what empties the list leaves `undefined`."""
    empty = frozenset(Case(f.choice, 1) for f in common(shape.element) if isinstance(f, Case) and is_filled(f))
    return unite(shape.element, under(UNDEFINED_VALUE, empty))


def length_of(shape: Array) -> Value:
    """How many items a list has: where there are some, what holds for each of them holds."""
    if shape.items is not None:
        # What stands in a list as written stays there; an empty one is there to be filled.
        return unknown((), Truth.TRUTHY) if shape.items else PLAIN
    sent = origins_of(shape.element)
    found = all_deeper(sent, "length") if sent and all(isinstance(o, Input) for o in sent) else NOTHING
    facts = common(shape.element)
    return of(Unknown(found, Truth.MAYBE, facts, shape.when_empty, is_checked=bool(found), is_primitive=True))


def fewer(element: Value) -> Value:
    """The items of a list from which some were left out: it may be empty where the whole one is not."""
    return Value(
        tuple(Alternative(a.shape, frozenset(f for f in a.under if not is_filled(f))) for a in element.alternatives)
    )


def is_filled(fact: object) -> bool:
    """Whether a fact tells that a list has items."""
    return isinstance(fact, Case) and isinstance(fact.choice, Filled) and fact.index == 0


MOST_CASES = 4
"""Objects that one literal is told apart into, by the rights under which a part of it is spread."""


def spread_by_right(targets: Value, source: Value) -> Value:
    """`{ ...target, ...source }`, told apart by what a caller with a right gets and what one without gets."""
    cases = [Value((a,)) for a in source.alternatives] if is_by_right(source) else [source]
    if len(cases) * len(targets.alternatives) > MOST_CASES:
        cases = [source]
    found: list[Value] = []
    for a in targets.alternatives:
        for case in cases:
            held = case.alternatives[0].under if len(cases) > 1 else NO_FACTS
            assert isinstance(a.shape, Object)  # noqa: S101
            found.append(under(of(spread_into(a.shape, case)), a.under | held))
    return unite(*found)


def is_by_right(value: Value) -> bool:
    """Whether a value is another for a caller with some right."""
    privileged = [has_right(a.under) for a in value.alternatives]
    return any(privileged) and not all(privileged)


def spread_into(target: Object, source: Value) -> Object:
    """`{ ...target, ...source }`."""
    common = fields_of_all(source)
    for a in source.alternatives:
        shape = a.shape
        if isinstance(shape, Object):
            target = with_fields(target, shape, a, left_out=common)
        elif isinstance(shape, Unknown) and shape.truth is not Truth.FALSY:
            target = with_rest(target, of(replace(shape, truth=Truth.MAYBE)), a.under)
        elif isinstance(shape, Library):
            target = replace(target, rest=of(shape))
        elif isinstance(shape, Namespace):
            target = replace(target, rest=unite(target.rest, of(shape)) if target.rest else of(shape))
    for key, value in common.items():
        target = with_field(target, key, value)
    return target


def fields_of_all(source: Value) -> dict[str, Value]:
    """The fields that each alternative of a value brings: whichever it is, they replace what stood there."""
    shapes = [a.shape for a in source.alternatives if isinstance(a.shape, Object)]
    if not shapes or len(shapes) < len(source.alternatives):
        return {}
    found: dict[str, list[Value]] = {}
    for a, shape in zip(source.alternatives, shapes, strict=True):
        for key, value in shape.fields:
            found.setdefault(key, []).append(under(value, a.under))
    return {key: unite(*values) for key, values in found.items() if len(values) == len(shapes)}


def standing(target: Object, name: str) -> Value:
    """What stands in a field before another object is spread over it: of a record spread before, its column."""
    found = field_of(target, name) or UNDEFINED_VALUE
    if found is not target.rest:
        return found
    return Value(
        tuple(
            Alternative(property_of(a.shape, name), a.under) if isinstance(a.shape, Unknown) else a
            for a in found.alternatives
        )
    )


def with_fields(target: Object, source: Object, a: Alternative, *, left_out: Collection[str]) -> Object:
    """The fields that one object may put over those of another; those `left_out` are put there otherwise."""
    for key, value in source.fields:
        if key not in left_out:
            inner = unite(standing(target, key), under(value, a.under))
            target = with_field(target, key, inner)
    if source.rest is not None:
        target = with_rest(target, source.rest, a.under, written=frozenset(name for name, _ in source.fields))
    return target


def with_rest(target: Object, rest: Value, held: Facts, written: Collection[str] = ()) -> Object:
    """Fields that are not known, over those of an object: whoever sends them may send one that stands there.

    Those `written` stand beside them, and not below.
    """
    sent = [
        (a.shape, a.under | held) for a in rest.alternatives if isinstance(a.shape, Unknown) and is_as_sent(a.shape)
    ]
    for key, value in target.fields if sent else ():
        if key not in written:
            over = Value(tuple(Alternative(property_of(shape, key), facts) for shape, facts in sent))
            target = with_field(target, key, unite(value, over))
    return replace(target, rest=unite(target.rest, rest) if target.rest else rest)


def is_as_sent(shape: Unknown) -> bool:
    """Whether something is an object that a caller has put together, and nobody has looked at."""
    found = shape.origins
    return bool(found) and not shape.is_checked and not shape.is_primitive and all(isinstance(o, Input) for o in found)
