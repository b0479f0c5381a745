"""Calls that only one kind of client has, on something that could not be resolved: names and arguments tell."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import Library, Value
from analyzers.knowledge import drizzle, entities, mongoose, policies, prisma, sql
from analyzers.knowledge.sql_text import starts_with_a_verb


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a method of an unknown object does."""
    for look in (entities.of_entity, mongoose.of_document, prisma.invoked, drizzle.invoked, policies.invoked):
        found = look(owner, name, given, calling)
        if found is not None:
            return found
    return None


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
