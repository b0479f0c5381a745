"""Module variables that functions assign, or whose properties they set: singletons, memos, flags, kept connections.

Who reads one may find what any of them put in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzers.source import tree
from analyzers.source.walk import bound_names, children

OPERATORS = frozenset({"=", "||=", "??=", "&&="})
"""Assignments that put the right side there as it is."""

Declaration = tree.Declare | tree.DeclareFunction | tree.DeclareClass


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What a function puts into a variable of its module."""

    path: tuple[str, ...]
    """The property that it sets, `("promise",)` for `cached.promise = …`; empty where it assigns the whole."""

    value: tree.Expression
    declarations: tuple[Declaration, ...]
    """What the functions around declare and the value is made of, in their order."""

    given: frozenset[str]
    """The parameters of the functions around: what they hold was another call's."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The functions around a place."""

    declarations: tuple[Declaration, ...] = ()
    given: frozenset[str] = frozenset()

    def within(self, function: tree.Function) -> Surroundings:
        """The same, one function further in."""
        given = frozenset(n.name for p in function.body.parameters for n in bound_names(p.pattern))
        return Surroundings((*self.declarations, *declared(function)), self.given | given)


def assigned_in_functions(
    statements: Sequence[tree.Statement], names: Collection[str], mutable: Collection[str]
) -> Mapping[str, tuple[Reassignment, ...]]:
    """What the functions inside these statements put into variables of these names that they do not declare.

    Only the `mutable` ones among them can be assigned whole.
    """
    found: dict[str, list[Reassignment]] = {}
    if names:
        for assignment, around in _assignments(statements, frozenset(names), None):
            name, path = place_of(assignment)
            if path or name in mutable:
                read = tuple(made_of(assignment.value, around.declarations))
                found.setdefault(name, []).append(Reassignment(path, assignment.value, read, around.given))
    return {name: tuple(values) for name, values in found.items()}


def kept_in(statements: Sequence[tree.Statement], holders: Collection[str]) -> Mapping[str, tuple[Reassignment, ...]]:
    """What any code of a module puts into properties of what has one of these names, by property."""
    found: dict[str, list[Reassignment]] = {}
    inside = (d for s in statements if not isinstance(s, Declaration) for d in declared_among((s,)))
    for assignment, around in _assignments(statements, frozenset(holders), Surroundings(tuple(inside))):
        _, path = place_of(assignment)
        if len(path) == 1:
            read = tuple(made_of(assignment.value, around.declarations))
            found.setdefault(path[0], []).append(Reassignment((), assignment.value, read, around.given))
    return {name: tuple(values) for name, values in found.items()}


def _assignments(
    nodes: Sequence[tree.Node], names: frozenset[str], around: Surroundings | None
) -> Iterator[tuple[tree.Assign, Surroundings]]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Function):
            inner = (around or Surroundings()).within(node)
            hidden = inner.given.union(*(names_of(d) for d in inner.declarations))
            yield from _assignments(list(children(node)), names - hidden, inner)
            continue
        if around is not None and isinstance(node, tree.Assign) and place_of(node)[0] in names:
            yield node, around
        waiting.extend(reversed(list(children(node))))


def place_of(node: tree.Assign) -> tuple[str, tuple[str, ...]]:
    """The variable, and its property, that holds the right side as it is from here on; no name where there is none."""
    name, path = held_in(node.target)
    return (name, path) if node.operator in OPERATORS else ("", ())


def held_in(target: tree.Node) -> tuple[str, tuple[str, ...]]:
    """The variable in which something is assigned, and the way to it from there."""
    if isinstance(target, tree.Member):
        name, path = held_in(target.object)
        return name, (*path, target.name)
    return (target.name if isinstance(target, tree.NamePattern | tree.Name) else ""), ()


def declared(function: tree.Function) -> Iterator[Declaration]:
    """What a function declares itself, in whatever block."""
    return declared_among(function.body.statements)


def declared_among(statements: Sequence[tree.Statement]) -> Iterator[Declaration]:
    """What statements declare, in whatever block, but for the functions among them."""
    waiting: list[tree.Node] = list(reversed(statements))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Declaration):
            yield node
        if not isinstance(node, tree.Function):
            waiting.extend(reversed(list(children(node))))


def names_of(declaration: Declaration) -> frozenset[str]:
    """The names that a statement declares."""
    if isinstance(declaration, tree.Declare):
        return frozenset(n.name for n in bound_names(declaration.pattern))
    return frozenset({declaration.name})


def made_of(value: tree.Node, declarations: Sequence[Declaration]) -> list[Declaration]:
    """The declarations that a value reads, and those that these read."""
    wanted = names_in(value)
    kept: list[Declaration] = []
    for declaration in reversed(declarations):
        if names_of(declaration) & wanted:
            kept.insert(0, declaration)
            wanted |= names_in(declaration)
    return kept


def names_in(node: tree.Node) -> frozenset[str]:
    """The variables that some code names."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Name):
            found.add(node.name)
        waiting.extend(children(node))
    return frozenset(found)
