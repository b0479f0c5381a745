"""Module variables that functions assign, or whose properties they set: singletons, memos, flags, kept connections.

Who reads one may find what any of them put in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzers.source import tree
from analyzers.source.walk import bound_names, children, within

OPERATORS = frozenset({"=", "||=", "??=", "&&="})
"""Assignments that put the right side there as it is."""

ENTRY = "[]"
"""Stands in a path for what is held under a key: of `cache[id] = …`, of `cache.set(id, …)`."""

KEEPERS = frozenset({"Map", "WeakMap"})
"""Classes into which `set` puts something under a key."""

Declaration = tree.Declare | tree.DeclareFunction | tree.DeclareClass


@dataclass(frozen=True, slots=True)
class Put:
    """A place where something is put into a variable, or into what it holds."""

    name: str
    """The variable."""

    path: tuple[str, ...]
    """The property that it sets, `("promise",)` for `cached.promise = …`; empty where it assigns the whole."""

    value: tree.Expression
    key: tree.Expression | None = None
    """Under what it is put there, where the path ends with an entry."""


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What a function puts into a variable of its module."""

    put: Put
    declarations: tuple[Declaration, ...]
    """What the functions around declare and the value is made of, in their order."""

    given: frozenset[str]
    """The parameters of the functions around: what they hold was another call's."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The functions around a place."""

    declarations: tuple[Declaration, ...] = ()
    given: frozenset[str] = frozenset()
    assignments: tuple[tree.Assign, ...] = ()
    """What they assign to whole variables."""

    def within(self, function: tree.Function) -> Surroundings:
        """The same, one function further in."""
        given = frozenset(n.name for p in function.body.parameters for n in bound_names(p.pattern))
        assigned = (node for node in code_of(function.body.statements) if isinstance(node, tree.Assign))
        whole = tuple(node for node in assigned if isinstance(node.target, tree.NamePattern))
        declarations = (*self.declarations, *declared(function))
        return Surroundings(declarations, self.given | given, (*self.assignments, *whole))


def assigned_in_functions(
    statements: Sequence[tree.Statement], names: Collection[str], mutable: Collection[str], keepers: Collection[str]
) -> Mapping[str, tuple[Reassignment, ...]]:
    """What the functions inside these statements put into variables of these names that they do not declare.

    Only the `mutable` ones among them can be assigned whole, and only the `keepers` hold entries.
    """
    found: dict[str, list[Reassignment]] = {}
    if names:
        for put, around in _puts(statements, frozenset(names), None):
            if put.name in (keepers if put.key is not None else mutable) or (put.path and put.key is None):
                found.setdefault(put.name, []).extend(_reassignment(each, around) for each in sources(put, around))
    return {name: tuple(values) for name, values in found.items()}


def sources(put: Put, around: Surroundings) -> Iterator[Put]:
    """Where what is put somewhere comes from: a variable that was assigned after it had been looked up there."""
    name = put.value.name if isinstance(put.value, tree.Name) else None
    assigned = [a for a in around.assignments if isinstance(a.target, tree.NamePattern) and a.target.name == name]
    made = next((d for d in around.declarations if name is not None and name in names_of(d)), None)
    is_looked_up = isinstance(made, tree.Declare) and made.value is not None and put.name in names_in(made.value)
    if not (assigned and is_looked_up):
        yield put
    yield from (replace(put, value=each.value) for each in assigned)


def kept_in(code: Sequence[tree.Node], holders: Collection[str]) -> Mapping[str, tuple[Reassignment, ...]]:
    """What any code of a module, or of a class, puts into properties of what has one of these names, by property."""
    found: dict[str, list[Reassignment]] = {}
    inside = (d for s in code if not isinstance(s, Declaration) for d in declared_among((s,)))
    for put, around in _puts(code, frozenset(holders), Surroundings(tuple(inside))):
        if len(put.path) == 1 and put.key is None:
            found.setdefault(put.path[0], []).append(_reassignment(put, around))
    return {name: tuple(values) for name, values in found.items()}


