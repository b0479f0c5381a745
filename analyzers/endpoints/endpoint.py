"""An action as whoever calls it over the network meets it: what it expects, and what a call might do.

A call whose arguments name no record does nothing where all that it changes is found by such an argument. Of whatever
else it might do, it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.execution import name_of
from preship.analyzers.actions.words import described
from preship.analyzers.codebase import Codebase
from preship.analyzers.endpoints.expected import (
    ANYTHING,
    TEXT,
    Expected,
    Field,
    Form,
    Record,
    at,
    may_name_nothing,
)
from preship.analyzers.endpoints.schemas import ENDS, Schemas
from preship.analyzers.endpoints.types import Types
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Origin, Session, roots
from preship.analyzers.flow.values import Object, Unknown, Value, origins_of
from preship.analyzers.project.project import Project
from preship.analyzers.rule import ActionFacts
from preship.analyzers.source.tree import (
    Call,
    Expression,
    Function,
    Literal,
    Member,
    Name,
    NamePattern,
    Node,
    ObjectLiteral,
    ObjectPattern,
    Pattern,
    Property,
)
from preship.analyzers.source.walk import is_within, within, within_function

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

SCHEMA_METHODS = frozenset({"schema", "inputSchema", "input"})
"""How a client of actions is given the schema of what they take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an action."""

    name: str
    expected: Expected


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
    parameters = tuple(_parameters(tree, action, facts))
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
    return f"could not be followed: {effect.what}" if effect.kind is EffectKind.UNSEEN else described(effect)


def _keys(effect: Effect) -> Iterator[Key]:
    """The inputs that choose the records of an effect, each with the column that it is held against."""
    for alternative in effect.key.alternatives if effect.key is not None else ():
        shape = alternative.shape
        for column, value in shape.fields if isinstance(shape, Object) else ():
            for origin in sorted((o for o in origins_of(value) if isinstance(o, Input)), key=lambda o: o.path):
                yield Key(effect.target, column, origin.parameter, origin.path)


def _is_own(effect: Effect) -> bool:
    found = roots(origins_of(effect.key))
    return bool(found) and all(isinstance(each, Session) for each in found)


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
        return may_name_nothing(at(expected.get(origin.parameter, ANYTHING), origin.path))
    return isinstance(origin, Session)


# --- what it expects -----------------------------------------------------------------------------------------------


def _parameters(tree: Codebase, action: ServerAction, facts: ActionFacts) -> Iterator[Parameter]:
    schemas = Schemas(tree.project)
    types = Types(tree.project, schemas.named)
    function = _function_of(action)
    parsed = list(_parsed(schemas, action.path, function)) if function is not None else []
    given = _of_the_client(schemas, action)
    if given is not None:
        yield Parameter("argument 1", given)
        return
    for name, kind, pattern in _declared(function, facts.parameters):
        expected = types.expected(action.path, kind) if kind else _by_pattern(pattern)
        yield Parameter(name, _narrowed(expected, name, function, parsed))


def _declared(function: Function | None, written: Sequence[str]) -> Iterator[tuple[str, str, Pattern | None]]:
    """The parameters: what each is called, its type as written, and what it is taken apart into."""
    if function is None:
        yield from ((name.strip(), kind.strip(), None) for name, _, kind in (each.partition(":") for each in written))
        return
    for place, each in enumerate(function.body.parameters):
        if not each.is_rest:
            yield name_of(each, place), each.type_text or "", each.pattern


def _by_pattern(pattern: Pattern | None) -> Expected:
    """The fields that are taken out of an argument at once, where no type names them."""
    if not isinstance(pattern, ObjectPattern):
        return ANYTHING
    names = [each.key for each in pattern.properties if isinstance(each.key, str)]
    return Record(tuple(Field(name, ANYTHING) for name in names))


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A call of a schema."""

    value: Expression
    expected: Expected


def _parsed(schemas: Schemas, path: str, function: Function) -> Iterator[_Parsed]:
    """The calls of schemas in a function, with what is parsed."""
    for node in within_function(function):
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ENDS and node.arguments:
            value = node.arguments[0]
            if isinstance(value, Expression):
                yield _Parsed(value, schemas.of(path, node.callee.object))


def _narrowed(expected: Expected, name: str, function: Function | None, parsed: Sequence[_Parsed]) -> Expected:
    """What a parameter is expected to be, with what the schemas of the body ask for."""
    fields: dict[str, Field] = {}
    for each in parsed:
        if isinstance(each.value, Name) and each.value.name == name and not isinstance(expected, Form):
            return each.expected if each.expected != ANYTHING else expected
        if isinstance(each.value, ObjectLiteral) and isinstance(each.expected, Record):
            known = {field.name: field for field in each.expected.fields}
            for part in each.value.properties:
                if not isinstance(part, Property) or not isinstance(part.key, str) or part.key not in known:
                    continue
                if isinstance(part.value, Name) and part.value.name == name:
                    return known[part.key].expected
                fields |= {got: _renamed(known[part.key], got) for got in _taken(name, [part.value])}
        elif isinstance(each.expected, Record) and any(
            isinstance(n, Name) and n.name == name for n in within(each.value)
        ):
            fields |= {field.name: field for field in each.expected.fields}
    if not isinstance(expected, Form):
        return expected
    read = _taken(name, [function]) if function is not None else ()
    return Form(tuple({**{got: Field(got, TEXT) for got in read}, **fields}.values()))


def _renamed(field: Field, name: str) -> Field:
    return Field(name, field.expected, field.is_optional)


def _taken(form: str, nodes: Iterable[Node]) -> Iterator[str]:
    """The fields that are taken from a form: `form.get('title')`."""
    for node in within(*nodes):
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("get", "getAll"):
            first = node.arguments[0] if node.arguments else None
            is_form = isinstance(node.callee.object, Name) and node.callee.object.name == form
            if is_form and isinstance(first, Literal) and isinstance(first.value, str):
                yield first.value


def _of_the_client(schemas: Schemas, action: ServerAction) -> Expected | None:
    """What a client of actions parses its input with: `client.inputSchema(Note).action(…)`."""
    value = action.value
    while isinstance(value, Call) and isinstance(value.callee, Member):
        if value.callee.name in SCHEMA_METHODS and value.arguments and isinstance(value.arguments[0], Expression):
            return schemas.of(action.path, value.arguments[0])
        value = value.callee.object
    return None


def _function_of(action: ServerAction) -> Function | None:
    """The code of an action: its own, or the last function that a wrapper is given."""
    if action.function is not None:
        return action.function
    arguments = action.value.arguments if isinstance(action.value, Call) else ()
    return next((each for each in reversed(arguments) if isinstance(each, Function)), None)


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
