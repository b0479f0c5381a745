"""Static fields that the code of their class fills: the one instance of a service, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.flow.library import PathEnded
from analyzers.flow.machine import Frame, Machine
from analyzers.flow.state import State
from analyzers.flow.values import NEVER, UNDEFINED_VALUE, Alternative, Blueprint, Value, unite
from analyzers.source import tree
from analyzers.source.walk import within


def filled_later(m: Machine, blueprint: Blueprint, name: str, frame: Frame) -> Value:
    """What a static field without a value may hold: nothing yet, or what a method of its class has put there."""
    made = (_made(m, blueprint, each, frame) for each in _assigned(blueprint.node, name))
    return unite(UNDEFINED_VALUE, *made)


def _assigned(node: tree.Class, name: str) -> Iterator[tree.New]:
    """The objects that a class makes for a static field of its own. What else is put there could read it again."""
    for each in within(node):
        if isinstance(each, tree.Assign) and isinstance(each.target, tree.Member) and isinstance(each.value, tree.New):
            holder = each.target.object
            is_own = isinstance(holder, tree.This) or (isinstance(holder, tree.Name) and holder.name == node.name)
            if is_own and each.target.name == name:
                yield each.value


def _made(m: Machine, blueprint: Blueprint, node: tree.New, frame: Frame) -> Value:
    """A new object, without what had been proven where it was made: that was another call."""
    try:
        made = m.evaluate(node, frame, blueprint.scope, State({}))
    except PathEnded:
        return NEVER
    return Value(tuple(Alternative(a.shape) for a in made.alternatives))
