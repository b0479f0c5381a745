"""Statements as code passes them: text and values, templates, pieces of either."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.flow.library import Arguments
from preship.analyzers.flow.values import PLAIN, Array, Constant, Library, Object, Value, of, origins_of, unite
from preship.analyzers.knowledge.sql_tokens import Bound, Part, Raw, with_parameters
from preship.analyzers.knowledge.words import part


def parts_in(value: Value) -> tuple[Part, ...] | None:
    """The parts of a piece of SQL; None for any other value."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Library) and not shape.path and shape.state and isinstance(shape.state[0], tuple):
        found = shape.state[0]
        return found if all(isinstance(p, str | Bound | Raw) or hasattr(p, "key") for p in found) else None
    return None


def of_template(strings: Sequence[str], values: Sequence[Value]) -> list[Part]:
    """The parts of a template: its values are bound, pieces in it are parts of it."""
    found: list[Part] = []
    for index, string in enumerate(strings):
        found.append(string)
        if index < len(values):
            found += parts_in(values[index]) or (Bound(values[index]),)
    return found


def of_text(text: Value, given: Value | None) -> list[Part]:
    """The parts of a text with values."""
    written = sure_text(text)
    if written is not None:
        return with_parameters(written, given)
    pieces = parts_in(text)
    if pieces is not None:
        return list(pieces)
    return [Raw(text)] if given is None else [Raw(text), " ", Bound(given)]


def sure_text(text: Value) -> str | None:
    """A text that the code itself wrote; of several the longest, which has all conditions in it."""
    shapes = [a.shape for a in text.alternatives]
    written = [s.value for s in shapes if isinstance(s, Constant) and isinstance(s.value, str)]
    return max(written, key=len) if written and len(written) == len(shapes) else None


def of_call(given: Arguments) -> list[Part]:
    """The parts of `query(text, values)`, `query({ text, values })` and `query(piece)`."""
    text = given.at(0)
    values = given.at(1) if len(given.values) > 1 else None
    for name, names in (("text", ("values",)), ("sql", ("args", "values")), ("query", ("values",))):
        written = part(text, name)
        if written is not None and written is not text:
            found = [v for n in names if (v := part(text, n)) is not None]
            return of_text(written, found[0] if found else values)
    return of_text(text, values)


def arguments_as_list(given: Arguments, start: int = 0) -> Value | None:
    """The arguments from a place on, as the values of a statement: a list or an object stands for itself."""
    values = given.all()[start:]
    if not values:
        return None
    if len(values) == 1 and all(isinstance(a.shape, Array | Object) for a in values[0].alternatives):
        return values[0]
    return of(Array(None if given.rest else values, unite(PLAIN, *values)))


def raw_in(given: Arguments) -> Value | None:
    """The text from elsewhere that pieces of SQL among the arguments carry; None where they carry none."""
    pieces = [part for value in given.all() for part in parts_in(value) or ()]
    found = [piece.value for piece in pieces if isinstance(piece, Raw)]
    return unite(*found) if found else None


def raw_text_in(text: Value) -> Value | None:
    """A text that the code did not write all by itself."""
    return None if sure_text(text) is not None or parts_in(text) is not None or not origins_of(text) else text
