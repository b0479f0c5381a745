"""The `await` that a guard lacks: it throws too late, or its answer is a promise, which is always true."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.edits.scene import Scene, Splice, own_statements, spliced
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import Call, Declare, Evaluate, If, Name, Unary
from preship.analyzers.source.walk import within


def awaited(scene: Scene) -> Iterator[Edit]:
    """An `await` in front of each call before the marked line that stands alone, in a variable or in a test."""
    for statement in own_statements(scene.function):
        if statement.span.line > scene.finding.line:
            continue
        if isinstance(statement, Evaluate | Declare) and isinstance(statement.value, Call):
            yield spliced(scene, [before(statement.value)])
        elif isinstance(statement, If):
            yield from (spliced(scene, [before(each)]) for each in tested(statement))


def tested(statement: If) -> Iterator[Call]:
    """The calls of plain functions whose answers a test asks for, as they come: `if (!can(user, id))`."""
    asked = statement.test.operand if isinstance(statement.test, Unary) else statement.test
    if isinstance(asked, Call):
        yield from (each for each in within(asked) if each is asked and isinstance(asked.callee, Name))


def before(call: Call) -> Splice:
    """`await` in front of a call; an operator in front of it binds less."""
    place = call.span._replace(end=call.span.start, end_line=call.span.line)
    return Splice(place, "await ")
