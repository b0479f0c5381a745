"""What a value hands over, with what had been proven of each part: records that reach a caller, inputs in a key."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.flow.facts import Facts, Origin, Stored
from analyzers.flow.operators import record_of
from analyzers.flow.values import Truth, Unknown, Value, parts_of

DEEPEST = 6
"""Objects inside objects that are looked through."""


def held_origins(value: Value | None, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Origin, Facts]]:
    """The origins of a value and of its parts, each with the facts under which the value is this one.

    What is surely falsy is left out: an empty id names nothing.
    """
    if value is None or depth == 0:
        return
    for a in value.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            if a.shape.truth is not Truth.FALSY:
                yield from ((origin, held) for origin in a.shape.origins)
        else:
            for part in parts_of(a.shape):
                yield from held_origins(part, held, depth - 1)


def returned_records(result: Value, facts: Facts) -> Iterator[tuple[Stored, Facts]]:
    """Each record of which something reaches the caller, with the facts under which it does."""
    for origin, held in held_origins(result, facts):
        if isinstance(origin, Stored):
            yield record_of(origin), held