def keeps_entries(value: tree.Expression | None) -> bool:
    """Whether a variable that is made so serves as a cache: an object, or a map, or one where there is none yet."""
    if value is None or isinstance(value, tree.Function):
        return False
    made = (each.callee for each in within(value) if isinstance(each, tree.New))
    is_map = any(isinstance(callee, tree.Name) and callee.name in KEEPERS for callee in made)
    return is_map or isinstance(value, tree.ObjectLiteral)


def _reassignment(put: Put, around: Surroundings) -> Reassignment:
    wanted = names_in(put.value) | (names_in(put.key) if put.key is not None else frozenset())
    return Reassignment(put, tuple(made_of(wanted, around.declarations)), around.given)


def _puts(
    nodes: Sequence[tree.Node], names: frozenset[str], around: Surroundings | None
) -> Iterator[tuple[Put, Surroundings]]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Function):
            inner = (around or Surroundings()).within(node)
            hidden = inner.given.union(*(names_of(d) for d in inner.declarations))
            yield from _puts(list(children(node)), names - hidden, inner)
            continue
        if around is not None:
            yield from ((put, around) for put in puts_at(node) if put.name in names)
        waiting.extend(reversed(list(children(node))))


def puts_at(node: tree.Node) -> Iterator[Put]:
    """What a piece of code puts somewhere as it is: an assignment, or a call of `set` with a key and a value."""
    if isinstance(node, tree.Assign) and node.operator in OPERATORS:
        yield from _dealt(node.target, node.value)
    elif isinstance(node, tree.Iterate) and node.declares is None:
        yield from _dealt(node.pattern, tree.Index(node.span, node.iterable, tree.Literal(node.span, 0)))
    elif isinstance(node, tree.Call) and isinstance(node.callee, tree.Member) and node.callee.name == "set":
        given = [each for each in node.arguments if not isinstance(each, tree.Spread)]
        if len(given) == len(node.arguments) == 2:
            name, path = held_in(node.callee.object)
            yield Put(name, (*path, ENTRY), given[1], given[0])


def _dealt(target: tree.Pattern, value: tree.Expression) -> Iterator[Put]:
    """What each variable or property of a pattern is given of a value."""
    if isinstance(target, tree.ObjectPattern):
        for prop in target.properties:
            key = prop.key if isinstance(prop.key, tree.Expression) else tree.Literal(prop.span, prop.key)
            yield from _dealt(prop.pattern, tree.Index(prop.span, value, key))
    elif isinstance(target, tree.ArrayPattern):
        for index, item in enumerate(target.items):
            if item is not None:
                yield from _dealt(item.pattern, tree.Index(item.span, value, tree.Literal(item.span, index)))
    elif isinstance(target, tree.Index):
        name, path = held_in(target.object)
        yield Put(name, (*path, ENTRY), value, target.key)
    else:
        yield Put(*held_in(target), value)


def held_in(target: tree.Node) -> tuple[str, tuple[str, ...]]:
    """The variable in which something is assigned, and the way to it from there."""
    if isinstance(target, tree.Member):
        name, path = held_in(target.object)
        return name, (*path, target.name)
    if isinstance(target, tree.This):
        return "this", ()
    return (target.name if isinstance(target, tree.NamePattern | tree.Name) else ""), ()


def declared(function: tree.Function) -> Iterator[Declaration]:
    """What a function declares itself, in whatever block."""
    return declared_among(function.body.statements)


def declared_among(statements: Sequence[tree.Node]) -> Iterator[Declaration]:
    """What statements declare, in whatever block, but for the functions among them."""
    return (node for node in code_of(statements) if isinstance(node, Declaration))


def code_of(statements: Sequence[tree.Node]) -> Iterator[tree.Node]:
    """The code of statements in its order, but for that of the functions among them."""
    waiting: list[tree.Node] = list(reversed(statements))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, tree.Function):
            waiting.extend(reversed(list(children(node))))


def names_of(declaration: Declaration) -> frozenset[str]:
    """The names that a statement declares."""
    if isinstance(declaration, tree.Declare):
        return frozenset(n.name for n in bound_names(declaration.pattern))
    return frozenset({declaration.name})


def made_of(wanted: frozenset[str], declarations: Sequence[Declaration]) -> list[Declaration]:
    """The declarations of some names, and of those that these are made of."""
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
