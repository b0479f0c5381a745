"""SQL as tokens, with the values that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import PLAIN, Array, Object, Value, text_of, unite, unknown

MOST_TOKENS = 4000
"""Longer statements are not read; the longest of real code seen has about six hundred."""


MOST_CHARACTERS = 20_000
"""Likewise: quotes that never close would be looked for again and again."""


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


COMMENT = r"--[^\n]*|/\*.*?(?:\*/|\Z)|#(?=\s)[^\n]*"
"""MySQL's `#`, too: of Postgres that is an operator, which nobody writes with a space behind it alone."""

QUOTED = (
    r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[A-Za-z_][\w ]*\]"
    r"|\$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?P=tag)\$|\$\$.*?\$\$"
)
"""Texts and names between quotes, in any dialect."""

TOKEN = re.compile(
    rf"(?:{COMMENT}|{QUOTED}|\x00\d+\x00|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|<=|>=|<>|!=|::|\|\||[^\s])", re.DOTALL
)
IS_COMMENT = re.compile(COMMENT, re.DOTALL)
HOLE = re.compile(r"\x00(\d+)\x00")
PARAMETER = re.compile(
    rf"(?P<other>{COMMENT}|{QUOTED}|::\w+|@@\w+)"
    r"|[$?](?P<place>\d+)|(?P<name_sent>\?\?)|(?P<next>\?)|(?<![\w:])[:@$](?P<name>[A-Za-z_]\w*)",
    re.DOTALL,
)
"""`$1` and `?1`, `??` (MySQL: a name), `?`, and `:name`; and what only looks like one."""


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


CALLERS_ID = r"\bauth\s*\.\s*(?:uid|user_id)\s*\(\s*\)"
THE_CALLER = re.compile(
    rf"(?:\(\s*select\s+{CALLERS_ID}(?:\s+as\s+\w+)?\s*\)|{CALLERS_ID})(?:\s*::\s*\w+)?", re.IGNORECASE
)
"""What a database that has verified the caller's token itself calls their id; without a token it equals nothing.

https://neon.com/docs/guides/rls-drizzle, https://supabase.com/docs/guides/database/postgres/row-level-security
"""

WHO_CALLS = Bound(unknown({Session("the database", is_verified=True, path=("id",))}))


def with_the_caller(parts: Iterable[Part]) -> Iterator[Part]:
    """The same statement, with the caller's identity as a value where it asks the database for it."""
    for part in parts:
        if isinstance(part, str) and "auth" in part.lower():
            first, *rest = THE_CALLER.split(part)
            yield first
            for piece in rest:
                yield from (WHO_CALLS, piece)
        else:
            yield part


def reader_of(parts: Sequence[Part]) -> Reader:
    """The statement as tokens."""
    holes: list[Part] = []
    text: list[str] = []
    for part in with_the_caller(parts):
        if isinstance(part, str):
            text.append(part.replace("\x00", ""))
        else:
            text.append(f" \x00{len(holes)}\x00 ")
            holes.append(part)
    tokens = (found.group() for found in TOKEN.finditer("".join(text), 0, MOST_CHARACTERS))
    found = [token for token in tokens if not IS_COMMENT.match(token)]
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
    for found in parameters_in(text, given):
        parts.append(text[end : found.start()])
        place = int(found["place"]) - 1 if found["place"] else order
        value = parameter(given, place, found["name"])
        parts.append((found["name_sent"] and text_of(value)) or Bound(value))
        end, order = found.end(), order + (found["place"] is None and found["name"] is None)
    return [*parts, text[end:]]


def parameters_in(text: str, given: Value | None) -> list[re.Match[str]]:
    """Where values are put into a text.

    Where places have numbers, a question mark asks whether JSON has a key. Beside a list of values, `@rank` is a
    variable of the database's own.
    """
    found = [each for each in PARAMETER.finditer(text, 0, MOST_CHARACTERS) if each["other"] is None]
    if any(each["place"] for each in found):
        return [each for each in found if each["place"]]
    is_list = given is not None and all(isinstance(a.shape, Array) for a in given.alternatives)
    return [each for each in found if not (is_list and each.group().startswith("@"))]


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
