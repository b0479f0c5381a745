"""The code that an action ran, as the audit reads it: functions by place, calls by what they start from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from preship.analyzers.project.project import Project
from preship.analyzers.source.tree import (
    Await,
    Block,
    Call,
    Declare,
    Expression,
    Function,
    If,
    Index,
    Member,
    Name,
    New,
    Node,
    Return,
    Span,
    Statement,
    Throw,
)
from preship.analyzers.source.walk import bound_names, children, within


@dataclass(frozen=True, slots=True)
class Called:
    """A call, and what its chain starts from."""

    span: Span
    name: str
    """The function or method."""

    root: str | None
    """The name at the start of the chain: `db` in `db.post.delete(…)`."""

    is_awaited: bool


@dataclass(frozen=True, slots=True)
class Exit:
    """An `if` whose first branch ends the function, by a condition that a call decides."""

    span: Span
    """Of the condition."""


class Code:
    """One module."""

    def __init__(self, project: Project, path: str) -> None:
        self._module = project.module(path)

    @cached_property
    def functions(self) -> Mapping[Span, Function]:
        """Every function by its place."""
        roots = self._roots
        return {node.span: node for node in within(*roots) if isinstance(node, Function)}

    @cached_property
    def imported(self) -> Mapping[str, tuple[str, str]]:
        """The specifier and the name there, by the name here."""
        module = self._module
        return {i.local: (i.specifier, i.imported) for i in module.imports} if module is not None else {}

    @cached_property
    def _initialised(self) -> Mapping[str, Expression]:
        """What declares each variable, in whichever function it stands."""
        declared = (node for node in within(*self._roots) if isinstance(node, Declare) and node.value is not None)
        return {name.name: node.value for node in declared for name in bound_names(node.pattern) if node.value}

    @property
    def _roots(self) -> list[Node]:
        module = self._module
        if module is None:
            return []
        return [*module.statements, *(e.value for e in module.exports if e.value is not None)]

    def calls(self, span: Span) -> list[Called]:
        """The calls that stand in the function at a place, those of functions inside it left out."""
        function = self.functions.get(span)
        return list(called_in(function)) if function is not None else []

    def import_behind(self, root: str | None, depth: int = 4) -> tuple[str, str] | None:
        """The import that a name means, or that its value was made by."""
        if root is None or depth == 0:
            return None
        if root in self.imported:
            return self.imported[root]
        value = self._initialised.get(root)
        return self.import_behind(start_of(value), depth - 1) if value is not None else None

    def exits(self, span: Span) -> list[Exit]:
        """The early exits of the function at a place that a call decides, in source order."""
        function = self.functions.get(span)
        if function is None:
            return []
        return [
            Exit(node.test.span)
            for node in own_nodes(function)
            if isinstance(node, If) and ends(node.then) and self._is_decided_by_a_call(node.test)
        ]

    def _is_decided_by_a_call(self, test: Expression) -> bool:
        for node in within(test):
            if isinstance(node, Call):
                return True
            value = self._initialised.get(node.name) if isinstance(node, Name) else None
            if value is not None and any(isinstance(inner, Call) for inner in within(value)):
                return True
        return False


def own_nodes(function: Function) -> Iterator[Node]:
    """The nodes of a function in source order, without those of functions inside it."""
    waiting = list(reversed(list(children(function))))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function):
            waiting.extend(reversed(list(children(node))))


def called_in(function: Function) -> Iterator[Called]:
    """The calls in a function."""
    awaited: set[Span] = set()
    for node in own_nodes(function):
        if isinstance(node, Await):
            awaited.add(node.value.span)
        elif isinstance(node, Call):
            yield Called(node.span, name_of(node.callee), start_of(node.callee), node.span in awaited)


def name_of(callee: Expression) -> str:
    """What a call calls, by its last name."""
    if isinstance(callee, Member):
        return callee.name
    return callee.name if isinstance(callee, Name) else ""


def start_of(node: Node | None) -> str | None:
    """The name that a chain of calls and members starts from."""
    while True:
        if isinstance(node, Call | New):
            node = node.callee
        elif isinstance(node, Member | Index):
            node = node.object
        elif isinstance(node, Await):
            node = node.value
        else:
            return node.name if isinstance(node, Name) else None


def ends(statement: Statement) -> bool:
    """Whether a branch leaves its function at once."""
    if isinstance(statement, Block):
        return bool(statement.statements) and ends(statement.statements[-1])
    return isinstance(statement, Return | Throw)
