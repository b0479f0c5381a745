"""A text of the program's own in the place of what an exception says; the exception goes to the log."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.edits.scene import (
    Scene,
    Splice,
    begins_a_line,
    finished,
    indentation,
    names_in,
    quoted,
    spliced,
    statements,
)
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import (
    Binary,
    Call,
    Conditional,
    Declare,
    Expression,
    Literal,
    Logical,
    Member,
    Name,
    New,
    ObjectLiteral,
    ObjectPattern,
    Property,
    Return,
    Spread,
    Statement,
    Template,
    Throw,
    Try,
)
from preship.analyzers.source.walk import bound_names, within

SAID = frozenset({"message", "stack", "details", "hint"})
"""What exceptions say, and the errors that database clients give back."""

UNFINISHED = re.compile(r"[\s:,;(–—-]+$")
"""What stands between a text and what was to follow it."""


def own_words(scene: Scene) -> Iterator[Edit]:
    """All answers of an action that repeat an exception, with words of its own in its place."""
    errors = errors_of(scene)
    splices: list[Splice] = []
    for statement in statements(scene.function):
        told = [said for said in texts(statement) if repeats(said, errors)]
        if told and begins_a_line(scene, statement):
            splices += [*log(scene, statement, told), *(Splice(said.span, words_for(scene, said)) for said in told)]
    if splices:
        yield spliced(scene, splices)


def errors_of(scene: Scene) -> frozenset[str]:
    """The variables of an action that hold an exception, or the error that a call has given back."""
    found: set[str] = set()
    for node in within(scene.function):
        if isinstance(node, Try) and node.parameter is not None:
            found |= {name.name for name in bound_names(node.parameter)}
        if isinstance(node, Declare) and isinstance(node.pattern, ObjectPattern):
            given = (entry.pattern for entry in node.pattern.properties if entry.key == "error")
            found |= {name.name for pattern in given for name in bound_names(pattern)}
    return frozenset(found)


def texts(statement: Statement) -> Iterator[Expression]:
    """The texts of an answer, or of an exception that leaves."""
    if isinstance(statement, Return | Throw) and statement.value is not None:
        yield from texts_in(statement.value)


def texts_in(value: Expression) -> Iterator[Expression]:
    """The fields of an object and what a call is given, as far as they are no such things themselves."""
    inner: tuple[Expression | Spread, ...] = ()
    if isinstance(value, ObjectLiteral):
        inner = tuple(each.value for each in value.properties if isinstance(each, Property))
    elif isinstance(value, Call | New):
        inner = value.arguments
    elif isinstance(value, Conditional) and isinstance(value.then, ObjectLiteral):
        inner = (value.then, value.otherwise)
    else:
        yield value
    for each in inner:
        if not isinstance(each, Spread):
            yield from texts_in(each)


def repeats(said: Expression, errors: frozenset[str]) -> bool:
    """Whether a text holds something that an exception says."""
    return any(
        isinstance(each, Member) and each.name in SAID and isinstance(each.object, Name) and each.object.name in errors
        for each in within(said)
    )


def words_for(scene: Scene, said: Expression) -> str:
    """The program's own part of a text: what it falls back to, or what it puts in front."""
    if isinstance(said, Conditional):
        own = [each for each in (said.otherwise, said.then) if isinstance(each, Literal)]
        return scene.source(own[0].span) if own else words_for(scene, said.otherwise)
    if isinstance(said, Logical) and isinstance(said.right, Literal):
        return scene.source(said.right.span)
    beginning = ""
    if isinstance(said, Template):
        beginning = said.strings[0]
    elif isinstance(said, Binary) and isinstance(said.left, Literal):
        beginning = str(said.left.value)
    return quoted(scene, UNFINISHED.sub("", beginning) or "Something went wrong")


def log(scene: Scene, statement: Statement, told: list[Expression]) -> Iterator[Splice]:
    """A line that logs the exception in front of an answer, where nothing beside the answer looks at what it says."""
    errors = errors_of(scene)
    named = sorted({each.name for said in told for each in within(said) if isinstance(each, Name)} & errors)
    calls = [each for each in within(scene.function) if isinstance(each, Call) and not inside(each, statement)]
    if named and named[0] not in names_in(*(given for call in calls for given in call.arguments)):
        line = finished(scene, f"console.error({named[0]})", statement)
        place = statement.span._replace(end=statement.span.start, end_line=statement.span.line)
        yield Splice(place, f"{line}\n{indentation(scene, statement)}")


def inside(call: Call, statement: Statement) -> bool:
    """Whether a call stands in a statement."""
    return statement.span.start <= call.span.start < statement.span.end
