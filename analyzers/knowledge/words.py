"""Reading the options of a call: one field of an object that was passed."""

from __future__ import annotations

from preship.analyzers.flow.values import Object, Value, field_of, is_nullish, under, unite


def part(options: Value, name: str) -> Value | None:
    """A field of the options of a call; None where they have none."""
    found = [
        under(value, a.under)
        for a in options.alternatives
        if isinstance(a.shape, Object) and (value := field_of(a.shape, name)) is not None
    ]
    if found:
        return unite(*found)
    return None if all(isinstance(a.shape, Object) or is_nullish(a.shape) for a in options.alternatives) else options
