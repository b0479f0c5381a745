"""Abstract values in words, so that a test can state a whole one."""

from __future__ import annotations

from preship.analyzers.flow.origins import Caught, Input, Origin, Remote, Request, Secret, Session, Stored
from preship.analyzers.flow.values import Array, Constant, Object, Promise, Shape, Unknown, Value, is_undefined


def shown(value: Value | None) -> str:
    """`{id: input.id!, tags: [input.tags!]} | undefined`: origins by name, `!` where a schema has parsed it."""
    if value is None:
        return "-"
    return " | ".join(sorted(_shape(a.shape) for a in value.alternatives)) or "never"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Constant):
        return "undefined" if is_undefined(shape) else repr(shape.value)
    if isinstance(shape, Unknown):
        return ("+".join(sorted(map(_origin, shape.origins))) or "plain") + ("!" if shape.is_checked else "")
    if isinstance(shape, Object):
        parts = [f"{key}: {shown(inner)}" for key, inner in shape.fields]
        return "{" + ", ".join(parts + ([f"...{shown(shape.rest)}"] if shape.rest else [])) + "}"
    if isinstance(shape, Array):
        return "[" + (", ".join(map(shown, shape.items)) if shape.items is not None else shown(shape.element)) + "]"
    return f"promise of {shown(shape.value)}" if isinstance(shape, Promise) else type(shape).__name__.lower()


def _origin(origin: Origin) -> str:
    if isinstance(origin, Input):
        return ".".join((origin.parameter, *origin.path))
    if isinstance(origin, Session):
        return ".".join(("session", *origin.path))
    if isinstance(origin, Stored):
        return ".".join((f"record of {origin.model}", *origin.path))
    if isinstance(origin, Secret | Request):
        return f"{type(origin).__name__.lower()} {origin.name}"
    if isinstance(origin, Remote):
        return f"answer of {origin.host}"
    return "caught" if isinstance(origin, Caught) else "unfollowed"
