"""SQL as text with values in it: which verb, which table, what chooses the rows and what is written into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.values import Object, Value, of, unite
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal
from preship.analyzers.knowledge.sql_conditions import key_of_rows
from preship.analyzers.knowledge.sql_tokens import HOLE, Bound, Part, Raw, Reader, closing, outside_brackets, reader_of


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement does."""

    kind: EffectKind
    table: str
    key: Value | None
    data: Value | None
    raw: Value | None
    """Text from outside the statement's own; None where there is none."""

    is_total: bool
    """Whether it gives one row whatever it finds."""

    has_answer: bool
    """Whether it gives rows."""

    is_whole: bool
    """Whether those have all columns that there are, and not those that the statement names."""


VERBS = {
    "select": EffectKind.READ,
    "insert": EffectKind.INSERT,
    "replace": EffectKind.WRITE,
    "update": EffectKind.WRITE,
    "merge": EffectKind.WRITE,
    "delete": EffectKind.DELETE,
    "truncate": EffectKind.DELETE,
}
BEFORE_TABLE = {"select": "from", "insert": "into", "replace": "into", "merge": "into", "delete": "from"}
NOISE = frozenset({"only", "table", "ignore", "or", "rollback", "abort", "low_priority"})


def read(parts: Sequence[Part]) -> Statement:
    """What a statement does."""
    reader = reader_of(parts)
    words = [t.lower() for t in reader.tokens]
    at = main_verb(words)
    verb = words[at] if at is not None else ""
    raw = raw_of(reader)
    table = table_of(reader, words, at) if at is not None else ""
    key = both(key_of_rows(reader, words), handed_to(reader, words, table) if verb == "select" else EVERYTHING)
    data = data_of(reader, words, verb)
    kind = VERBS.get(verb, EffectKind.SQL)
    if verb == "insert" and "conflict" in words and "nothing" not in words:
        kind, key = EffectKind.WRITE, in_conflict(words, data)
    if verb == "insert" and "duplicate" in words:
        kind, key = EffectKind.WRITE, data or EVERYTHING
    return Statement(
        EffectKind.SQL if raw is not None else kind,
        table or "the database",
        None if kind is EffectKind.INSERT or key == EVERYTHING else key,
        data,
        raw,
        is_total(words),
        verb == "select" or "returning" in words or kind is EffectKind.SQL,
        at is None or any(is_star(words, i) for i in answered(words, at)),
    )


MODES = r"isolation|level|read|write|only|repeatable|committed|uncommitted|serializable|not|deferrable|and|no|chain"
BOUNDS = re.compile(
    r"(begin|start\s+transaction|commit|rollback|end|abort)(\s+(work|transaction|tran|immediate|deferred|exclusive))?"
    rf"((\s+|\s*,\s*)({MODES}))*"
    r"|(savepoint|release(\s+savepoint)?|rollback(\s+(work|transaction))?\s+to(\s+savepoint)?)\s+\w+"
    rf"|set\s+(local\s+|session\s+)?transaction((\s+|\s*,\s*)({MODES}))+",
    re.IGNORECASE,
)
"""Statements that begin or end a transaction, in any dialect."""


def only_bounds_a_transaction(parts: Sequence[Part]) -> bool:
    """Whether a statement touches no rows itself: it says from where to where others are done together."""
    return len(parts) == 1 and isinstance(parts[0], str) and BOUNDS.fullmatch(parts[0].strip(" \t\r\n;")) is not None


SETTING = re.compile(
    r"select \s*(set_config|pg_catalog\s*\.\s*set_config)\s*\(|set\s+(local\s+|session\s+)?['\"]?\w+\.", re.I
)
"""What tells the connection something: https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET"""


def settings_told(parts: Sequence[Part]) -> tuple[Value, ...]:
    """The values of a statement that only tells the connection something of the application's, such as its caller."""
    first = parts[0].lstrip() if parts and isinstance(parts[0], str) else ""
    values = tuple(part.value for part in parts if isinstance(part, Bound | Raw))
    return values if SETTING.match(first) else ()


def starts_with_a_verb(strings: Sequence[str]) -> bool:
    """Whether a text is a statement of its own."""
    words = strings[0].split(maxsplit=1) if strings else []
    return bool(words) and words[0].lower() in {*VERBS, "with"}


def main_verb(words: list[str]) -> int | None:
    """Where the verb stands: behind the common table expressions, if there are any. One that writes comes first."""
    depth = 0
    found: int | None = None
    for index, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if word not in VERBS or (word == "replace" and index + 1 < len(words) and words[index + 1] == "("):
            continue
        if word != "select" and (depth == 0 or words[0] == "with") and words[max(index - 1, 0)] not in {"do", "for"}:
            return index
        if found is None and depth == 0:
            found = index
    return found if found is not None else next((i for i, w in enumerate(words) if w == "select"), None)


