"""What code hands to a function that keeps it in a variable of its module: a hook, a handler, a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from preship.analyzers.flow.elsewhere import is_it
from preship.analyzers.flow.reassigned import Declaration, Reassignment, names_in, names_of
from preship.analyzers.project.project import Project
from preship.analyzers.source import tree
from preship.analyzers.source.walk import within


def handed_in(project: Project, path: str, made: Reassignment) -> Iterator[tuple[str, Reassignment]]:
    """What the calls of a function of a file put where it puts its parameter, and in which files they are.

    None where it puts something else there, or where it is called by another way than its name.
    """
    module = project.module(path)
    place = parameter_put(made)
    names = names_of_function(module, made.around[0]) if module is not None and place is not None else ()
    for name in names:
        for user, local in named_in(project, path, name):
            using = project.module(user)
            for call in calls_of(local, using.statements if using is not None else ()):
                given = argument(call, place or 0)
                is_known = given is not None and all(is_of_module(project, user, each) for each in free_names(given))
                put = replace(made.put, value=given if is_known else None)
                yield user, replace(made, put=put, declarations=(), given=frozenset(), around=())


def parameter_put(made: Reassignment) -> int | None:
    """Which parameter of the one function around is put somewhere as it was given."""
    if len(made.around) != 1 or not isinstance(made.put.value, tree.Name):
        return None
    for place, parameter in enumerate(made.around[0].body.parameters):
        pattern = parameter.pattern
        if isinstance(pattern, tree.NamePattern) and pattern.name == made.put.value.name and not parameter.is_rest:
            return place
    return None


def names_of_function(module: tree.Module, function: tree.Function) -> Iterator[str]:
    """What the top of a module calls a function."""
    for statement in module.statements:
        if isinstance(statement, tree.DeclareFunction) and statement.function == function:
            yield statement.name
        elif isinstance(statement, tree.Declare) and statement.value == function:
            yield from names_of(statement)


def named_in(project: Project, path: str, name: str) -> Iterator[tuple[str, str]]:
    """The files that have what a file calls by a name, and what they call it."""
    yield path, name
    for importer in project.importers_of(path):
        using = project.module(importer)
        for each in using.imports if using is not None else ():
            if is_it(project, importer, each.local, path, name):
                yield importer, each.local


def calls_of(name: str, statements: Sequence[tree.Statement]) -> Iterator[tree.Call]:
    """The calls of what has this name."""
    for node in within(*statements):
        if isinstance(node, tree.Call) and isinstance(node.callee, tree.Name) and node.callee.name == name:
            yield node


def argument(call: tree.Call, place: int) -> tree.Expression | None:
    """What a call gives for a parameter; None where it gives a list of which that may be a part."""
    given = call.arguments[: place + 1]
    if any(isinstance(each, tree.Spread) for each in given):
        return None
    last = given[place] if len(given) > place else tree.Literal(call.span, None)
    return None if isinstance(last, tree.Spread) else last


def free_names(given: tree.Expression) -> frozenset[str]:
    """The variables that must be there where an argument is made; those inside a function are looked up later."""
    return frozenset() if isinstance(given, tree.Function) else names_in(given)


def is_of_module(project: Project, path: str, name: str) -> bool:
    """Whether a variable is one of the top of a file."""
    module = project.module(path)
    declared = (s for s in module.statements if isinstance(s, Declaration)) if module is not None else ()
    return project.local(path, name) is not None or any(name in names_of(each) for each in declared)
