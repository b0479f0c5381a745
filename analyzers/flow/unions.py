"""Unions that a property tells apart: behind `if (result.error)`, the result is the one that has an error."""

from __future__ import annotations

from collections.abc import Callable

from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    UNDEFINED_VALUE,
    Alternative,
    Constant,
    Object,
    Shape,
    Unknown,
    Value,
    assuming,
    field_of,
    is_nullish,
    keeping,
)
from preship.analyzers.source import tree

Admits = Callable[[Alternative, Value, bool], bool]
"""Whether one alternative of a value may give this answer to a test of its property."""


def told_apart(node: tree.Expression, scope: Scope, state: State, *, truthy: bool) -> Facts:
    """Leave of the variable whose property a test asks about what its answer admits; gives what follows from that."""
    asked = _asked(node)
    cell = scope.find(asked[0].name) if asked is not None else None
    value = state.store.get(cell) if cell is not None else None
    if asked is None or cell is None or value is None or len(value.alternatives) < 2:
        return NO_FACTS
    kept = [a for a in value.alternatives if asked[1](a, value, truthy)]
    narrowed = keeping(value, kept) if len(kept) < len(value.alternatives) else None
    if narrowed is None:
        return NO_FACTS
    state.store[cell], facts = narrowed
    return facts


def _asked(node: tree.Expression) -> tuple[tree.Name, Admits] | None:
    """The variable about whose property a test asks, and the test."""
    if isinstance(node, tree.Member) and isinstance(node.object, tree.Name):
        return node.object, _has_truth(node.name)
    if not isinstance(node, tree.Binary):
        return None
    left, right = node.left, node.right
    if node.operator == "in" and isinstance(left, tree.Literal) and isinstance(right, tree.Name):
        return right, _has_key(str(left.value))
    is_member = isinstance(left, tree.Member) and isinstance(left.object, tree.Name)
    if node.operator in {"===", "==", "!==", "!="} and is_member and isinstance(right, tree.Literal):
        assert isinstance(left, tree.Member) and isinstance(left.object, tree.Name)  # noqa: S101, PT018
        return left.object, _equals(left.name, right, is_negated=node.operator.startswith("!"))
    return None


def _has_truth(name: str) -> Admits:
    """`result.error`."""

    def admits(a: Alternative, _: Value, truthy: bool) -> bool:
        if is_nullish(a.shape):
            return not truthy
        field = _field(a.shape, name)
        return field is None or assuming(field, truthy=truthy) is not None

    return admits


def _equals(name: str, wanted: tree.Literal, *, is_negated: bool) -> Admits:
    """`result.status === 'failed'`."""

    def admits(a: Alternative, _: Value, truthy: bool) -> bool:
        field = _field(a.shape, name)
        is_it = truthy is not is_negated
        return field is None or any(_is(each.shape, wanted) in {None, is_it} for each in field.alternatives)

    return admits


def _is(shape: Shape, wanted: tree.Literal) -> bool | None:
    """Whether a shape is a literal; None where it may be."""
    if not isinstance(shape, Constant):
        return None
    return type(shape.value) is type(wanted.value) and shape.value == wanted.value


def _has_key(name: str) -> Admits:
    """`'error' in result`. A record has not what the code gives to its own answers, by which it tells them apart."""

    def admits(a: Alternative, value: Value, truthy: bool) -> bool:
        if isinstance(a.shape, Unknown):
            is_told = any(_has(other.shape, name) for other in value.alternatives)
            return not (truthy and is_told and _is_a_record(a.shape))
        return not isinstance(a.shape, Object) or a.shape.rest is not None or _has(a.shape, name) is truthy

    return admits


def _has(shape: Shape, name: str) -> bool:
    return isinstance(shape, Object) and any(key == name for key, _ in shape.fields)


def _is_a_record(shape: Unknown) -> bool:
    return bool(shape.origins) and all(isinstance(o, Stored) and not o.path for o in shape.origins)


def _field(shape: Shape, name: str) -> Value | None:
    """A property of an object whose fields are known; None of anything else."""
    if not isinstance(shape, Object) or shape.brand is not None:
        return None
    found = field_of(shape, name)
    return None if found is not None and found is shape.rest else found or UNDEFINED_VALUE
