"""Calls that only one kind of client has, on something that could not be resolved."""

from __future__ import annotations

from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import Value
from analyzers.knowledge import entities, mongoose


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a method of an unknown object does, where its name and its arguments give it away."""
    for look in (entities.of_entity, mongoose.of_document):
        found = look(owner, name, given, calling)
        if found is not None:
            return found
    return None
