"""Containers: what is put into a map, a form, headers or search parameters, and what may come out of them again.

One that a module keeps is filled by other requests too. What code puts there under a key that only the caller can name
is the caller's when it comes out under such a key; under any other key, nothing is known of whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Claimed, Facts
from preship.analyzers.flow.origins import Session, Unfollowed
from preship.analyzers.flow.values import (
    CALLABLE,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Library,
    Object,
    Promise,
    Shape,
    Unknown,
    Value,
    of,
    text_of,
    unite,
    with_field,
)

MAPS = frozenset({"Map", "WeakMap"})
BRANDS = MAPS | {"FormData", "Headers", "URLSearchParams"}
"""Built-ins that hold values under keys."""

KEYS = "\0keys"
"""Holds the keys that are no texts known here."""

CALLERS = "\0callers"
"""Holds what other requests have put there under keys that only their callers can name."""

OTHERS = "\0others"
"""Holds what other requests may have put there under any key; there where other requests fill the container at all."""

HIDDEN = frozenset({KEYS, CALLERS, OTHERS})


def is_container(shape: Shape) -> bool:
    """Whether something holds values under keys that are no properties of it."""
    return isinstance(shape, Object) and shape.brand in BRANDS


def is_empty(shape: Object) -> bool:
    """Whether nobody has put anything into a container."""
    return not shape.fields and shape.rest is None


def known_key(shape: Object, key: Value) -> str | None:
    """The name under which something stands, where it is known; that of a header in lower case."""
    name = text_of(key)
    return name.lower() if name is not None and shape.brand == "Headers" else name


def with_entry(shape: Object, key: Value, value: Value, *, is_added: bool = False) -> Object:
    """A container in which something stands under a key; beside what stood there, where it `is_added`."""
    name = known_key(shape, key)
    if name is None:
        keys = _own(shape, KEYS)
        shape = with_field(shape, KEYS, unite(keys, key) if keys is not None else key)
        return replace(shape, rest=unite(shape.rest, value) if shape.rest else value)
    before = _own(shape, name) if is_added else None
    return with_field(shape, name, unite(before, value) if before is not None else value)


def without_entry(shape: Object, key: Value | None) -> Object:
    """A container from which something, or everything, was taken out."""
    name = known_key(shape, key) if key is not None else None
    if key is None:
        kept = tuple((k, v) for k, v in shape.fields if k in {CALLERS, OTHERS})
        return Object(kept, None, shape.brand)
    return replace(shape, fields=tuple((k, v) for k, v in shape.fields if k != name))


def with_callers_own(shape: Shape, value: Value) -> Shape:
    """A container, or an object that serves as one, into which requests put this for their callers alone.

    It stands before the fields: where those are too many to be told apart, it must not come out under any key.
    """
    if not isinstance(shape, Object):
        return shape
    before = _own(shape, CALLERS)
    others = tuple((name, old) for name, old in shape.fields if name != CALLERS)
    return replace(shape, fields=((CALLERS, unite(before, value) if before is not None else value), *others))


def with_others(shape: Shape, value: Value) -> Shape:
    """A container into which requests put this under keys that anybody may name."""
    before = _own(shape, OTHERS) if isinstance(shape, Object) else None
    return (
        with_field(shape, OTHERS, unite(before, value)) if isinstance(shape, Object) and before is not None else shape
    )


def filled(brand: str, entries: Value) -> Object:
    """A container made of a list of pairs, of another container, or of an object."""
    made = Object((), None, brand)
    shape = entries.alternatives[0].shape if len(entries.alternatives) == 1 else None
    if isinstance(shape, Object) and (shape.brand is None or shape.brand in BRANDS):
        for name, value in visible(shape):
            made = with_entry(made, of(Constant(name)), value)
        return replace(made, rest=shape.rest)
    if isinstance(shape, Array) and shape.items is not None:
        for item in shape.items:
            made = with_entry(made, *pair_in(item), is_added=brand not in MAPS)
        return made
    return with_entry(made, *pair_in(shape.element if isinstance(shape, Array) else entries))


def pair_in(item: Value) -> tuple[Value, Value]:
    """The key and the value of an entry."""
    shape = item.alternatives[0].shape if len(item.alternatives) == 1 else None
    if isinstance(shape, Array) and shape.items is not None and len(shape.items) > 1:
        return shape.items[0], shape.items[1]
    either = shape.element if isinstance(shape, Array) else item
    return either, either


def found_under(shape: Object, key: Value, *, is_callers_own: bool, elsewhere: Value | None = None) -> Value:
    """What stands under a key, or `undefined`; `elsewhere` is what other requests are known to keep there."""
    callers = _own(shape, CALLERS)
    if callers is not None and is_callers_own:
        return unite(UNDEFINED_VALUE, callers, *((shape.rest,) if shape.rest is not None else ()))
    name = known_key(shape, key)
    own = _own(shape, name) if name is not None else None
    found = [own] if own is not None else [UNDEFINED_VALUE]
    found += [] if name is not None else [value for _, value in visible(shape)]
    found += [shape.rest] if shape.rest is not None else []
    others = _own(shape, OTHERS) or (PLAIN if callers is not None else None)
    if others is not None and own is None:
        found.append(others if elsewhere is None else unite(elsewhere, what_can_be_called(others)))
    return unite(*found, *((PLAIN,) if found == [UNDEFINED_VALUE] else ()))


def what_can_be_called(value: Value) -> Value:
    """Functions and things of libraries, whose they ever are."""
    return Value(tuple(a for a in value.alternatives if isinstance(a.shape, CALLABLE)))


def contents(shape: Object) -> Value:
    """Any value that a container holds."""
    found = [value for _, value in visible(shape)] + ([shape.rest] if shape.rest is not None else [])
    is_open = not found or any(_own(shape, name) is not None for name in (CALLERS, OTHERS))
    return unite(*found, *((PLAIN,) if is_open else ()))


def keys_of(shape: Object) -> Value:
    """Any key of a container."""
    others = _own(shape, KEYS)
    named = [of(Constant(name)) for name, _ in visible(shape)]
    return unite(*named, others if others is not None else PLAIN)


def any_pair(shape: Object) -> Value:
    """Any entry of a container: its key and its value."""
    key, value = keys_of(shape), contents(shape)
    return of(Array((key, value), unite(key, value)))


def visible(shape: Object) -> Iterable[tuple[str, Value]]:
    """What stands under names that are known."""
    return [(name, value) for name, value in shape.fields if name not in HIDDEN]


DEEPEST = 3
"""Objects inside objects whose maps other requests fill."""


def shared(value: Value, depth: int = DEEPEST) -> Value:
    """What a module keeps: the maps in it are filled by other requests as well."""
    if depth == 0 or not any(isinstance(a.shape, Object) for a in value.alternatives):
        return value
    return Value(tuple(Alternative(_shared_shape(a.shape, depth), a.under) for a in value.alternatives))


def _shared_shape(shape: Shape, depth: int) -> Shape:
    if not isinstance(shape, Object):
        return shape
    if shape.brand in MAPS:
        return with_field(shape, OTHERS, PLAIN)
    return replace(shape, fields=tuple((name, shared(value, depth - 1)) for name, value in shape.fields))


def carried(value: Value, facts: Facts, depth: int = DEEPEST) -> Value:
    """What an earlier request kept for its caller: of what had been proven there, who is calling still holds."""
    return Value(tuple(Alternative(_carried(a.shape, depth), _lasting(a.under | facts)) for a in value.alternatives))


def _carried(shape: Shape, depth: int) -> Shape:
    if depth == 0:
        return shape
    if isinstance(shape, Object):
        fields = tuple((name, carried(value, frozenset(), depth - 1)) for name, value in shape.fields)
        return replace(shape, fields=fields)
    if isinstance(shape, Promise):
        return Promise(carried(shape.value, frozenset(), depth - 1), _lasting(shape.facts))
    if isinstance(shape, Unknown):
        return replace(shape, when_true=_lasting(shape.when_true), when_false=_lasting(shape.when_false))
    return shape


def anybodys(value: Value, depth: int = DEEPEST) -> Value:
    """What an earlier request kept for whomever: nothing that had been proven there holds, no session is this one."""
    return Value(tuple(Alternative(_anybodys(a.shape, depth)) for a in value.alternatives))


def _anybodys(shape: Shape, depth: int) -> Shape:
    if isinstance(shape, Unknown):
        left = frozenset(Unfollowed(KEPT) if isinstance(o, Session) else o for o in shape.origins)
        return replace(shape, origins=left, when_true=NO_FACTS, when_false=NO_FACTS)
    if depth == 0 or isinstance(shape, Closure | Blueprint | Library):
        return shape
    if isinstance(shape, Object):
        fields = tuple((name, anybodys(value, depth - 1)) for name, value in shape.fields)
        return replace(shape, fields=fields, rest=anybodys(shape.rest, depth - 1) if shape.rest is not None else None)
    if isinstance(shape, Promise):
        return Promise(anybodys(shape.value, depth - 1))
    return shape


KEPT = "what an earlier request has kept"


def _lasting(facts: Facts) -> Facts:
    """Who is calling: what they had been asked for, and which way the code went, was another call's."""
    return frozenset(fact for fact in facts if isinstance(fact, Authenticated | Claimed))


def _own(shape: Object, name: str) -> Value | None:
    return next((value for key, value in shape.fields if key == name), None)
