"""A test at run time of what the types only promise: that an argument is the text or number it is said to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.edits.scene import (
    Scene,
    begins_a_line,
    finished,
    in_front,
    names_in,
    quoted,
    statement_at,
)
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import NamePattern, Statement

PRIMITIVE = frozenset({"string", "number", "boolean"})
"""The types that one test can see."""


def checked(scene: Scene) -> Iterator[Edit]:
    """A test of the plain arguments in front of the statement that is given them; else at the top, of all there are."""
    statement, promised = statement_at(scene, scene.finding.line), promised_types(scene)
    if statement is not None:
        yield from tested(scene, statement, {n: kind for n, kind in promised.items() if n in names_in(statement)})
        yield from tested(scene, statement, promised)
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
