"""Calls that only one kind of client has, on something that could not be resolved: names and arguments tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import Library, Unknown, Value
from analyzers.knowledge import drizzle, entities, mongoose, policies, prisma, sql
from analyzers.knowledge.sql_pieces import of_call
from analyzers.knowledge.sql_text import starts_with_a_verb
from analyzers.knowledge.sql_tokens import Part, Raw
from analyzers.knowledge.statements import run

STATEMENT = re.compile(
    r"\s*(select\s.*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)
"""The beginning of a text that is a statement in SQL, and no sentence: "Delete failed" is none."""


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a method of an unknown object does."""
    for look in (entities.of_entity, mongoose.of_document, prisma.invoked, drizzle.invoked, policies.invoked):
        found = look(owner, name, given, calling)
        if found is not None:
            return found
    return stated(name, given, calling)


def stated(name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a call does that is given a statement in SQL first: `db.execute('DELETE FROM post WHERE id = ?', [id])`."""
    parts = of_call(given)
    text = "".join(part if isinstance(part, str) else opening_of(part) for part in parts)
    return run(parts, name, calling) if STATEMENT.match(text) else None


def opening_of(part: Part) -> str:
    """How the text begins that is a part of a statement, if the code says so."""
    shapes = [a.shape for a in part.value.alternatives] if isinstance(part, Raw) else []
    written = [shape.text.opening for shape in shapes if isinstance(shape, Unknown) and shape.text is not None]
    return written[0] if written else " ? "


def called(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """What calling something of a module that is not in the tree does."""
    for look in (drizzle.call_by_shape, prisma.call_by_shape, mongoose.call_by_shape):
        found = look(library, given, calling)
        if found is not None:
            return found
    return None


def template(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value | None:
    """What a tag of a module that is not in the tree does with a text that is a statement."""
    return sql.written(library, strings, values, calling) if starts_with_a_verb(strings) else None
