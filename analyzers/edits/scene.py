"""What an edit sees of an action and its fault, and how it writes lines that fit in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.rule import Edit, Finding
from preship.analyzers.source.tree import Block, Case, Function, Module, Name, NamePattern, Node, Span, Statement
from preship.analyzers.source.walk import children, within


@dataclass(frozen=True, slots=True)
class Scene:
    """An action with a fault of its own."""

    text: bytes
    """The whole file, as it stands; its lines end with a line feed alone."""

    module: Module
    function: Function
    finding: Finding
    neighbours: tuple[Function, ...] = ()
    """The other actions of the file that know their callers."""

    @property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.text.decode().split("\n")

    def source(self, span: Span) -> str:
        """A piece of the file."""
        return self.text[span.start : span.end].decode()


@dataclass(frozen=True, slots=True)
class Splice:
    """A piece of the file, and what is to stand there."""

    span: Span
    text: str


def statements(function: Function) -> Iterator[Statement]:
    """Every statement of a function that stands in a list, where another may be put beside it; not those inside others.

    What a callback does belongs to the function as well.
    """
    for node in within(function):
        listed = node.body.statements if isinstance(node, Function) else ()
        if isinstance(node, Block | Case):
            listed = node.statements
        yield from (each for each in listed if not isinstance(each, Block))


def own_statements(function: Function) -> Iterator[Statement]:
    """The statements of a function that run as it does: without those of the functions that it makes."""
    waiting: list[Node] = list(reversed(function.body.statements))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Statement) and not isinstance(node, Block):
            yield node
        waiting.extend(reversed([each for each in children(node) if not isinstance(each, Function)]))


def statement_at(scene: Scene, line: int) -> Statement | None:
    """The innermost statement around a line, if it begins a line of its own."""
    around = [each for each in statements(scene.function) if each.span.line <= line <= each.span.end_line]
    found = min(around, key=lambda each: each.span.end - each.span.start, default=None)
    return found if found is not None and begins_a_line(scene, found) else None


BEGINNING = re.compile(r"\s*(?:(?:const|let|var)\s+)?")
"""What stands in front of a statement that begins a line: a declaration's span begins with its first variable."""


def begins_a_line(scene: Scene, node: Node) -> bool:
    """Whether nothing stands in front of a node on its line."""
    return BEGINNING.fullmatch(in_front_of(scene, node)) is not None


def ends_a_line(scene: Scene, node: Node) -> bool:
    """Whether nothing stands behind a node on its last line."""
    return not scene.text[node.span.end :].split(b"\n", 1)[0].strip(b" \t;")


def in_front_of(scene: Scene, node: Node) -> str:
    """What stands in front of a node on its line."""
    return scene.text[: node.span.start].rsplit(b"\n", 1)[-1].decode()


def indentation(scene: Scene, node: Node) -> str:
    """The white space with which a node's line begins."""
    line = in_front_of(scene, node)
    return line[: len(line) - len(line.lstrip())]


def finished(scene: Scene, statement: str, like: Node) -> str:
    """A statement with a semicolon, if the ones around it have one."""
    return statement + (";" if scene.lines[like.span.end_line - 1].rstrip().endswith(";") else "")


def in_front(scene: Scene, statement: Statement, text: str) -> Edit:
    """Lines in front of a statement. All that a finding marks is shown, else the statement's first line."""
    first, last = statement.span.line, statement.span.line
    if scene.finding.line == first:
        last = scene.finding.end_line
    kept = scene.lines[first - 1 : last]
    return Edit(first, last, "\n".join([textwrap.indent(text, indentation(scene, statement)), *kept]))


def behind(scene: Scene, statement: Statement, text: str) -> Edit:
    """Lines behind a statement."""
    last = statement.span.end_line
    return Edit(last, last, "\n".join([scene.lines[last - 1], textwrap.indent(text, indentation(scene, statement))]))


def spliced(scene: Scene, splices: Sequence[Splice]) -> Edit:
    """The lines in which pieces are replaced; none of the pieces meets another."""
    first, last = min(s.span.line for s in splices), max(s.span.end_line for s in splices)
    start = sum(len(line.encode()) + 1 for line in scene.lines[: first - 1])
    end = start + len("\n".join(scene.lines[first - 1 : last]).encode())
    parts, at = [], start
    for splice in sorted(splices, key=lambda each: each.span.start):
        parts += [scene.text[at : splice.span.start], splice.text.encode()]
        at = splice.span.end
    return Edit(first, last, b"".join([*parts, scene.text[at:end]]).decode())


def names_in(*nodes: Node) -> frozenset[str]:
    """Every variable that is read or bound in some nodes."""
    return frozenset(each.name for each in within(*nodes) if isinstance(each, Name | NamePattern))


def quoted(scene: Scene, words: str) -> str:
    """A text in the quotes that the file prefers."""
    mark = '"' if scene.text.count(b'"') > scene.text.count(b"'") else "'"
    return f"{mark}{words}{mark}"
