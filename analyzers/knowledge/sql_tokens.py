"""SQL as tokens, with the values that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzers.flow.values import PLAIN, Array, Object, Value, unite

MOST_TOKENS = 4000
"""Longer statements are not read; the longest of real code seen has about six hundred."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that is bound to a parameter: it can never change the statement."""

    value: Value


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that is put into the statement as it is."""

    value: Value


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was built elsewhere."""

    key: Value


Part = str | Bound | Raw | Condition


TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\x00\d+\x00|\"[^\"]*\"|`[^`]*`|\[[\w ]+\]|[A-Za-z_][\w$]*|\d+(?:\.\d+)?"
    r"|<=|>=|<>|!=|::|\|\||[^\s]",
    re.DOTALL,
)
HOLE = re.compile(r"\x00(\d+)\x00")
PARAMETER = re.compile(r"'(?:[^']|'')*'|::\w+|\$(\d+)|\?|(?<![\w:])[:@$]([A-Za-z_]\w*)")


@dataclass(slots=True)
class Reader:
    """The tokens of a statement and the values in it."""

    tokens: list[str]
    holes: list[Part]
    used: set[int] = field(default_factory=set)
    """Holes that choose rows."""

    def hole(self, token: str) -> Part | None:
        """The value that a token stands for."""
        found = HOLE.fullmatch(token)
        return self.holes[int(found.group(1))] if found else None

    def take(self, token: str) -> Part | None:
        """The same, as one that chooses rows."""
        found = HOLE.fullmatch(token)
        if not found:
            return None
        self.used.add(int(found.group(1)))
        return self.holes[int(found.group(1))]


def reader_of(parts: Sequence[Part]) -> Reader:
    """The statement as tokens."""
    holes: list[Part] = []
    text: list[str] = []
    for part in parts:
        if isinstance(part, str):
            text.append(part.replace("\x00", ""))
        else:
            text.append(f" \x00{len(holes)}\x00 ")
            holes.append(part)
    found = [t for t in TOKEN.findall("".join(text)) if not t.startswith(("--", "/*"))]
    return Reader(found[:MOST_TOKENS], holes)


def words_of(parts: Sequence[Part]) -> list[str]:
    """The words of a piece of SQL, in lower case."""
    return [t.lower() for t in reader_of(parts).tokens]


def closing(words: list[str], index: int) -> int:
    """Where the bracket closes that opens here."""
    depth = 0
    for at in range(index, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return at
    return len(words)


def outside_brackets(words: list[str], start: int) -> Iterator[int]:
    """The places behind `start` that are in no bracket that opens behind it."""
    depth = 0
    for index in range(start, len(words)):
        depth += (words[index] == "(") - (words[index] == ")")
        if depth == 0:
            yield index


def with_parameters(text: str, given: Value | None) -> list[Part]:
    """Text with `$1`, `?` or `:name` in it, its values in their places."""
    parts: list[Part] = []
    end, order = 0, 0
    for found in PARAMETER.finditer(text):
        if found.group().startswith(("'", "::")):
            continue
        parts.append(text[end : found.start()])
        place = int(found.group(1)) - 1 if found.group(1) else order
        parts.append(Bound(parameter(given, place, found.group(2))))
        end, order = found.end(), order + 1
    return [*parts, text[end:]]


def parameter(given: Value | None, place: int, name: str | None) -> Value:
    """One of the values bound."""
    found: list[Value] = []
    for a in given.alternatives if given is not None else ():
        shape = a.shape
        if isinstance(shape, Array) and shape.items is not None:
            found.append(shape.items[place] if place < len(shape.items) else PLAIN)
        elif isinstance(shape, Array):
            found.append(shape.element)
        elif isinstance(shape, Object):
            found += [v for key, v in shape.fields if name is None or key == name] or [shape.rest or PLAIN]
        else:
            found.append(Value((a,)))
    return unite(*found) if found else PLAIN
