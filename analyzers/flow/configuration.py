"""What the deployment decides for all its callers alike: a mode without a login, a mock while developing."""

from __future__ import annotations

from dataclasses import replace

from analyzers.flow.facts import Authenticated, Configured, Fact, Facts, Strength, authenticated
from analyzers.flow.origins import SETTINGS, Origin, Remote, Secret, Stored
from analyzers.flow.state import State
from analyzers.flow.values import Alternative, Constant, Object, Shape, Unknown, Value, is_undefined, origins_of, under
from analyzers.source import tree


def configured(
    node: tree.Expression, value: Value, true: State | None, false: State | None
) -> tuple[State | None, State | None]:
    """The paths behind a test, marked where nothing but the settings of the deployment decides it."""
    found = origins_of(value)
    if (found and all(is_setting(o) for o in found)) or is_told_by_a_setting(value):
        for path, answer in ((true, True), (false, False)):
            if path is not None:
                path.facts |= {Configured(node.span, answer)}
    return true, false


def is_told_by_a_setting(value: Value) -> bool:
    """Whether a value is the yes or no of a function that has asked a setting, and nothing else."""
    return bool(value.alternatives) and all(
        is_nobodys(a.shape) and any(isinstance(f, Configured) for f in a.under) for a in value.alternatives
    )


def is_nobodys(shape: Shape) -> bool:
    """Whether a value is the program's own, or a setting's."""
    return isinstance(shape, Constant) or (isinstance(shape, Unknown) and all(map(is_setting, shape.origins)))


def is_setting(origin: Origin) -> bool:
    """Whether a value comes from the environment, or from a file that the program knows itself."""
    return isinstance(origin, Secret) or (isinstance(origin, Remote) and origin.host == SETTINGS)


def unmarked(state: State, entry: Facts) -> None:
    """Behind an `if` the marks of its branches say no more: what is left of them is the rule, not the setting."""
    marks = {f for f in state.facts - entry if isinstance(f, Configured)}
    state.facts = (state.facts - marks) | {replace(mark, is_behind=True) for mark in marks}


def is_in_a_branch(fact: Fact) -> bool:
    """Whether a setting has chosen the branch in which a path is."""
    return isinstance(fact, Configured) and not fact.is_behind


def with_stand_ins(paths: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
    """The ways in which a function returns: what a setting puts in a session's place is likely meant to be one."""
    if not any(is_in_a_branch(f) for _, path in paths for f in path.facts):
        return paths
    if not any(is_proven(value, path) for value, path in paths):
        return paths
    return [stand_in(value, path) if stands_in(value, path) else (value, path) for value, path in paths]


def is_proven(value: Value, path: State) -> bool:
    """Whether a function returns knowing its caller, or tells by its value that it does."""
    return any(is_sure(path.facts | a.under) for a in value.alternatives)


def is_sure(facts: Facts) -> bool:
    """Whether the caller is known, or a setting has put somebody in their place once before."""
    return any(isinstance(f, Authenticated) and f.strength >= Strength.LIKELY for f in facts)


def stands_in(value: Value, path: State) -> bool:
    """Whether a setting alone lets a function return, with somebody made up or with nothing at all.

    `null` beside somebody says itself that nobody is there.
    """
    if is_proven(value, path) or not any(is_in_a_branch(f) for f in path.facts):
        return False
    shapes = [a.shape for a in value.alternatives if not is_null(a.shape)]
    return (
        bool(shapes)
        and all(is_setting(o) or is_found_by_ourselves(o) for o in origins_of(value))
        and (all(map(is_made_up, shapes)) or (any(map(is_named, shapes)) and all(map(is_nobodys, shapes))))
    )


def is_null(shape: Shape) -> bool:
    """Whether a value is `null`."""
    return isinstance(shape, Constant) and shape.value is None


def is_found_by_ourselves(origin: Origin) -> bool:
    """Whether a record is the one that the program itself names: the only user of an installation of one's own."""
    return isinstance(origin, Stored) and not origin.key


def is_named(shape: Shape) -> bool:
    """Whether a setting says who somebody is, by name: `process.env.LOCAL_USER ?? 'local'`."""
    return isinstance(shape, Unknown) and bool(shape.origins)


def is_made_up(shape: Shape) -> bool:
    """Whether a value is nothing at all, or somebody whom the program itself has written down or keeps."""
    if isinstance(shape, Object):
        return any(has_text(inner) or is_kept(inner) for _, inner in shape.fields)
    if isinstance(shape, Unknown):
        return any(isinstance(o, Stored) for o in shape.origins)
    return is_undefined(shape)


def is_kept(value: Value) -> bool:
    """Whether a field holds a record."""
    return any(isinstance(o, Stored) for o in origins_of(value))


def has_text(value: Value) -> bool:
    """Whether a field holds a text of the program's own."""
    return any(isinstance(a.shape, Constant) and bool(a.shape.value) for a in value.alternatives)


def stand_in(value: Value, path: State) -> tuple[Value, State]:
    """The same, where the caller is likely known."""
    by = next(f.by for f in path.facts if isinstance(f, Configured) and not f.is_behind)
    likely = authenticated("a setting of the deployment", by, Strength.LIKELY)
    if any(is_null(a.shape) for a in value.alternatives):
        there = (a if is_null(a.shape) else Alternative(a.shape, a.under | likely) for a in value.alternatives)
        return Value(tuple(there)), path
    path.facts |= likely
    return under(value, likely), path
