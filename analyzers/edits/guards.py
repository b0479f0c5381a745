"""The neighbours' guard, put in front of what happens unguarded: their one call, or the lines in which they ask."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

from preship.analyzers.edits.scene import Scene, begins_a_line, ends_a_line, finished, in_front, names_in, statement_at
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import Await, Call, Declare, Function, If, Return, Statement, Throw
from preship.analyzers.source.walk import bound_names, within

MOST_STATEMENTS = 4
"""Statements at the top of a neighbour among which its guard is looked for: a session, a name taken of it, a test."""


def neighbours_guards(scene: Scene) -> Iterator[Edit]:
    """The guards of the neighbours in front of the statement that a finding marks, the most usual first."""
    statement = statement_at(scene, scene.finding.line)
    if statement is None:
        return
    if scene.finding.guard is not None:
        yield in_front(scene, statement, finished(scene, scene.finding.guard, statement))
    for lines in questions(scene):
        yield in_front(scene, statement, lines)


def questions(scene: Scene) -> Iterator[str]:
    """How the neighbours ask who is calling and refuse, as they write it, where that fits into the action."""
    asked = Counter(filter(None, (question_of(scene, each) for each in scene.neighbours)))
    for lines, _ in asked.most_common():
        yield lines


def question_of(scene: Scene, neighbour: Function) -> str | None:
    """The first lines of a neighbour, up to its refusal, if they name nothing that the action lacks or has already."""
    taken = opening(neighbour)
    if not taken or not begins_a_line(scene, taken[0]) or not ends_a_line(scene, taken[-1]):
        return None
    own = {name.name for parameter in neighbour.body.parameters for name in bound_names(parameter.pattern)}
    made = {name.name for each in taken if isinstance(each, Declare) for name in bound_names(each.pattern)}
    if names_in(*taken) & own or names_in(scene.function) & made:
        return None
    return textwrap.dedent("\n".join(scene.lines[taken[0].span.line - 1 : taken[-1].span.end_line]))


def opening(function: Function) -> tuple[Statement, ...]:
    """The statements with which a function asks for something and refuses who has none; none where it begins so not."""
    found: list[Statement] = []
    for statement in function.body.statements[:MOST_STATEMENTS]:
        found.append(statement)
        if isinstance(statement, If):
            is_asked = any(isinstance(each, Declare) and asks(each) for each in found)
            return tuple(found) if is_asked and refuses(statement) else ()
        if not isinstance(statement, Declare):
            return ()
    return ()


def asks(statement: Statement) -> bool:
    """Whether a statement calls something."""
    return any(isinstance(each, Await | Call) for each in within(statement))


def refuses(statement: If) -> bool:
    """Whether a test ends the path, or calls what may end it, and does nothing else."""
    if statement.otherwise is not None:
        return False
    return any(isinstance(each, Return | Throw | Call) for each in within(statement.then))
