"""What code puts into variables and properties that outlive a call: singletons, memos, flags, registries, connections.

Who reads one may find what any of it put in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.source import tree
from preship.analyzers.source.once import once
from preship.analyzers.source.walk import bound_names, code_of, parameters_of, statements_of, within

OPERATORS = frozenset({"=", "||=", "??=", "&&="})
"""Assignments that put the right side there as it is."""

ENTRY = "[]"
"""Stands in a path for what is held under a key: of `cache[id] = …`, of `cache.set(id, …)`; or in any place."""

THIS = "this"

NONE: frozenset[str] = frozenset()

ADDERS = {"push": 0, "unshift": 0, "splice": 2}
"""Methods that put their arguments into a list, and which is the first of those."""

KEEPERS = frozenset({"Map", "WeakMap"})
"""Classes into which `set` puts something under a key."""

Declaration = tree.Declare | tree.DeclareFunction | tree.DeclareClass
Making = Declaration | tree.Evaluate
"""What gives a variable its value, or changes what it holds."""


@dataclass(frozen=True, slots=True)
class Put:
    """A place where something is put into a variable, or into what it holds."""

    name: str
    """The variable."""

    path: tuple[str, ...]
    """The property that it sets, `("promise",)` for `cached.promise = …`; empty where it assigns the whole."""

    value: tree.Expression | None
    """What it puts there; None where that is a part of something else."""

    key: tree.Expression | None = None
    """Under what it is put there, where the path ends with an entry; None where that may be anything."""


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What a function puts into a variable of its module."""

    put: Put
    declarations: tuple[Making, ...]
    """What the functions around declare and configure, of which the value is made, in their order."""

    given: frozenset[str]
    """The parameters of the functions around: what they hold was another call's."""

    around: tuple[tree.Function, ...] = ()
    """The functions around, the outermost first."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The functions around a place."""

    declarations: tuple[Making, ...] = ()
    given: frozenset[str] = frozenset()
    assignments: tuple[tree.Assign, ...] = ()
    """What they assign to whole variables."""

    is_inside: bool = True
    """Whether there is one: else the place is at the top of its module."""

    own: frozenset[str] = frozenset()
    """The names that are theirs."""

    functions: tuple[tree.Function, ...] = ()
    """Themselves, the outermost first."""

    def within(self, function: tree.Function) -> Surroundings:
        """The same, one function further in."""
        given = given_to(function)
        return Surroundings(
            (*self.declarations, *declared(function)),
            self.given | given,
            (*self.assignments, *whole_assignments(function)),
            own=self.own | own_names(function),
            functions=(*self.functions, function),
        )


def assigned_in(
    statements: Sequence[tree.Statement], names: Collection[str], mutable: Collection[str], keepers: Collection[str]
) -> Mapping[str, tuple[Reassignment, ...]]:
    """What these statements, and the functions inside them, put into variables of these names that they do not declare.

    Only the `mutable` ones among them can be assigned whole, and only the `keepers` hold entries. What the statements
    themselves do to the mutable ones is left out.
    """
    found: dict[str, list[Reassignment]] = {}
    if names:
        for put, around in _puts(statements, frozenset(names), Surroundings(is_inside=False)):
            is_possible = put.name in (keepers if put.key is not None else mutable) or (put.path and put.key is None)
            if is_possible and (around.is_inside or put.name not in mutable):
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
    declarations = tuple(inside)
    own = frozenset(name for each in declarations for name in names_of(each))
    for put, around in _puts(code, frozenset(holders), Surroundings(declarations, own=own)):
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


def put_into_itself(function: tree.Function, name: str | None = None) -> Iterator[Reassignment]:
    """What a method puts into its `this`, or into what has this name."""
    around = Surroundings().within(function)
    names = frozenset({THIS, name} if name else {THIS}) - around.own
    for put, inner in _puts_among(puts_of(function), names, around):
        if put.path:
            yield _reassignment(put, inner)


def assigned_around(statements: Iterable[tree.Node]) -> frozenset[str]:
    """The variables that a function assigns and does not declare: what they hold, a call of it may have changed."""
    found: set[str] = set()
    for node in code_of(statements):
        if isinstance(node, tree.Function):
            found |= assigned_by(node)
    return frozenset(found)


@once
def assigned_by(function: tree.Function) -> frozenset[str]:
    """The variables that a function, or one inside it, assigns and does not declare."""
    own = own_names(function) | {""}
    found: set[str] = set()
    for node in parameters_of(function) + statements_of(function):
        if isinstance(node, tree.Function):
            found |= assigned_by(node)
        elif isinstance(node, tree.Assign | tree.Update):
            found.update(put.name for put in puts_at(node) if not put.path and put.name not in own)
    return frozenset(found)


def _reassignment(put: Put, around: Surroundings) -> Reassignment:
    wanted = names_in(put.value) | names_in(put.key)
    return Reassignment(put, tuple(made_of(wanted, around.declarations)), around.given, around.functions)


def _puts(
    nodes: Iterable[tree.Node], names: frozenset[str], around: Surroundings
) -> Iterator[tuple[Put, Surroundings]]:
    return _puts_among(puts_among(code_of(nodes)), names, around)


def _puts_among(
    puts: Iterable[Put | tree.Function], names: frozenset[str], around: Surroundings
) -> Iterator[tuple[Put, Surroundings]]:
    for each in puts:
        if isinstance(each, tree.Function):
            inside = puts_of(each)
            if inside:
                inner = around.within(each)
                hidden = inner.own if each.is_arrow else inner.own | {THIS}
                yield from _puts_among(inside, names - hidden, inner)
        elif each.name in names:
            yield each, around


