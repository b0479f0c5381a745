"""What the deployment decides for all its callers alike: a mode without a login, a mock while developing."""

from __future__ import annotations

from dataclasses import replace

from analyzers.flow.facts import Configured, Facts
from analyzers.flow.origins import SETTINGS, Origin, Remote, Secret, Stored
from analyzers.flow.state import State
from analyzers.flow.values import Constant, Shape, Unknown, Value, origins_of
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


def is_found_by_ourselves(origin: Origin) -> bool:
    """Whether a record is the one that the program itself names: the only user of an installation of one's own."""
    return isinstance(origin, Stored) and not origin.key
