"""Steps through the tree without knowing what its nodes mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from analyzers.source.tree import ArrayPattern, Function, NamePattern, Node, ObjectPattern, Pattern, Span


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside one, in source order; a function's parameters and statements count as inside."""
    if isinstance(node, Function):
        yield from node.body.parameters
        yield from node.body.statements
        return
    for field in _fields(type(node)):
        value = getattr(node, field)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Node))


def within(*roots: Node) -> Iterator[Node]:
    """These nodes and all inside them, in source order."""
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def is_within(span: Span, around: Span) -> bool:
    """Whether a place is a part of another."""
    return span.path == around.path and around.start <= span.start and span.end <= around.end


def bound_names(pattern: Pattern) -> Iterator[NamePattern]:
    """Every variable that a pattern binds, in source order."""
    if isinstance(pattern, NamePattern):
        yield pattern
    elif isinstance(pattern, ObjectPattern):
        for entry in pattern.properties:
            yield from bound_names(entry.pattern)
    elif isinstance(pattern, ArrayPattern):
        for item in pattern.items:
            if item is not None:
                yield from bound_names(item.pattern)
    if isinstance(pattern, ObjectPattern | ArrayPattern) and pattern.rest is not None:
        yield from bound_names(pattern.rest)


_fields_of: dict[type[Node], tuple[str, ...]] = {}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    found = _fields_of.get(kind)
    if found is None:
        found = _fields_of[kind] = tuple(field.name for field in fields(kind) if field.name != "span")
    return found
