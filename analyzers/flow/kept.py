"""Values that outlive the call that made them: what code may put into them later, they may hold when they are read.

What an object was made with says little of it then: a field that begins as `null` is there to be filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from preship.analyzers.flow.classes import lineage
from preship.analyzers.flow.containers import anybodys, carried, is_container, with_callers_own, with_others
from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.identity import is_the_callers_own
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.origins import GIVEN_BEFORE, PUT_LATER, Unfollowed
from preship.analyzers.flow.patterns import changed_shape
from preship.analyzers.flow.reassigned import ENTRY, THIS, Reassignment, put_into_itself
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Object,
    Shape,
    Value,
    field_of,
    of,
    unite,
    unknown,
    with_field,
)
from preship.analyzers.source import tree
from preship.analyzers.source.walk import children, within

DEEPEST = 3
"""Objects inside objects whose own methods are looked at; services that keep a client are two deep."""

LATER = unknown({Unfollowed(PUT_LATER)})


@dataclass(frozen=True, slots=True)
class Found:
    """What another call has put into a variable of the module."""

    value: Value
    key: Value | None = None
    """Under what, where it is an entry."""

    facts: Facts = NO_FACTS
    """What had been proven there."""


def kept(m: Machine, value: Value, frame: Frame, depth: int = DEEPEST) -> Value:
    """A value that outlives the call: its fields may hold what its own methods have put there in an earlier one."""
    if depth == 0 or not any(isinstance(a.shape, Object) for a in value.alternatives):
        return value
    return Value(tuple(Alternative(_kept_shape(m, a.shape, frame, depth), a.under) for a in value.alternatives))


def _kept_shape(m: Machine, shape: Shape, frame: Frame, depth: int) -> Shape:
    if not isinstance(shape, Object) or is_container(shape):
        return shape
    this, held = of(shape), of(shape)
    for made, scope in _made_by_methods(m, shape, frame):
        held = holding(held, made.put.path, put_by(m, made, scope, frame, this))
    (whole,) = (a.shape for a in held.alternatives if isinstance(a.shape, Object))
    return replace(whole, fields=tuple((name, kept(m, value, frame, depth - 1)) for name, value in whole.fields))


def _made_by_methods(m: Machine, shape: Object, frame: Frame) -> Iterator[tuple[Reassignment, Scope]]:
    """What the methods of an object put into it."""
    for value in (value for _, value in shape.fields if len(value.alternatives) == 1):
        method = value.alternatives[0].shape
        if isinstance(method, Closure) and not method.function.is_arrow:
            yield from ((made, method.scope) for made in _put_by_method(method.function))
    if isinstance(shape.brand, Blueprint):
        for each in lineage(m, shape.brand, frame, m.begun()):
            if isinstance(each, Blueprint):
                yield from ((made, each.scope) for made in put_by_methods(each.node, is_static=False))


@lru_cache(maxsize=4096)
def _put_by_method(function: tree.Function) -> Sequence[Reassignment]:
    return tuple(put_into_itself(function))


@lru_cache(maxsize=4096)
def put_by_methods(node: tree.Class, *, is_static: bool) -> Sequence[Reassignment]:
    """What the methods of a class put into the class itself, or into its objects once they are constructed."""
    found: list[Reassignment] = []
    for each in node.members:
        holders = {THIS} if each.is_static is is_static else set()
        holders |= {node.name} if is_static and node.name is not None else set()
        for function in _called_later(each):
            found += [made for made in put_into_itself(function, node.name) if made.put.name in holders]
    return tuple(found)


def _called_later(member: tree.ClassMember) -> Iterator[tree.Function]:
    """The functions of a member that run once an object is constructed, if they ever do."""
    if isinstance(member.value, tree.Function) and member.key != "constructor":
        yield member.value
    elif member.value is not None:
        yield from (node for node in within(*children(member.value)) if isinstance(node, tree.Function))


def static_value(m: Machine, value: Value, name: str, reader: Blueprint, frame: Frame) -> Value:
    """What a static field may hold: what it is declared with, and what some code has put there."""
    for blueprint in lineage(m, reader, frame, m.begun()):
        if not isinstance(blueprint, Blueprint):
            break
        made = {each.put.value: (blueprint.scope, each) for each in put_by_methods(blueprint.node, is_static=True)}
        if blueprint.node.name is not None and blueprint.scope.parent is None:
            others = m.put_into(blueprint.scope.module, blueprint.node.name)
            made = {each.put.value: (scope, each) for scope, each in others} | made
        for scope, each in made.values():
            if each.put.path[0] in {name, ENTRY}:
                value = holding(value, each.put.path[1:], put_by(m, each, scope, frame, of(blueprint)))
    return kept(m, value, frame)


def put_by(m: Machine, made: Reassignment, scope: Scope, frame: Frame, this: Value | None = None) -> Found:
    """What some code puts somewhere; anything where that cannot be said."""
    put = made.put
    if put.value is None:
        return Found(LATER)
    inner, state = Scope(scope, scope.module), m.begun()
    for parameter in made.given:
        state.store[inner.declare(parameter)] = unknown({Unfollowed(GIVEN_BEFORE)})
    if this is not None:
        state.store[inner.declare(THIS)] = this
    try:
        m.execute(made.declarations, frame, inner, state)
        key = m.evaluate(put.key, frame, inner, state) if put.key is not None else None
        return Found(m.evaluate(put.value, frame, inner, state), key, state.facts)
    except PathEnded:
        return Found(LATER)


def holding(value: Value, path: tuple[str, ...], found: Found) -> Value:
    """A variable, or a property of what it holds, that may hold something else besides what it was made with."""
    if not path:
        return unite(value, bare(found.value))
    return Value(tuple(Alternative(holding_inside(a.shape, path, found), a.under) for a in value.alternatives))


def holding_inside(shape: Shape, path: tuple[str, ...], found: Found) -> Shape:
    """An object whose property may hold something else; of what is not known, what is put there is known at least."""
    name, rest = path[0], path[1:]
    if name == ENTRY:
        return with_entry_of_another(shape, found if not rest else Found(LATER))
    before = field_of(shape, name) if isinstance(shape, Object) else None
    if before is not None:
        return with_field(shape, name, holding(before, rest, found)) if isinstance(shape, Object) else shape
    return changed_shape(shape, name, unite(ABSENT_VALUE, bare(found.value))) if not rest else shape


def with_entry_of_another(shape: Shape, found: Found) -> Shape:
    """What serves as a cache, a registry or a list, with what another request has put there."""
    if not isinstance(shape, Object):
        return changed_shape(shape, None, bare(found.value)) if isinstance(shape, Array) else shape
    if found.key is not None and is_the_callers_own(found.key):
        return with_callers_own(shape, carried(found.value, found.facts))
    kept = anybodys(found.value)
    if is_container(shape):
        return with_others(shape, kept)
    fields = tuple((name, unite(value, kept)) for name, value in shape.fields)
    return changed_shape(replace(shape, fields=fields), None, kept)


def bare(value: Value) -> Value:
    """A value without what had been proven where it was made: that was another call."""
    return Value(tuple(Alternative(a.shape) for a in value.alternatives))