@once
def puts_of(function: tree.Function) -> tuple[Put | tree.Function, ...]:
    """What a function puts somewhere, and the functions inside it that do, in their order."""
    return tuple(puts_among(parameters_of(function) + statements_of(function)))


def puts_among(nodes: Iterable[tree.Node]) -> Iterator[Put | tree.Function]:
    """What pieces of code put somewhere, and the functions among them that do."""
    for node in nodes:
        if not isinstance(node, tree.Function):
            yield from puts_at(node)
        elif puts_of(node):
            yield node


def puts_at(node: tree.Node) -> Iterator[Put]:
    """What a piece of code puts somewhere: an assignment, or a call that puts its arguments into its owner."""
    if isinstance(node, tree.Assign) and node.operator in OPERATORS:
        yield from _dealt(node.target, node.value)
    elif isinstance(node, tree.Assign | tree.Update):
        yield Put(*held_in(node.target), None)
    elif isinstance(node, tree.Iterate) and node.declares is None:
        yield from _dealt(node.pattern, tree.Index(node.span, node.iterable, tree.Literal(node.span, 0)))
    elif isinstance(node, tree.Call) and isinstance(node.callee, tree.Member):
        yield from _put_by_call(node.callee, node.arguments)


def _put_by_call(callee: tree.Member, given: Sequence[tree.Expression | tree.Spread]) -> Iterator[Put]:
    """What `map.set(key, value)`, `list.push(…)` and `Object.assign(target, …)` put where."""
    name, path = held_in(callee.object)
    if callee.name == "set" and len(given) == 2:
        key, value = given
        if not isinstance(key, tree.Spread) and not isinstance(value, tree.Spread):
            yield Put(name, (*path, ENTRY), value, key)
    elif callee.name in ADDERS:
        for each in given[ADDERS[callee.name] :]:
            yield Put(name, (*path, ENTRY), None if isinstance(each, tree.Spread) else each)
    elif (name, path, callee.name) == ("Object", (), "assign") and given:
        for source in given[1:]:
            yield from _put_by_object(*held_in(given[0]), source)


def _put_by_object(name: str, path: tuple[str, ...], source: tree.Node) -> Iterator[Put]:
    """What the properties of an object are put into."""
    for each in source.properties if isinstance(source, tree.ObjectLiteral) else (source,):
        if isinstance(each, tree.Property) and isinstance(each.key, str):
            yield Put(name, (*path, each.key), each.value)
        else:
            yield Put(name, (*path, ENTRY), None)


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


@once
def declared(function: tree.Function) -> tuple[Making, ...]:
    """What a function declares itself, in whatever block."""
    return tuple(makings_in(statements_of(function)))


@once
def whole_assignments(function: tree.Function) -> tuple[tree.Assign, ...]:
    """What a function itself assigns to whole variables."""
    assigned = (node for node in statements_of(function) if isinstance(node, tree.Assign))
    return tuple(node for node in assigned if isinstance(node.target, tree.NamePattern))


@once
def given_to(function: tree.Function) -> frozenset[str]:
    """The names of a function's parameters."""
    return frozenset(n.name for p in function.body.parameters for n in bound_names(p.pattern))


@once
def own_names(function: tree.Function) -> frozenset[str]:
    """The names that are a function's own: those of its parameters, and what it declares."""
    return given_to(function).union(*(names_of(d) for d in declared(function)))


def declared_among(statements: Iterable[tree.Node]) -> Iterator[Making]:
    """What statements declare and configure, in whatever block, but for the functions among them."""
    return makings_in(code_of(statements))


def makings_in(code: Iterable[tree.Node]) -> Iterator[Making]:
    """What declares or configures something among pieces of code."""
    for node in code:
        if isinstance(node, Declaration) or (isinstance(node, tree.Evaluate) and configured_by(node)):
            yield node


def configured_by(statement: tree.Evaluate) -> str:
    """The variable that holds what a statement calls a method of, or sets a property of: `client.setKey(key)`."""
    node = statement.value.value if isinstance(statement.value, tree.Await) else statement.value
    if isinstance(node, tree.Assign):
        return held_in(node.target)[0] if isinstance(node.target, tree.Member | tree.Index) else ""
    if not isinstance(node, tree.Call) or not isinstance(node.callee, tree.Member):
        return ""
    start: tree.Expression = node
    while isinstance(start, tree.Call | tree.Member):
        start = start.callee if isinstance(start, tree.Call) else start.object
    return start.name if isinstance(start, tree.Name) else ""


def names_of(declaration: Making) -> frozenset[str]:
    """The names that a statement declares."""
    if isinstance(declaration, tree.Evaluate):
        return frozenset()
    if isinstance(declaration, tree.Declare):
        return frozenset(n.name for n in bound_names(declaration.pattern))
    return frozenset({declaration.name})


def made_of(wanted: frozenset[str], declarations: Sequence[Making]) -> list[Making]:
    """The declarations of some names, what configures them, and those that these are made of."""
    own = {name for declaration in declarations for name in names_of(declaration)}
    kept: list[Making] = []
    for declaration in reversed(declarations):
        named = {configured_by(declaration)} & own if isinstance(declaration, tree.Evaluate) else names_of(declaration)
        if named & wanted:
            kept.insert(0, declaration)
            wanted |= names_in(declaration)
    return kept


def names_in(node: tree.Node | None) -> frozenset[str]:
    """The variables that some code names."""
    return frozenset(each.name for each in within(node) if isinstance(each, tree.Name)) if node is not None else NONE
