"""What an action expects as an argument, as its types and its schemas say: for whoever makes one up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Anything:
    """Nothing says what it is."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    format: str = ""
    """`uuid`, `email`, `url`, `datetime`, `date` or another one that a schema asks for; empty: any text."""

    least: int = 0
    most: int | None = None
    """The most characters."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    least: float | None = None
    most: float | None = None
    is_big: bool = False
    """Whether it is a `bigint`."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A `Date`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values that are known."""

    values: tuple[str | int | float | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    element: Expected
    least: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record or of a form."""

    name: str
    expected: Expected
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A `FormData`, whose values are texts or files."""

    fields: tuple[Field, ...]


Expected: TypeAlias = Anything | Text | Number | Flag | Moment | Choice | Items | Record | Form

ANYTHING, TEXT, NUMBER, FLAG, MOMENT = Anything(), Text(), Number(), Flag(), Moment()
ID_FORMATS = frozenset({"uuid", "guid", "cuid", "cuid2", "ulid", "nanoid"})


def at(expected: Expected, path: tuple[str, ...]) -> Expected:
    """The part of an argument at a path; anything where it is not known."""
    for name in path:
        if isinstance(expected, Items):
            expected = expected.element
        fields = expected.fields if isinstance(expected, Record | Form) else ()
        expected = next((each.expected for each in fields if each.name == name), ANYTHING)
    return expected.element if isinstance(expected, Items) else expected


def may_name_nothing(expected: Expected) -> bool:
    """Whether a value can be made up that names no record: a text or a number that nobody else has made up."""
    if isinstance(expected, Text):
        return expected.most is None or expected.most >= 16
    if isinstance(expected, Number):
        return expected.most is None or expected.most >= 2_000_000_000
    return isinstance(expected, Anything)
