"""What a configuration of Next.js says about Server Actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.source.tree import (
    Binary,
    Conditional,
    Declare,
    Literal,
    Logical,
    Module,
    Name,
    NamePattern,
    Node,
    Pattern,
    Property,
    Span,
)
from preship.analyzers.source.walk import children, within

ENVIRONMENTS = frozenset({"production", "development", "test"})
"""The values of `NODE_ENV`. https://nextjs.org/docs/app/guides/environment-variables"""

DEEPEST = 4
"""Constants that name constants."""


@dataclass(frozen=True, slots=True)
class AllowedOrigin:
    """An entry of `serverActions.allowedOrigins`."""

    pattern: str
    """As written."""

    at: Span


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """A value of `serverActions.bodySizeLimit`."""

    text: str
    """As written."""

    size: int
    """In bytes."""

    at: Span


UNITS = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
"""https://www.npmjs.com/package/bytes, by which Next.js reads the limit."""

SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(kb|mb|gb|tb|pb|b|)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NextConfig:
    """A configuration of Next.js."""

    path: str
    allowed_origins: tuple[AllowedOrigin, ...]
    """The other origins from which browsers may call actions, in source order."""

    body_limits: tuple[BodyLimit, ...] = ()
    """How large a request to an action may be, in source order."""

    name: None = None
    """A configuration has no name of its own."""

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return f"`{self.path}`"


def next_config(module: Module) -> NextConfig:
    """What a module says that is the configuration, whatever wraps it."""
    roots = (*module.statements, *(e.value for e in module.exports if e.value is not None))
    lists = [each for outer in named("serverActions", roots) for each in named("allowedOrigins", (outer,))]
    found = {each.at: each for value in lists for each in texts(module, value)}
    limits = [each for outer in named("serverActions", roots) for each in named("bodySizeLimit", (outer,))]
    sizes = tuple(size for each in limits if (size := _limit(each)) is not None)
    return NextConfig(module.path, tuple(sorted(found.values(), key=lambda each: each.at)), sizes)


def _limit(value: Node) -> BodyLimit | None:
    """A limit that is written out; None for what is computed."""
    if not isinstance(value, Literal) or isinstance(value.value, bool) or value.value is None:
        return None
    found = SIZE.fullmatch(str(value.value))
    return BodyLimit(str(value.value), int(float(found[1]) * UNITS[found[2].lower()]), value.span) if found else None


def named(key: str, roots: tuple[Node, ...]) -> Iterator[Node]:
    """The values of properties with this name."""
    yield from (node.value for node in within(*roots) if isinstance(node, Property) and node.key == key)


def texts(module: Module, value: Node, depth: int = DEEPEST) -> Iterator[AllowedOrigin]:
    """The texts in a value that is used in production, those of the constants that it names included."""
    if isinstance(value, Literal):
        if isinstance(value.value, str):
            yield AllowedOrigin(value.value, value.span)
    elif isinstance(value, Name) and depth:
        yield from (found for constant in constants(module, value.name) for found in texts(module, constant, depth - 1))
    else:
        for part in parts_in_production(value):
            yield from texts(module, part, depth)


def constants(module: Module, name: str) -> Iterator[Node]:
    """What a module declares a name to be."""
    for statement in module.statements:
        if isinstance(statement, Declare) and statement.value is not None and binds(statement.pattern, name):
            yield statement.value


def binds(pattern: Pattern, name: str) -> bool:
    """Whether a pattern is this one name."""
    return isinstance(pattern, NamePattern) and pattern.name == name


def parts_in_production(node: Node) -> Iterator[Node]:
    """The parts of an expression, without those that only run while developing."""
    if isinstance(node, Conditional) and (answer := in_production(node.test)) is not None:
        yield node.then if answer else node.otherwise
    elif isinstance(node, Logical) and node.operator == "&&" and in_production(node.left) is False:
        return
    else:
        yield from children(node)


def in_production(test: Node) -> bool | None:
    """How a comparison with the name of an environment comes out where the application is deployed."""
    if not isinstance(test, Binary) or test.operator.rstrip("=") not in ("", "!"):
        return None
    names = [side.value for side in (test.left, test.right) if isinstance(side, Literal)]
    if not names or names[0] not in ENVIRONMENTS:
        return None
    return (names[0] == "production") is (not test.operator.startswith("!"))
