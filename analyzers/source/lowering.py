"""The frame in which tree-sitter's nodes become the compact tree: places, text, depth, and one table per kind.

It knows no syntax: the modules beside it fill the tables, one row per kind of node.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from sys import intern
from typing import TypeVar

import tree_sitter

from preship.analyzers.source.literals import unescaped
from preship.analyzers.source.tree import Block, Expression, NamePattern, Pattern, Span, Statement, Unreadable

DEEPEST = 100
"""Nesting behind which code is unreadable to us. No function of 28,700 files of 35 real applications goes so deep;
the deepest of 9,100 has 46 nodes of the grammar. Keeps a walk over the tree within Python's limit of 1,000 calls."""

Grown = tree_sitter.Node
"""A node of tree-sitter's tree."""

ReadExpression = Callable[["Lowering", Grown], Expression]
ReadPattern = Callable[["Lowering", Grown], Pattern]
ReadStatement = Callable[["Lowering", Grown], Iterable[Statement]]

EXPRESSIONS: dict[str, ReadExpression] = {}
PATTERNS: dict[str, ReadPattern] = {}
STATEMENTS: dict[str, ReadStatement] = {}
"""One node may give several statements (`const a = 1, b = 2`) or none (`interface A {}`)."""

_new_span = tuple.__new__
_Reader = TypeVar("_Reader", ReadExpression, ReadPattern, ReadStatement)


def reads(table: dict[str, _Reader], *kinds: str) -> Callable[[_Reader], _Reader]:
    """Enter a function into one of the tables, for these kinds of node."""

    def enter(function: _Reader) -> _Reader:
        table.update(dict.fromkeys(kinds, function))
        return function

    return enter


class Lowering:
    """Reads the nodes of one file, downward from one depth."""

    __slots__ = ("content", "depth", "path", "uncounted")

    def __init__(self, path: str, content: bytes, depth: int = 0, uncounted: Sequence[int] = ()) -> None:
        self.path = path
        self.content = content
        self.depth = depth
        self.uncounted = uncounted
        """Where the parser saw a line end that is not counted as one, ascending."""

    def at(self, depth: int) -> Lowering:
        """Another reader of the same file, from another depth."""
        return Lowering(self.path, self.content, depth, self.uncounted)

    def span(self, node: Grown) -> Span:
        """Where a node stands."""
        line, last = node.start_point[0] + 1, node.end_point[0] + 1
        start, end = node.start_byte, node.end_byte
        if self.uncounted:
            line, last = line - bisect_left(self.uncounted, start), last - bisect_left(self.uncounted, end)
        return _new_span(Span, (self.path, line, last, start, end))

    def text(self, node: Grown) -> str:
        """A node's source; bytes that are no UTF-8 become the replacement character."""
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def name(self, node: Grown) -> str:
        """An identifier as JavaScript compares it: escapes in it decoded. The same name is the same text everywhere."""
        return intern(unescaped(self.text(node)))

    def expression(self, node: Grown | None) -> Expression:
        """The expression that a node spells; a missing one is unreadable."""
        if node is None:
            return self.nothing()
        read = EXPRESSIONS.get(node.type)
        if read is None or self.depth >= DEEPEST:
            return self.unreadable(node)
        self.depth += 1
        found = read(self, node)
        self.depth -= 1
        return found

    def expressions(self, nodes: Iterable[Grown]) -> list[Expression]:
        """What can be read as an expression among these nodes, in order."""
        return [self.expression(node) for node in nodes if node.type in EXPRESSIONS or node.is_error]

    def optional(self, node: Grown | None) -> Expression | None:
        """As `expression`, for a place that may be empty."""
        return None if node is None else self.expression(node)

    def pattern(self, node: Grown | None) -> Pattern:
        """What a node binds or assigns; one that cannot be read binds the empty name."""
        read = None if node is None else PATTERNS.get(node.type)
        if node is None or read is None or self.depth >= DEEPEST:
            return NamePattern(self.nowhere() if node is None else self.span(node), "")
        self.depth += 1
        found = read(self, node)
        self.depth -= 1
        return found

    def statements(self, nodes: Iterable[Grown]) -> tuple[Statement, ...]:
        """What these nodes do, in order; comments and types do nothing."""
        if self.depth >= DEEPEST:
            return tuple(Unreadable(self.span(node)) for node in nodes if node.is_named and node.type != "comment")
        found: list[Statement] = []
        self.depth += 1
        for node in nodes:
            if read := STATEMENTS.get(node.type):
                found.extend(read(self, node))
        self.depth -= 1
        return tuple(found)

    def statement(self, node: Grown | None) -> Statement:
        """As `statements`, for a place that takes exactly one: the branch of an `if`, the body of a loop."""
        found = () if node is None else self.statements((node,))
        if len(found) == 1:
            return found[0]
        return Block(self.nowhere() if node is None else self.span(node), found)

    def block(self, node: Grown | None) -> Block:
        """A body in braces."""
        if node is None:
            return Block(self.nowhere(), ())
        return Block(self.span(node), self.statements(node.children))

    def unreadable(self, node: Grown) -> Unreadable:
        """A node that the grammar or we could not read, with the expressions inside that we can."""
        if self.depth >= DEEPEST:
            return Unreadable(self.span(node))
        self.depth += 1
        parts = self.expressions(node.named_children)
        self.depth -= 1
        return Unreadable(self.span(node), tuple(parts))

    def nothing(self) -> Unreadable:
        """Stands where the grammar left a place empty that cannot be empty."""
        return Unreadable(self.nowhere())

    def nowhere(self) -> Span:
        """The place of what has no place: the start of the file."""
        return Span(self.path, 1, 1, 0, 0)


@reads(EXPRESSIONS, "ERROR")
def _broken_expression(low: Lowering, node: Grown) -> Expression:
    return low.unreadable(node)


@reads(STATEMENTS, "ERROR")
def _broken_statement(low: Lowering, node: Grown) -> Iterable[Statement]:
    """What stands inside an error is still lowered: often a whole function behind one odd token."""
    yield low.unreadable(node)
    yield from low.statements(node.named_children)
