"""Fields that the code of their class fills later: the one instance of a service, a client made on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from analyzers.flow.library import PathEnded
from analyzers.flow.machine import Frame, Machine
from analyzers.flow.origins import Unfollowed
from analyzers.flow.reassigned import Reassignment, kept_in
from analyzers.flow.scope import Scope
from analyzers.flow.values import (
    ABSENT_VALUE,
    NEVER,
    Alternative,
    Blueprint,
    Object,
    Value,
    of,
    unite,
    unknown,
)
from analyzers.source import tree


def filled_later(m: Machine, holder: Blueprint | Object, name: str, value: Value, frame: Frame) -> Value:
    """What a field that begins with nothing may hold: that, or what code of its class has put there.

    `holder` is the class, for a static field, or one of its instances.
    """
    blueprint = holder if isinstance(holder, Blueprint) else holder.brand
    assert isinstance(blueprint, Blueprint)  # noqa: S101
    if m.active(blueprint.node):
        return unite(value, ABSENT_VALUE)
    with m.activation(blueprint.node):
        made = [_made(m, blueprint, of(holder), each, frame) for each in _put_into(blueprint.node).get(name, ())]
    return unite(value, ABSENT_VALUE, *made) if made or isinstance(holder, Blueprint) else value


@lru_cache(maxsize=1024)
def _put_into(node: tree.Class) -> Mapping[str, tuple[Reassignment, ...]]:
    """What the code of a class puts into fields of its own, by field."""
    return kept_in((node,), {"this", *([node.name] if node.name else [])})


def _made(m: Machine, blueprint: Blueprint, this: Value, made: Reassignment, frame: Frame) -> Value:
    """What is put there, without what had been proven where it was made: that was another call."""
    scope, state = Scope(blueprint.scope, blueprint.scope.module), m.begun()
    state.store[scope.declare("this")] = this
    for parameter in made.given:
        state.store[scope.declare(parameter)] = unknown({Unfollowed("what an earlier call was given")})
    try:
        m.execute(made.declarations, frame, scope, state)
        value = m.evaluate(made.put.value, frame, scope, state)
    except PathEnded:
        return NEVER
    return Value(tuple(Alternative(a.shape) for a in value.alternatives))
