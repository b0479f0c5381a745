"""What the deployment decides for all its callers alike: a mode without a login, a mock while developing."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.flow.facts import Authenticated, Configured, Facts, Strength
from preship.analyzers.flow.origins import (
    SETTINGS,
    Input,
    Origin,
    Origins,
    Remote,
    Request,
    Secret,
    Session,
    Stored,
    roots,
)
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    Alternative,
    Constant,
    Object,
    Promise,
    Shape,
    Unknown,
    Value,
    is_nullish,
    origins_of,
)
from preship.analyzers.source import tree


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


Choices = frozenset[tuple[tree.Span, bool]]
"""Tests of settings, each with how it came out."""


Outcome = tuple[Value, Facts]
"""A value that a path brings, and what this path alone has proven."""


def without_stand_ins(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes of several paths, without what only stands in for another.

    Where the deployment decides between what comes from the caller's identity and what comes from nobody's, as a demo's
    users, who calls cannot choose the latter. What is asked of the one is asked of everybody there is; that somebody is
    known there is no more than likely.
    """
    chosen = [choices(value, facts) for value, facts in outcomes]
    if sum(map(bool, chosen)) < 2:
        return outcomes
    pairs = [
        (n, other)
        for n, (value, _) in enumerate(outcomes)
        for other, (real, _) in enumerate(outcomes)
        if are_parted(chosen[n], chosen[other]) and stands_in(value, real)
    ]
    left_out, kept = {n for n, _ in pairs}, {other for _, other in pairs}
    return [likely(each) if n in kept else each for n, each in enumerate(outcomes) if n not in left_out]


def stands_in(value: Value, real: Value) -> bool:
    """Whether a value of nobody's looks like one that comes from the caller's identity."""
    if not comes_from_the_caller(origins_of(real)) or not is_nobodys_own(value):
        return False
    asked, given = fields_in(real), fields_in(value)
    return asked is None or given is None or asked <= given


def fields_in(value: Value) -> frozenset[str] | None:
    """The fields that a value, or what it promises, has in any case; None where not all of them are known."""
    found: list[frozenset[str]] = []
    for a in value.alternatives:
        inner = fields_in(a.shape.value) if isinstance(a.shape, Promise) else None
        if isinstance(a.shape, Object):
            inner = frozenset(name for name, _ in a.shape.fields)
        if inner is not None:
            found.append(inner)
        elif not is_nullish(a.shape):
            return None
    return frozenset.intersection(*found) if found else None


def choices(value: Value, facts: Facts) -> Choices:
    """How the tests of settings came out wherever this is the value."""
    held = [facts.union(a.under) for a in value.alternatives]
    common = held[0].intersection(*held[1:]) if held else facts
    return settings_among(common)


def settings_among(facts: Facts) -> Choices:
    """How the tests of settings came out where these facts hold."""
    return frozenset((fact.by, fact.answer) for fact in facts if isinstance(fact, Configured))


def are_parted(first: Choices, second: Choices) -> bool:
    """Whether one test came out the other way."""
    return any((by, not answer) in second for by, answer in first)


def comes_from_the_caller(origins: Origins) -> bool:
    """Whether a value is of the caller's verified identity, or was found by it."""
    return any(isinstance(o, Session) and o.is_verified for o in roots(origins))


def is_nobodys_own(value: Value) -> bool:
    """Whether a value is there, and nothing of it is what any caller sends or says."""
    found = roots(origins_of(value))
    is_sent = any(isinstance(o, Input | Request | Session) for o in found)
    return not is_sent and any(not is_nullish(a.shape) for a in value.alternatives)


def likely(outcome: Outcome) -> Outcome:
    """A value whose presence makes it likely that somebody is known, and no more."""
    return _likely_value(outcome[0]), _no_proof(outcome[1])


def _likely_value(value: Value) -> Value:
    return Value(tuple(Alternative(_likely(a.shape), _no_proof(a.under)) for a in value.alternatives))


def _likely(shape: Shape) -> Shape:
    if isinstance(shape, Promise):
        return replace(shape, value=_likely_value(shape.value), facts=_no_proof(shape.facts))
    return shape


def _no_proof(facts: Facts) -> Facts:
    return frozenset(f for f in facts if not (isinstance(f, Authenticated) and f.strength is Strength.PROVEN))


def is_found_by_ourselves(origin: Origin) -> bool:
    """Whether a record is the one that the program itself names: the only user of an installation of one's own."""
    return isinstance(origin, Stored) and not origin.key
