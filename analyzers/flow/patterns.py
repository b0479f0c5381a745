"""Destructuring: how one value is dealt out to variables."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.conventions.secrets import SECRET_FIELD
from preship.analyzers.flow.containers import is_container
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.origins import Input, Origin, Request, Session, Stored
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Constant,
    Object,
    Shape,
    Unknown,
    Value,
    is_undefined,
    of,
    origins_of,
    text_of,
    under,
    unite,
    unknown,
    with_field,
)
from preship.analyzers.source import tree


def declare_names(pattern: tree.Pattern, scope: Scope) -> None:
    """Give every variable of a pattern a cell in this scope."""
    for name in names_of(pattern):
        scope.declare(name)


def names_of(pattern: tree.Pattern) -> list[str]:
    """The variables that a pattern binds, in source order."""
    if isinstance(pattern, tree.NamePattern):
        return [pattern.name]
    if isinstance(pattern, tree.ObjectPattern):
        inner = [p.pattern for p in pattern.properties] + ([pattern.rest] if pattern.rest else [])
    elif isinstance(pattern, tree.ArrayPattern):
        inner = [i.pattern for i in pattern.items if i] + ([pattern.rest] if pattern.rest else [])
    else:
        return []
    return [name for p in inner for name in names_of(p)]


def bind(m: Machine, pattern: tree.Pattern, value: Value, frame: Frame, scope: Scope, state: State) -> None:
    """Declare and fill the variables of a pattern in this scope."""
    if isinstance(pattern, tree.NamePattern):
        state.store[scope.declare(pattern.name)] = value
    elif isinstance(pattern, tree.ObjectPattern):
        deal_properties(m, pattern, value, frame, scope, state, is_declaration=True)
    elif isinstance(pattern, tree.ArrayPattern):
        deal_items(m, pattern, value, frame, scope, state, is_declaration=True)


def assign(m: Machine, target: tree.Pattern, value: Value, frame: Frame, scope: Scope, state: State) -> None:
    """Fill variables or properties that exist."""
    if isinstance(target, tree.NamePattern | tree.Name):
        cell = scope.find(target.name)
        if cell is not None:
            state.store[cell] = value
    elif isinstance(target, tree.ObjectPattern):
        deal_properties(m, target, value, frame, scope, state, is_declaration=False)
    elif isinstance(target, tree.ArrayPattern):
        deal_items(m, target, value, frame, scope, state, is_declaration=False)
    elif isinstance(target, tree.Member | tree.Index):
        assign_property(m, target, value, frame, scope, state)


def deal_properties(
    m: Machine,
    pattern: tree.ObjectPattern,
    value: Value,
    frame: Frame,
    scope: Scope,
    state: State,
    *,
    is_declaration: bool,
) -> None:
    taken: list[str] = []
    place = bind if is_declaration else assign
    for prop in pattern.properties:
        key = prop.key if isinstance(prop.key, str) else text_of(m.evaluate(prop.key, frame, scope, state))
        part = PLAIN if key is None else m.member(value, key, frame, state, prop.span)
        taken.append(key or "")
        if prop.default is not None:
            part = defaulted(m, part, prop.default, frame, scope, state)
        place(m, prop.pattern, part, frame, scope, state)
    if pattern.rest is not None:
        place(m, pattern.rest, without(value, taken), frame, scope, state)


def without(value: Value, names: list[str]) -> Value:
    """An object without some of its properties."""
    found: list[Alternative] = []
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Object):
            shape = replace(shape, fields=tuple((k, v) for k, v in shape.fields if k not in names))
        elif isinstance(shape, Unknown) and any(map(SECRET_FIELD.matches, names)):
            shape = replace(shape, origins=frozenset(map(in_part, shape.origins)))
        found.append(Alternative(shape, a.under))
    return Value(tuple(found))


def in_part(origin: Origin) -> Origin:
    """A record of which a secret column was left out: whoever wrote that has looked at the columns."""
    return replace(origin, is_whole=False) if isinstance(origin, Stored) else origin


def deal_items(
    m: Machine,
    pattern: tree.ArrayPattern,
    value: Value,
    frame: Frame,
    scope: Scope,
    state: State,
    *,
    is_declaration: bool,
) -> None:
    place = bind if is_declaration else assign
    for index, item in enumerate(pattern.items):
        if item is None:
            continue
        part = m.member(value, str(index), frame, state, item.span)
        if item.default is not None:
            part = defaulted(m, part, item.default, frame, scope, state)
        place(m, item.pattern, part, frame, scope, state)
    if pattern.rest is not None:
        place(m, pattern.rest, tail(value, len(pattern.items)), frame, scope, state)


def tail(value: Value, start: int) -> Value:
    """The items of a list from a place on."""
    found: list[Value] = []
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Array):
            items = shape.items[start:] if shape.items is not None else None
            element = unite(*items) if items else shape.element
            found.append(under(of(Array(items, element)), a.under))
        else:
            found.append(under(of(Array(None, unknown(origins_of(of(shape))))), a.under))
    return unite(*found) if found else PLAIN


def defaulted(m: Machine, value: Value, default: tree.Expression, frame: Frame, scope: Scope, state: State) -> Value:
    """A value, or its default where it is `undefined`; the caller may always leave an argument out."""
    missing = [a for a in value.alternatives if is_missing(a)]
    if not missing and not may_be_left_out(value):
        return value
    kept = [a for a in value.alternatives if not is_missing(a)]
    return unite(Value(tuple(kept)), m.evaluate(default, frame, scope, state))


def is_missing(a: Alternative) -> bool:
    return is_undefined(a.shape)


def may_be_left_out(value: Value) -> bool:
    return any(
        isinstance(a.shape, Unknown) and any(isinstance(o, Input) for o in a.shape.origins) for a in value.alternatives
    )


def assign_property(
    m: Machine, target: tree.Member | tree.Index, value: Value, frame: Frame, scope: Scope, state: State
) -> None:
    """`owner.name = value`: the variable that holds the owner holds the changed object from here on."""
    key = of(Constant(target.name)) if isinstance(target, tree.Member) else m.evaluate(target.key, frame, scope, state)
    name = text_of(key)
    owner = m.evaluate(target.object, frame, scope, state)
    changed = Value(tuple(Alternative(shape_with(a.shape, key, value), a.under) for a in owner.alternatives))
    m.assigned(owner, name, value, frame, state, target.span)
    put_back(m, target.object, changed, frame, scope, state)


def put_back(m: Machine, holder: tree.Expression, changed: Value, frame: Frame, scope: Scope, state: State) -> None:
    """What holds a changed object holds the new one from here on."""
    if isinstance(holder, tree.Name | tree.This):
        cell = scope.find(holder.name if isinstance(holder, tree.Name) else "this")
        if cell is not None:
            state.store[cell] = changed
    elif isinstance(holder, tree.Member | tree.Index) and any(
        isinstance(a.shape, Object | Array | Unknown) for a in changed.alternatives
    ):
        assign_property(m, holder, changed, frame, scope, state)


def shape_with(shape: Shape, key: Value, value: Value) -> Shape:
    """An object with a property set; under a name that is not known, it may be any that stands there.

    Where nobody sends that name, it is none under which the code has put the caller.
    """
    if isinstance(shape, Object) and text_of(key) is None and not is_container(shape):
        is_sent = any(isinstance(o, Input | Request) for o in origins_of(key))
        fields = tuple(
            (name, unite(old, value) if is_sent or not says_who_calls(old) else old) for name, old in shape.fields
        )
        shape = replace(shape, fields=fields)
    return changed_shape(shape, text_of(key), value)


def says_who_calls(value: Value) -> bool:
    """Whether something of the session goes into a value."""
    return any(isinstance(o, Session) for o in origins_of(value))


def changed_shape(shape: Shape, name: str | None, value: Value) -> Shape:
    """An object with one property set."""
    if isinstance(shape, Object):
        if name is not None:
            return with_field(shape, name, value)
        return replace(shape, rest=unite(shape.rest or UNDEFINED_VALUE, value))
    if isinstance(shape, Array) and (name is None or not name.isdigit()):
        return Array(None, unite(shape.element, value))
    if isinstance(shape, Unknown) and shape.text is not None and name in BEHIND_THE_PATH:
        return replace(shape, origins=shape.origins | origins_of(value))
    if isinstance(shape, Unknown):
        return Object(((name, value),) if name is not None else (), of(shape))
    return shape


BEHIND_THE_PATH = frozenset({"search", "hash"})
"""Parts of an address that change nothing of where it leads. https://url.spec.whatwg.org/#dom-url-search"""
