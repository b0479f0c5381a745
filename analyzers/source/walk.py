"""Steps through the tree without knowing what its nodes mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from preship.analyzers.source.once import once
from preship.analyzers.source.tree import ArrayPattern, Function, NamePattern, Node, ObjectPattern, Pattern, Span


def children(node: Node) -> list[Node]:
    """The nodes directly inside one, in source order; a function's parameters and statements count as inside."""
    if isinstance(node, Function):
        return [*node.body.parameters, *node.body.statements]
    found: list[Node] = []
    for field in _fields(type(node)):
        value = getattr(node, field)
        if isinstance(value, tuple):
            found += [each for each in value if isinstance(each, Node)]
        elif isinstance(value, Node):
            found.append(value)
    return found


def within(*roots: Node) -> Iterator[Node]:
    """These nodes and all inside them, in source order."""
    for node in code_of(roots):
        yield node
        if isinstance(node, Function):
            yield from within_function(node)


def within_function(function: Function) -> Iterator[Node]:
    """All nodes inside a function, in source order."""
    for node in parameters_of(function) + statements_of(function):
        yield node
        if isinstance(node, Function):
            yield from within_function(node)


def code_of(roots: Iterable[Node]) -> Iterator[Node]:
    """These nodes and all inside them in source order, but for what is inside functions."""
    waiting = list(roots)
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function):
            inside = children(node)
            inside.reverse()
            waiting += inside


@once
def parameters_of(function: Function) -> tuple[Node, ...]:
    """All nodes in the parameters of a function, but for what is inside functions there."""
    return tuple(code_of(function.body.parameters))


@once
def statements_of(function: Function) -> tuple[Node, ...]:
    """All nodes in the statements of a function, but for what is inside functions there."""
    return tuple(code_of(function.body.statements))


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


_NO_NODES = re.compile(r"\W*((str|int|float|bool|None|tuple|Span)\W+)*(str|int|float|bool|None|tuple|Span)\W*")
"""Annotations of fields in which no node stands."""


_fields_of: dict[type[Node], tuple[str, ...]] = {}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node in which others may stand."""
    found = _fields_of.get(kind)
    if found is None:
        named = (field for field in fields(kind) if not _NO_NODES.fullmatch(str(field.type)))
        found = _fields_of[kind] = tuple(field.name for field in named)
    return found
