"""Texts that code puts together: what they begin with, and who wrote the parts that can be anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from preship.analyzers.flow.origins import NOTHING, Input, Origins, Remote, Request, Unfollowed, gathered
from preship.analyzers.flow.values import (
    Alternative,
    Constant,
    Shape,
    Text,
    Truth,
    Unknown,
    Value,
    of,
    origins_of,
    primitive_of,
    text_of,
)

OURS = "…"
"""Stands for text that no caller has written, whatever it is."""

HARMLESS = Text(OURS)
"""A number, a digest, an encoded part: nothing can be written into it."""


LONGEST_TEXT = 100_000
"""Characters of a text that the code puts together which are known: what doubles with each line is soon longer."""


def joined(parts: Sequence[str | Value], truth: Truth = Truth.MAYBE) -> Value:
    """A text made of these parts, one behind the other."""
    parts = [part if isinstance(part, str) or (text := text_of(part)) is None else text for part in parts]
    values = [part for part in parts if isinstance(part, Value)]
    written = gathered(o for value in values for o in written_by(value))
    first = next((value for value in values if not is_all_ours(value)), None)
    climbing = frozenset(o for value in values for o in climbs_by(value))
    made = Text(
        opening_of_parts(parts),
        written,
        continuation_of(first),
        climbing if climbing != written else None,
        steps_of_parts(parts),
    )
    return with_text(primitive_of(*values, truth=truth), made)


MOST_STEPS = 12
"""Steps of a path that are told apart."""


def steps_of(value: Value) -> tuple[Value, ...]:
    """What stands between the slashes of a path, as far as it is known how it was put together."""
    if (text := text_of(value)) is not None:
        return tuple(of(Constant(step)) for step in text.split("/"))
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    told = shape.text.steps if isinstance(shape, Unknown) and shape.text is not None else None
    return told if told is not None else (value,)


def steps_of_parts(parts: Sequence[str | Value]) -> tuple[Value, ...] | None:
    """What stands between the slashes of parts that make a path together; None if they make none.

    What is put together with something else is one step with it: `notes/note-${id}`.
    """
    pieces = [steps_of(of(Constant(part)) if isinstance(part, str) else part) for part in parts]
    if all(len(piece) == 1 for piece in pieces):
        return None
    found: list[Value] = [of(Constant(""))]
    for first, *others in pieces:
        found = [*found[:-1], glued(found[-1], first), *others]
    return tuple(found) if len(found) <= MOST_STEPS else None


def glued(first: Value, second: Value) -> Value:
    """One text behind another."""
    start, end = text_of(first), text_of(second)
    if "" in (start, end):
        return second if start == "" else first
    if start is not None and end is not None:
        return of(Constant(start + end))
    return joined([first if start is None else start, second if end is None else end])


def same_text(value: Value) -> Text:
    """What is known of a text that reads as a value does."""
    return Text(opening_of(value), written_by(value), continuation_of(value))


def harmless(value: Value) -> Value:
    """A value into which nothing can be written."""
    return with_text(value, HARMLESS)


def without_dots(value: Value) -> Value:
    """A piece of a text between its dots."""
    return with_text(value, replace(same_text(value), climbs_by=NOTHING))


def climbs_by(value: Value | None) -> Origins:
    """What of the caller's may be `..` in a value."""
    found: set[object] = set()
    for a in value.alternatives if value is not None else ():
        told = a.shape.text if isinstance(a.shape, Unknown) else None
        is_told = told is not None and told.climbs_by is not None
        found |= (told.climbs_by or NOTHING) if told is not None and is_told else written_by(Value((a,)))
    return frozenset(found)  # type: ignore[arg-type]


def with_text(value: Value, text: Text) -> Value:
    """A value of which this is known."""
    return Value(
        tuple(
            Alternative(replace(a.shape, text=text), a.under) if isinstance(a.shape, Unknown) else a
            for a in value.alternatives
        )
    )


def opening_of_parts(parts: Sequence[str | Value]) -> str:
    """What parts together surely begin with."""
    found = ""
    for place, part in enumerate(parts):
        if isinstance(part, str):
            found += part
        elif is_all_ours(part):
            found += opening_of(part)
        else:
            # Where one of several texts is the code's own, the next part follows it: `${prefix}/home`.
            rest = opening_of_parts(parts[place + 1 :]) if len(part.alternatives) > 1 else ""
            shapes = [a.shape for a in part.alternatives]
            found += shared_by([opening_of_shape(s) + (rest if isinstance(s, Constant) else "") for s in shapes])
            break
    return found[:LONGEST_TEXT]


def opening_of(value: Value) -> str:
    """What a value surely begins with, as a text."""
    return shared_by([opening_of_shape(a.shape) for a in value.alternatives])


def shared_by(openings: Sequence[str]) -> str:
    """What all of these texts begin with."""
    shared = zip(*openings, strict=False)
    same = (characters[0] for characters in takewhile(lambda characters: len(set(characters)) == 1, shared))
    return "".join(same)


def opening_of_shape(shape: Shape) -> str:
    """What a shape surely begins with, as a text."""
    if isinstance(shape, Constant):
        return str(shape.value) if isinstance(shape.value, str | int) else OURS
    if isinstance(shape, Unknown) and shape.text is not None:
        return shape.text.opening
    return "" if written_by(Value((Alternative(shape),))) else OURS


def is_all_ours(value: Value) -> bool:
    """Whether no caller has written any part of it."""
    return not written_by(value)


def continuation_of(value: Value | None) -> Origins:
    """What of the caller's stands in a value where its opening ends."""
    found: set[object] = set()
    for a in value.alternatives if value is not None else ():
        told = a.shape.text if isinstance(a.shape, Unknown) else None
        found |= told.continued_by if told is not None else written_by(Value((a,)))
    return frozenset(found)  # type: ignore[arg-type]


def written_by(value: Value | None) -> Origins:
    """What of the caller's can be any text in a value."""
    if value is None:
        return NOTHING
    found: set[object] = set()
    for a in value.alternatives:
        if isinstance(a.shape, Unknown) and a.shape.text is not None:
            found |= a.shape.text.written_by
        else:
            origins = origins_of(Value((a,)))
            # What a service or unread code made of an input is theirs.
            if not any(isinstance(o, Remote | Unfollowed) for o in origins):
                found |= {o for o in origins if isinstance(o, Input | Request)}
    return frozenset(found)  # type: ignore[arg-type]
