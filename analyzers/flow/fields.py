"""Fields of an object that the code of its class fills later: a client made on first use."""

from __future__ import annotations

from preship.analyzers.flow.kept import bare, put_by, put_by_methods
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.values import ABSENT_VALUE, Blueprint, Object, Value, of, unite


def filled_later(m: Machine, holder: Object, name: str, value: Value, frame: Frame) -> Value:
    """What a field that begins with nothing may hold: that, or what code of its class has put there."""
    blueprint = holder.brand
    assert isinstance(blueprint, Blueprint)  # noqa: S101
    if m.active(blueprint.node):
        return unite(value, ABSENT_VALUE)
    puts = [each for each in put_by_methods(blueprint.node, is_static=False) if each.put.path == (name,)]
    with m.activation(blueprint.node):
        made = [bare(put_by(m, each, blueprint.scope, frame, of(holder)).value) for each in puts]
    return unite(value, ABSENT_VALUE, *made) if made else value
