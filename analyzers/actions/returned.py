"""Which records of a store an action hands to its caller, and what had been proven where it does."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.flow.facts import Facts, Stored
from analyzers.flow.operators import record_of
from analyzers.flow.values import Unknown, Value, parts_of

DEEPEST = 6
"""Objects inside objects that are looked through."""


def returned_records(result: Value, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Stored, Facts]]:
    """Each record of which something reaches the caller, with the facts under which it does."""
    if depth == 0:
        return
    for a in result.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            yield from ((record_of(o), held) for o in a.shape.origins if isinstance(o, Stored))
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from returned_records(part, held, depth - 1)
