"""What a schema gave back in the place of what it was given."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.edits.scene import Scene, Splice, own_statements, spliced, statement_at
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import Await, Call, Declare, Member, Name, NamePattern, Property, Statement
from preship.analyzers.source.walk import within

PARSES = {"parse": "", "parseAsync": "", "safeParse": ".data", "safeParseAsync": ".data"}
"""The methods of a schema, each with where its answer holds what was parsed."""


def parsed(scene: Scene) -> Iterator[Edit]:
    """The parsed value instead of the raw one in the statement that a finding marks."""
    statement = statement_at(scene, scene.finding.line)
    if statement is None:
        return
    for raw, value in parsed_values(scene):
        splices = [*used(statement, raw, value)]
        if splices:
            yield spliced(scene, splices)


def parsed_values(scene: Scene) -> Iterator[tuple[str, str]]:
    """Variables that a schema has parsed, each with how what it made of them is written."""
    for each in own_statements(scene.function):
        if isinstance(each, Declare) and isinstance(each.pattern, NamePattern) and each.span.line < scene.finding.line:
            call = each.value.value if isinstance(each.value, Await) else each.value
            if isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in PARSES:
                raw = call.arguments[0] if call.arguments else None
                if isinstance(raw, Name):
                    yield raw.name, f"{each.pattern.name}{PARSES[call.callee.name]}"


def used(statement: Statement, raw: str, value: str) -> Iterator[Splice]:
    """The places where a statement reads a variable, each with the value in its place."""
    short = {
        each.value: f"{each.key}: {value}"
        for each in within(statement)
        if isinstance(each, Property) and each.span == each.value.span
    }
    for each in within(statement):
        if isinstance(each, Name) and each.name == raw:
            yield Splice(each.span, short.get(each, value))
