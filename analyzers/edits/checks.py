"""A test at run time of what the types only promise: that an argument is the text or number it is said to be."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.edits.scene import Scene, finished, in_front, names_in, own_statements, quoted, statement_at
from analyzers.rule import Edit
from analyzers.source.tree import Call, Declare, Member, NamePattern

PRIMITIVE = frozenset({"string", "number", "boolean"})
"""The types that one test can see."""


def checked(scene: Scene) -> Iterator[Edit]:
    """A test of the plain arguments in front of the statement that is given them; then of all there are."""
    statement = statement_at(scene, scene.finding.line)
    if statement is None:
        return
    promised = promised_types(scene)
    named = {name: kind for name, kind in promised.items() if name in names_in(statement)}
    for chosen in (named, promised):
        if chosen:
            tests = [f"typeof {name} !== {quoted(scene, kind)}" for name, kind in chosen.items()]
            refusal = f"throw new Error({quoted(scene, 'Invalid input')})"
            yield in_front(scene, statement, finished(scene, f"if ({' || '.join(tests)}) {refusal}", statement))


def promised_types(scene: Scene) -> dict[str, str]:
    """What the arguments are by their types, and what a form's fields are where they are no files."""
    found = {
        parameter.pattern.name: parameter.type_text
        for parameter in scene.function.body.parameters
        if isinstance(parameter.pattern, NamePattern) and parameter.type_text in PRIMITIVE and parameter.default is None
    }
    for each in own_statements(scene.function):
        if isinstance(each, Declare) and isinstance(each.pattern, NamePattern) and is_a_field(each):
            found[each.pattern.name] = "string"
    return {name: kind for name, kind in found.items() if kind is not None}


def is_a_field(statement: Declare) -> bool:
    """Whether a variable holds a field of a form as it came: `formData.get('title') as string`."""
    value = statement.value
    return isinstance(value, Call) and isinstance(value.callee, Member) and value.callee.name == "get"
