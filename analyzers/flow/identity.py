"""When a key, however deep it is built, says that the records are the caller's."""

from __future__ import annotations

from analyzers.flow.operators import is_identity
from analyzers.flow.values import Array, Library, Object, Shape, Unknown, Value, is_nullish

DEEPEST = 6
"""Conditions inside conditions."""


def names_the_caller(key: Value | None, depth: int = DEEPEST) -> bool:
    """Whether a key carries the caller's verified identity on every path; `input ?? session` does not."""
    if key is None or depth == 0:
        return False
    shapes = [a.shape for a in key.alternatives if not is_nullish(a.shape)]
    return bool(shapes) and all(_names(shape, depth) for shape in shapes)


def _names(shape: Shape, depth: int) -> bool:
    if isinstance(shape, Unknown):
        return is_identity(shape.origins)
    if isinstance(shape, Object):
        return any(names_the_caller(v, depth - 1) for _, v in shape.fields) or names_the_caller(shape.rest, depth - 1)
    if isinstance(shape, Array):
        return any(names_the_caller(v, depth - 1) for v in (shape.items or (shape.element,)))
    if isinstance(shape, Library):
        return any(names_the_caller(part, depth - 1) for part in shape.state if isinstance(part, Value))
    return False
