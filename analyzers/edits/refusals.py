"""The refusal that a session lacks which is read and never tested: put behind the line that reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from preship.analyzers.edits.guards import asks, opening
from preship.analyzers.edits.scene import Scene, behind, ends_a_line, finished, own_statements
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import Declare, If, Return, Statement
from preship.analyzers.source.walk import bound_names

REFUSAL = "throw new Error('Unauthorized')"
"""What a production build shows nobody: a caller without a session learns that it failed, and no more."""

TEXT = re.compile(r"'[^'\\\n]*'|\"[^\"\\\n]*\"")
FLAG = r"(?:success|ok)\s*:\s*false"
WORDS = rf"(?:error|message)\s*:\s*(?:{TEXT.pattern})"
ANSWER = re.compile(rf"return \{{\s*(?:{FLAG}\s*,\s*)?{WORDS}(?:\s*,\s*{FLAG})?\s*,?\s*\}}")
"""`return { ok: false, error: 'No such post' }`: what an action answers whom it refuses."""


def refusals(scene: Scene) -> Iterator[Edit]:
    """A test behind each variable that may hold the session, those first that the finding names."""
    for statement in readings(scene):
        end = finished(scene, "", statement)
        for test in tests_of(scene, statement):
            yield behind(scene, statement, test)
        for refusal in (*answers_of(scene), REFUSAL):
            for name in bound_names(statement.pattern):
                yield behind(scene, statement, f"if (!{name.name}) {in_quotes_of(scene, refusal)}{end}")


def in_quotes_of(scene: Scene, refusal: str) -> str:
    """A refusal with the quotes that the file is written with."""
    return refusal.replace("'", '"') if scene.text.count(b'"') > scene.text.count(b"'") else refusal


def answers_of(scene: Scene) -> Iterator[str]:
    """How the action itself refuses by an answer, with a word about the session in the place of its own.

    Only an answer of words and flags: what names a variable may not be known where the session is read.
    """
    for statement in own_statements(scene.function):
        if isinstance(statement, Return) and ANSWER.fullmatch(said := scene.source(statement.span).rstrip("; ")):
            yield TEXT.sub("'Unauthorized'", said)
            return


def readings(scene: Scene) -> Sequence[Declare]:
    """What the action asks for before the line that a finding marks."""
    told = {step.line for step in scene.finding.trail if step.path == scene.finding.path}
    found = [
        each
        for each in own_statements(scene.function)
        if isinstance(each, Declare)
        and each.span.end_line < scene.finding.line
        and asks(each)
        and ends_a_line(scene, each)
    ]
    return sorted(found, key=lambda each: told.isdisjoint(range(each.span.line, each.span.end_line + 1)))


def tests_of(scene: Scene, statement: Declare) -> Iterator[str]:
    """How the neighbours test what they ask for in the same words."""
    for neighbour in scene.neighbours:
        taken = opening(neighbour)
        if len(taken) == 2 and is_same(scene, taken[0], statement) and is_one_line(scene, taken[1]):
            yield scene.source(taken[1].span)


def is_one_line(scene: Scene, statement: Statement) -> bool:
    """Whether a test ends on the line on which it begins."""
    is_short = statement.span.line == statement.span.end_line
    return isinstance(statement, If) and is_short and ends_a_line(scene, statement)


def is_same(scene: Scene, first: Statement, second: Statement) -> bool:
    """Whether two statements are written alike."""
    return scene.source(first.span).rstrip("; ") == scene.source(second.span).rstrip("; ")
