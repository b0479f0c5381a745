"""An action as whoever calls it over the network meets it: what it expects, and what a call might do.

A call whose arguments name no record does nothing where all that it changes is found by such an argument. Of whatever
else it might do, it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.words import described, not_followed
from preship.analyzers.codebase import Codebase
from preship.analyzers.endpoints.expected import ANYTHING, Expected, at, may_name_nothing
from preship.analyzers.endpoints.parameters import Parameter, parameters_of
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import REST, Input, Origin, Session, roots
from preship.analyzers.flow.values import Object, Unknown, Value, origins_of
from preship.analyzers.project.project import Project
from preship.analyzers.source.tree import (
    Name,
    NamePattern,
)
from preship.analyzers.source.walk import is_within, within_function

CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE})
FOUND = frozenset({EffectKind.READ, EffectKind.WRITE, EffectKind.DELETE})
SENT = frozenset(
    {
        EffectKind.SQL,
        EffectKind.SEND,
        EffectKind.PAY,
        EffectKind.FETCH,
        EffectKind.FILE,
        EffectKind.RUN,
        EffectKind.DIAL,
        EffectKind.IDENTIFY,
        EffectKind.LOAD,
        EffectKind.UNSEEN,
    }
)
"""What happens whatever record the arguments name."""

COOKIE = re.compile(r"""\b(?:cookies\(\)|\w*[cC]ookie\w*|jar|store)\s*\)*\s*\.get\(\s*['"]([\w.-]+)['"]""")
"""A cookie that is asked for by its name."""


@dataclass(frozen=True, slots=True)
class Key:
    """A part of an argument by which records are found."""

    table: str
    column: str
    parameter: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a caller of an action meets."""

    parameters: tuple[Parameter, ...]
    tables: tuple[str, ...]
    """What it changes, as far as its tables are known; sorted."""

    keys: tuple[Key, ...]
    """How its arguments choose what it changes or reads."""

    reads: tuple[str, ...]
    """What it reads, of what nobody's session chooses alone; sorted."""

    whatever_it_names: tuple[str, ...]
    """What a call might do although its arguments name no record, in words."""

    is_bound: bool
    """Whether the page that renders it seals values into it, which a caller cannot make up."""


def endpoint_of(tree: Codebase, action: ServerAction) -> Endpoint:
    """What a caller of an action meets."""
    facts = tree.executed(action)
    parameters = tuple(parameters_of(tree.project, action, facts))
    expected = {each.name: each.expected for each in parameters}
    happening = dict.fromkeys(_in_words(e) for e in facts.effects if _may_happen(e, expected))
    return Endpoint(
        parameters,
        tuple(sorted({e.target for e in facts.effects if e.kind in CHANGES and e.target})),
        tuple(dict.fromkeys(key for e in facts.effects if e.kind in FOUND for key in _keys(e))),
        tuple(sorted({e.target for e in facts.effects if e.kind is EffectKind.READ and e.target and not _is_own(e)})),
        tuple(happening),
        action.form == "inline" and bool(_captured(action)),
    )


def cookies_named(project: Project) -> tuple[str, ...]:
    """The cookies that code of the server reads by name; sorted."""
    paths = project.may_spell("next/headers")
    texts = (blob.content.decode("utf-8", "replace") for blob in project.files.read(paths).values())
    return tuple(sorted({found[1] for text in texts for found in COOKIE.finditer(text)}))


def _in_words(effect: Effect) -> str:
    return f"could not be followed: {not_followed(effect)}" if effect.kind is EffectKind.UNSEEN else described(effect)


def _keys(effect: Effect) -> Iterator[Key]:
    """The inputs that choose the records of an effect, each with the column that it is held against."""
    for alternative in effect.key.alternatives if effect.key is not None else ():
        shape = alternative.shape
        for column, value in shape.fields if isinstance(shape, Object) else ():
            for origin in sorted((o for o in origins_of(value) if isinstance(o, Input)), key=lambda o: o.path):
                yield Key(effect.target, column, *_place(origin))


def _is_own(effect: Effect) -> bool:
    found = roots(origins_of(effect.key))
    return bool(found) and all(isinstance(each, Session) for each in found)


def _place(origin: Input) -> tuple[str, tuple[str, ...]]:
    """The parameter that an input is a part of, and the path to it; what a wrapper hands on goes by its own name."""
    if origin.parameter == REST and origin.path:
        return origin.path[0], origin.path[1:]
    return origin.parameter, origin.path


# --- what a call might do ------------------------------------------------------------------------------------------


def _may_happen(effect: Effect, expected: Mapping[str, Expected]) -> bool:
    """Whether an effect happens whatever record the arguments name."""
    if effect.kind in SENT or effect.kind is EffectKind.INSERT:
        return True
    return effect.kind in CHANGES and not _finds_nothing(effect.key, expected)


def _finds_nothing(key: Value | None, expected: Mapping[str, Expected]) -> bool:
    """Whether what chooses the records is such that nothing is found where the arguments name nothing.

    Each part of the key must be the caller's to choose, or the session's: of `id` or a constant either may match.
    """
    if key is None:
        return False
    for alternative in key.alternatives:
        shape = alternative.shape
        parts = [value for _, value in shape.fields] if isinstance(shape, Object) else [key]
        if isinstance(shape, Object) and shape.rest is not None:
            return False
        if not isinstance(shape, Object | Unknown) or not parts:
            return False
        found = [frozenset(roots(origins_of(part))) for part in parts]
        if not all(each and all(_is_chosen(origin, expected) for origin in each) for each in found):
            return False
        if not any(isinstance(origin, Input) for each in found for origin in each):
            return False
    return bool(key.alternatives)


def _is_chosen(origin: Origin, expected: Mapping[str, Expected]) -> bool:
    if isinstance(origin, Input):
        parameter, path = _place(origin)
        return may_name_nothing(at(expected.get(parameter, ANYTHING), path))
    return isinstance(origin, Session)


def _captured(action: ServerAction) -> set[str]:
    """The variables of the functions around an inline action that it uses."""
    if action.function is None:
        return set()
    own = action.function.span
    inside = list(within_function(action.function))
    around = {
        node.name
        for function in action.enclosing
        for node in within_function(function)
        if isinstance(node, NamePattern) and not is_within(node.span, own)
    }
    bound = {node.name for node in inside if isinstance(node, NamePattern)}
    return (around & {node.name for node in inside if isinstance(node, Name)}) - bound