def table_of(reader: Reader, words: list[str], at: int) -> str:
    """The table that a verb is about."""
    start = at + 1
    before = BEFORE_TABLE.get(words[at])
    if before is not None:
        start = next((i + 1 for i in outside_brackets(words, at) if words[i] == before), len(words))
    while start < len(words) and words[start] in NOISE:
        start += 1
    if start >= len(words):
        return ""
    while start + 2 < len(words) and words[start + 1] == ".":
        start += 2
    part = reader.hole(reader.tokens[start])
    return "" if part is not None else reader.tokens[start].strip('"`[]')


def handed_to(reader: Reader, words: list[str], function: str) -> Value:
    """What a function is handed whose rows are read, `FROM rows_of($1)`: it chooses among them."""
    lowered = function.lower()
    for at in range(2, len(words) - 1):
        if words[at] == lowered and words[at - 1] in {"from", "."} and words[at + 1] == "(":
            holes = (reader.take(token) for token in reader.tokens[at + 1 : closing(words, at + 1)])
            return both(
                *(equal(f"argument {i}", hole.value) for i, hole in enumerate(holes) if isinstance(hole, Bound))
            )
    return EVERYTHING


def answered(words: list[str], at: int) -> range:
    """The places of what a statement gives back: behind `select`, or behind the last `returning`."""
    if words[at] != "select":
        return range(max((i for i, word in enumerate(words) if word == "returning"), default=len(words)), len(words))
    return range(at, next((i for i in outside_brackets(words, at) if words[i] == "from"), len(words)))


def is_star(words: list[str], index: int) -> bool:
    """Whether `*` stands for all columns there; otherwise it multiplies, or counts."""
    return words[index] == "*" and words[index - 1] in {"select", "distinct", "all", "returning", ",", "."}


def raw_of(reader: Reader) -> Value | None:
    """The text in a statement that is not its own."""
    found = [part.value for part in reader.holes if isinstance(part, Raw)]
    return unite(*found) if found else None


def is_total(words: list[str]) -> bool:
    """Whether it counts or sums over all rows."""
    if "group" in words or "select" not in words:
        return False
    head = words[words.index("select") : words.index("from")] if "from" in words[words.index("select") :] else words
    totals = {"count", "sum", "avg", "min", "max", "exists", "bool_or"}
    return any(w in totals and head[i + 1 : i + 2] == ["("] for i, w in enumerate(head)) and "over" not in head


# --- data ----------------------------------------------------------------------------------------------------------


def data_of(reader: Reader, words: list[str], verb: str) -> Value | None:
    """What is written: the values that choose no rows, by column where the statement names them."""
    if verb in {"", "select", "delete", "truncate"}:
        return None
    written = {int(found.group(1)) for word in words if (found := HOLE.fullmatch(word))} - reader.used
    rest = [(i, p.value) for i, p in enumerate(reader.holes) if isinstance(p, Bound | Raw) and i in written]
    if not rest:
        return None
    names = inserted_columns(reader, words) if verb in {"insert", "replace"} else assigned_columns(reader, words)
    fields: dict[str, Value] = {}
    for order, (index, value) in enumerate(rest):
        name = names.get(index) or f"{order + 1}"
        fields[name] = unite(fields[name], value) if name in fields else value
    return of(Object(tuple(fields.items())))


def inserted_columns(reader: Reader, words: list[str]) -> dict[int, str]:
    """The column of each hole of `INSERT INTO t (a, b) VALUES (…)`."""
    if "values" not in words or "(" not in words[: words.index("values")]:
        return {}
    opening = words.index("(")
    columns = [t.strip('"`[]') for t in reader.tokens[opening + 1 : closing(words, opening)] if t != ","]
    found: dict[int, str] = {}
    place, depth = 0, 0
    for word in reader.tokens[words.index("values") + 1 :]:
        depth += (word == "(") - (word == ")")
        if word == "(" and depth == 1:
            place = 0
        elif word == "," and depth == 1:
            place += 1
        elif (hole := HOLE.fullmatch(word)) and place < len(columns):
            found[int(hole.group(1))] = columns[place]
    return found | assigned_columns(reader, words)


def assigned_columns(reader: Reader, words: list[str]) -> dict[int, str]:
    """The column of each hole of `SET a = …, b = …`."""
    found: dict[int, str] = {}
    column = ""
    is_inside = False
    for index, word in enumerate(words):
        if word == "set":
            is_inside = True
        elif word == "where" or (word == "from" and is_inside):
            is_inside = False
        elif is_inside and words[index + 1 : index + 2] == ["="]:
            column = reader.tokens[index].strip('"`[]')
        elif is_inside and (hole := HOLE.fullmatch(word)):
            found[int(hole.group(1))] = column
    return found


def in_conflict(words: list[str], data: Value | None) -> Value:
    """What chooses the record that `ON CONFLICT (a, b) DO UPDATE` changes."""
    at = words.index("conflict")
    shape = data.alternatives[0].shape if data is not None else None
    if words[at + 1 : at + 2] == ["("] and isinstance(shape, Object):
        names = set(words[at + 2 : closing(words, at + 1)])
        chosen = tuple((k, v) for k, v in shape.fields if k.lower() in names)
        if chosen:
            return of(Object(chosen))
    return data if data is not None else EVERYTHING
