"""A test at run time of what the types only promise: that an argument is the text or number it is said to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers.edits.scene import (
    Scene,
    begins_a_line,
    finished,
    in_front,
    names_in,
    own_statements,
    quoted,
    statement_at,
)
from analyzers.rule import Edit
from analyzers.source.tree import Call, Declare, Member, NamePattern, Statement

PRIMITIVE = frozenset({"string", "number", "boolean"})
"""The types that one test can see."""


def checked(scene: Scene) -> Iterator[Edit]:
    """A test of the plain arguments in front of the statement that is given them; else at the top, of all there are."""
    statement, promised = statement_at(scene, scene.finding.line), promised_types(scene)
    if statement is not None:
        present = {**promised, **fields(scene)}
        yield from tested(scene, statement, {n: kind for n, kind in present.items() if n in names_in(statement)})
        yield from tested(scene, statement, present)
    first = next(iter(scene.function.body.statements), None)
    if first is not None and begins_a_line(scene, first):
        yield from tested(scene, first, promised)


def tested(scene: Scene, statement: Statement, promised: Mapping[str, str]) -> Iterator[Edit]:
    """A test of these variables in front of a statement, if there are any."""
    if promised:
        tests = [f"typeof {name} !== {quoted(scene, kind)}" for name, kind in promised.items()]
        refusal = f"throw new Error({quoted(scene, 'Invalid input')})"
        yield in_front(scene, statement, finished(scene, f"if ({' || '.join(tests)}) {refusal}", statement))


def promised_types(scene: Scene) -> dict[str, str]:
    """What the arguments are by their types."""
    return {
        parameter.pattern.name: parameter.type_text
        for parameter in scene.function.body.parameters
        if isinstance(parameter.pattern, NamePattern) and parameter.type_text in PRIMITIVE and parameter.default is None
    }


def fields(scene: Scene) -> dict[str, str]:
    """The fields of a form that the action has read before the marked line, which are texts where they are no files."""
    return {
        each.pattern.name: "string"
        for each in own_statements(scene.function)
        if isinstance(each, Declare) and isinstance(each.pattern, NamePattern) and is_a_field(each)
    }


def is_a_field(statement: Declare) -> bool:
    """Whether a variable holds a field of a form as it came: `formData.get('title') as string`."""
    value = statement.value
    return isinstance(value, Call) and isinstance(value.callee, Member) and value.callee.name == "get"
