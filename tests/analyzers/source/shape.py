"""The tree as text, so that tests can compare it whole."""

from __future__ import annotations

from dataclasses import fields

from preship.analyzers.source.parse import parse_module
from preship.analyzers.source.tree import Function, FunctionBody, Module, Node


def module(source: str | bytes, path: str = "app/a.tsx") -> Module:
    """The module that a source text spells."""
    return parse_module(path, source.encode() if isinstance(source, str) else source)


def shapes(source: str, path: str = "app/a.tsx") -> list[str]:
    """The shape of each top-level statement."""
    return [shape(statement) for statement in module(source, path).statements]


def shape(value: object) -> str:
    """A node as its name and parts; what has its usual value is left out."""
    if isinstance(value, Function):
        marks = [mark for mark, is_set in _marks(value) if is_set]
        return f"Function({', '.join([repr(value.name), *marks, *_parts(value.body, FunctionBody)])})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(shape, value))}]"
    if isinstance(value, Node):
        return f"{type(value).__name__}({', '.join(_parts(value, type(value)))})"
    return repr(value)


def _marks(function: Function) -> tuple[tuple[str, bool], ...]:
    return ("async", function.is_async), ("arrow", function.is_arrow), ("*", function.is_generator)


def _parts(value: object, kind: type) -> list[str]:
    own = [field for field in fields(kind) if field.name != "span"]
    while own and getattr(value, own[-1].name) == own[-1].default:
        own.pop()
    return [shape(getattr(value, field.name)) for field in own]
