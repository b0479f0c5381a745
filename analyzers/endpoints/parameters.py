"""What the arguments of an action are expected to be, as its types say and the schemas that its code parses with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.parameters import name_of
from preship.analyzers.endpoints.expected import ANYTHING, TEXT, Expected, Field, Form, Record
from preship.analyzers.endpoints.schemas import ENDS, Schemas
from preship.analyzers.endpoints.types import Types
from preship.analyzers.flow.origins import REST, Input
from preship.analyzers.flow.values import origins_of
from preship.analyzers.project.project import Project
from preship.analyzers.rule import ActionFacts
from preship.analyzers.source.tree import (
    Call,
    Expression,
    Function,
    Literal,
    Member,
    Name,
    Node,
    ObjectLiteral,
    ObjectPattern,
    Pattern,
    Property,
)
from preship.analyzers.source.walk import within, within_function

SCHEMA_METHODS = frozenset({"schema", "inputSchema", "input"})
"""How a client of actions is given the schema of what they take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an action."""

    name: str
    expected: Expected


def parameters_of(project: Project, action: ServerAction, facts: ActionFacts) -> Iterator[Parameter]:
    """What the arguments of an action are expected to be, in their order."""
    schemas = Schemas(project)
    types = Types(project, schemas.named)
    function = _function_of(action)
    parsed = list(_parsed(schemas, action.path, function)) if function is not None else []
    given = _of_the_client(schemas, action)
    if given is not None:
        yield Parameter("argument 1", given)
        return
    for name, kind, pattern in _declared(action, function, facts):
        expected = types.expected(action.path, kind) if kind else _by_pattern(pattern)
        yield Parameter(name, _narrowed(expected, name, function, parsed))


_Declared = tuple[str, str, Pattern | None]
"""What a parameter is called, its type as written, and what it is taken apart into."""


def _declared(action: ServerAction, function: Function | None, facts: ActionFacts) -> Iterator[_Declared]:
    """The parameters that a caller gives: of an action behind a wrapper, without what the wrapper passes."""
    own = list(_written(function)) if function is not None else []
    if action.function is not None:
        yield from own
        return
    inner = {name: (name, kind, pattern) for name, kind, pattern in own}
    for each in facts.parameters:
        if each.is_rest:
            sent = {origin.path[0] for origin in _handed_on(facts) if origin.path}
            yield from (one for one in own if one[0] in sent)
        else:
            yield inner.get(each.name, (each.name, each.type_text, None))


def _written(function: Function) -> Iterator[_Declared]:
    for place, each in enumerate(function.body.parameters):
        if not each.is_rest:
            yield name_of(each, place), each.type_text or "", each.pattern


def _handed_on(facts: ActionFacts) -> Iterator[Input]:
    """What a wrapper takes as `...args` and hands on, by the names that the function behind it gives."""
    values = [value for effect in facts.effects for value in (effect.key, effect.data) if value is not None]
    for origin in {origin for value in values for origin in origins_of(value)}:
        if isinstance(origin, Input) and origin.parameter == REST:
            yield origin


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
