"""Module variables that functions assign: singletons, memos, flags. Who reads one may find what any of them put in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from analyzers.source import tree
from analyzers.source.walk import bound_names, children

OPERATORS = frozenset({"=", "||=", "??=", "&&="})
"""Assignments that put the right side there as it is."""


def assigned_in_functions(
    statements: Sequence[tree.Statement], names: Collection[str]
) -> Mapping[str, tuple[tree.Expression, ...]]:
    """What the functions inside these statements assign to variables of these names that they do not declare."""
    found: dict[str, list[tree.Expression]] = {}
    if names:
        for assignment in _assignments(statements, frozenset(names), is_inside=False):
            found.setdefault(name_assigned(assignment) or "", []).append(assignment.value)
    return {name: tuple(values) for name, values in found.items()}


def _assignments(nodes: Sequence[tree.Node], names: frozenset[str], *, is_inside: bool) -> Iterator[tree.Assign]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Function):
            yield from _assignments(list(children(node)), names - declared(node), is_inside=True)
            continue
        if is_inside and isinstance(node, tree.Assign) and name_assigned(node) in names:
            yield node
        waiting.extend(reversed(list(children(node))))


def name_assigned(node: tree.Assign) -> str | None:
    """The variable that holds the right side as it is from here on."""
    is_whole = node.operator in OPERATORS and isinstance(node.target, tree.NamePattern)
    return node.target.name if is_whole and isinstance(node.target, tree.NamePattern) else None


def declared(function: tree.Function) -> frozenset[str]:
    """The names that a function declares itself, in whatever block."""
    found = {n.name for p in function.body.parameters for n in bound_names(p.pattern)}
    waiting: list[tree.Node] = list(function.body.statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Function):
            continue
        if isinstance(node, tree.Declare):
            found |= {n.name for n in bound_names(node.pattern)}
        waiting.extend(children(node))
    return frozenset(found)
