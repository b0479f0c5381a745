"""The condition by which the neighbours keep a query to the caller's own records, put into the query that lacks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from preship.analyzers.edits.scene import Scene, Splice, own_statements, spliced, statement_at
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import (
    Call,
    Declare,
    Member,
    Name,
    Node,
    ObjectLiteral,
    Property,
)
from preship.analyzers.source.walk import bound_names, within


def scoped(scene: Scene) -> Iterator[Edit]:
    """Each condition of a neighbour's query of the same records that names what the action has at hand, as well."""
    statement = statement_at(scene, scene.finding.line)
    if statement is None:
        return
    at_hand = variables_before(scene)
    for query in within(statement):
        if isinstance(query, Call):
            yield from by_field(scene, query, at_hand)
            yield from by_column(scene, query, at_hand)


def variables_before(scene: Scene) -> frozenset[str]:
    """The variables that the action has made before the line that a finding marks."""
    made = (each for each in own_statements(scene.function) if isinstance(each, Declare))
    before = (each for each in made if each.span.end_line < scene.finding.line)
    return frozenset(name.name for each in before for name in bound_names(each.pattern))


def by_field(scene: Scene, query: Call, at_hand: frozenset[str]) -> Iterator[Edit]:
    """`where: { id }` with the field that neighbours have in theirs: `authorId: session.user.id`."""
    where, model = where_of(query), model_of(scene, query)
    if where is None or not where.properties or model is None:
        return
    held = {each.key for each in where.properties if isinstance(each, Property)}
    conditions: Counter[str] = Counter()
    for other in calls_of(scene):
        theirs = where_of(other) if model_of(scene, other) == model else None
        for each in theirs.properties if theirs is not None else ():
            if isinstance(each, Property) and each.key not in held and root_of(each.value) in at_hand:
                conditions[scene.source(each.span)] += 1
    for condition, _ in conditions.most_common():
        last = where.properties[-1]
        yield spliced(scene, [Splice(last.span, f"{scene.source(last.span)}, {condition}")])


def by_column(scene: Scene, query: Call, at_hand: frozenset[str]) -> Iterator[Edit]:
    """`where(eq(posts.id, id))` with the comparison that neighbours have in theirs."""
    asked = query.arguments[0] if is_where(query) and query.arguments else None
    if not isinstance(asked, Call) or not isinstance(asked.callee, Name):
        return
    tables = {table_of(each) for each in within(asked) if isinstance(each, Call)} - {None}
    joined = "and" in {each.local for each in scene.module.imports}
    comparisons: Counter[str] = Counter()
    for other in calls_of(scene):
        if table_of(other) in tables and root_of(other.arguments[1]) in at_hand:
            comparisons[scene.source(other.span)] += 1
    for comparison, _ in comparisons.most_common():
        if asked.callee.name == "and":
            last = asked.arguments[-1]
            yield spliced(scene, [Splice(last.span, f"{scene.source(last.span)}, {comparison}")])
        elif joined:
            yield spliced(scene, [Splice(asked.span, f"and({scene.source(asked.span)}, {comparison})")])


def calls_of(scene: Scene) -> Iterator[Call]:
    """The calls of the neighbours."""
    yield from (each for each in within(*scene.neighbours) if isinstance(each, Call))


def where_of(query: Call) -> ObjectLiteral | None:
    """`{ id }` in `prisma.post.delete({ where: { id } })`."""
    given = query.arguments[0] if query.arguments else None
    fields = given.properties if isinstance(given, ObjectLiteral) else ()
    found = (each.value for each in fields if isinstance(each, Property) and each.key == "where")
    return next((each for each in found if isinstance(each, ObjectLiteral)), None)


def model_of(scene: Scene, query: Call) -> str | None:
    """`post` in `prisma.post.delete(…)`; a transaction's client has the same models."""
    records = query.callee.object if isinstance(query.callee, Member) else None
    return records.name if isinstance(records, Member) else None


def is_where(query: Call) -> bool:
    """Whether a call is the `where` of a query."""
    return isinstance(query.callee, Member) and query.callee.name == "where"


def table_of(comparison: Call) -> str | None:
    """`posts` in `eq(posts.id, id)`."""
    is_equal = isinstance(comparison.callee, Name) and comparison.callee.name == "eq"
    column = comparison.arguments[0] if is_equal and len(comparison.arguments) == 2 else None
    table = column.object if isinstance(column, Member) else None
    return table.name if isinstance(table, Name) else None


def root_of(value: Node) -> str | None:
    """The variable of which a value is a part: `session` in `session.user.id`."""
    while isinstance(value, Member):
        value = value.object
    return value.name if isinstance(value, Name) else None
