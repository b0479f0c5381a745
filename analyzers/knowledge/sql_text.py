"""SQL as text with values in it: which verb, which table, what chooses the rows and what is written into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import Input
from analyzers.flow.values import PLAIN, Array, Constant, Object, Value, of, origins_of, unite
from analyzers.knowledge.keys import EVERYTHING, both, either, equal

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
ENDS = frozenset(
    "or ) ; group order limit offset returning having window union intersect except for join where".split()
)
"""Words that end a condition."""

JOINS = frozenset("left right inner full cross natural".split())
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


def read(parts: Sequence[Part]) -> Statement:
    """What a statement does."""
    reader = reader_of(parts)
    words = [t.lower() for t in reader.tokens]
    at = main_verb(words)
    verb = words[at] if at is not None else ""
    raw = raw_of(reader)
    key = key_of_rows(reader, words)
    table = table_of(reader, words, at) if at is not None else ""
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
    )


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
        start = next((i + 1 for i in range(at, len(words)) if words[i] == before), len(words))
    while start < len(words) and words[start] in NOISE:
        start += 1
    if start >= len(words):
        return ""
    while start + 2 < len(words) and words[start + 1] == ".":
        start += 2
    part = reader.hole(reader.tokens[start])
    return "" if part is not None else reader.tokens[start].strip('"`[]')


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


# --- conditions ----------------------------------------------------------------------------------------------------


def key_of_rows(reader: Reader, words: list[str], index: int = 0, end: int | None = None) -> Value:
    """What chooses the rows: each `WHERE` that all rows pass, and the `ON` of each join that leaves rows out."""
    keys: list[Value] = []
    brackets: list[bool] = []
    end = len(words) if end is None else end
    while index < end:
        if words[index] == "(":
            brackets.append(words[index - 1] in {"from", "join", "as", "lateral", "materialized"})
        elif words[index] == ")" and brackets:
            brackets.pop()
        if all(brackets) and (words[index] == "where" or (words[index] == "on" and is_inner_join(words, index))):
            key, index = disjunction(reader, words, index + 1)
            keys.append(key)
        else:
            index += 1
    return both(*keys)


def is_inner_join(words: list[str], at: int) -> bool:
    """Whether the `ON` at a place is one of a join that leaves out the rows without a match."""
    joins = [i for i in range(at) if words[i] == "join"]
    if not joins or words[at + 1 : at + 2] in (["conflict"], ["duplicate"]):
        return False
    before = words[max(joins[-1] - 2, 0) : joins[-1]]
    return not {"left", "right", "full", "outer"} & set(before)


def key_of_condition(parts: Sequence[Part]) -> Value:
    """The key of a condition that stands alone."""
    reader = reader_of(parts)
    words = [t.lower() for t in reader.tokens]
    if "where" in words:
        return key_of_rows(reader, words)
    return disjunction(reader, words, 0)[0]


def disjunction(reader: Reader, words: list[str], index: int) -> tuple[Value, int]:
    """`a OR b`."""
    keys: list[Value] = []
    while True:
        key, index = conjunction(reader, words, index)
        keys.append(key)
        if index < len(words) and words[index] == "or":
            index += 1
            continue
        return either(*keys) if len(keys) > 1 else keys[0], index


def conjunction(reader: Reader, words: list[str], index: int) -> tuple[Value, int]:
    """`a AND b`."""
    keys: list[Value] = []
    while True:
        key, index = comparison(reader, words, index)
        keys.append(key)
        if index < len(words) and words[index] == "and":
            index += 1
            continue
        return both(*keys), index


def comparison(reader: Reader, words: list[str], index: int) -> tuple[Value, int]:
    """One condition, up to the next `AND`, `OR`, clause or closing bracket."""
    keys: list[Value] = []
    is_negated = False
    between = False
    start = index
    while index < len(words):
        word = words[index]
        if word in ENDS or (word in JOINS and words[index + 1 : index + 2] in (["join"], ["outer"])):
            break
        if word == "and":
            if not between:
                break
            between = False
        between = between or word == "between"
        is_negated = is_negated or word in {"not", "!=", "<>"}
        if word == "(":
            key, index = bracket(reader, words, index)
            keys.append(key)
            continue
        keys.append(operand(reader, words, index, start))
        index += 1
    return EVERYTHING if is_negated else both(*keys), index


def bracket(reader: Reader, words: list[str], index: int) -> tuple[Value, int]:
    """`( … )`: a group, a list, or a query of its own."""
    end = closing(words, index)
    if words[index + 1 : index + 2] == ["select"]:
        return key_of_rows(reader, words, index + 1, end), end + 1
    before = words[index - 1] if index else ""
    if before in {"in", "any", "="} or is_row(words, index, end):
        name = column_before(reader, words, index - 1)
        return both(*(equal(name, v) for v in values_in(reader, words, index, end))), end + 1
    if re.fullmatch(r"[a-z_]\w*", before) and before not in {"and", "or", "not", "where", "on", "exists"}:
        # A function's argument: `lower(${email})` equals what it is compared with.
        keys = [operand(reader, words, i, index, is_argument=True) for i in range(index + 1, end)]
        return both(*keys), end + 1
    return disjunction(reader, words, index + 1)[0], end + 1


def is_row(words: list[str], index: int, end: int) -> bool:
    """Whether a bracket holds a row of values: `(a, b) = (…)`."""
    return "," in words[index:end] and not {"and", "or", "select"} & set(words[index:end])


def closing(words: list[str], index: int) -> int:
    """Where the bracket closes that opens here."""
    depth = 0
    for at in range(index, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return at
    return len(words)


def values_in(reader: Reader, words: list[str], start: int, end: int) -> Iterator[Value]:
    for at in range(start, end):
        part = reader.take(reader.tokens[at])
        if isinstance(part, Bound | Raw):
            yield part.value


def operand(reader: Reader, words: list[str], index: int, start: int, *, is_argument: bool = False) -> Value:
    """The key that one token of a condition adds."""
    part = reader.hole(reader.tokens[index])
    if part is None:
        return EVERYTHING
    if isinstance(part, Condition):
        reader.take(reader.tokens[index])
        return part.key
    assert isinstance(part, Bound | Raw)  # noqa: S101
    before, after = words[index - 1 : index], words[index + 1 : index + 2]
    is_equal = before in (["="], ["in"], ["from"], ["any"]) or after in (["="], ["in"]) or is_argument
    if before in (["<"], [">"], ["<="], [">="], ["like"], ["ilike"]):
        reader.take(reader.tokens[index])
        return EVERYTHING
    if not is_equal and not (isinstance(part, Raw) and index == start):
        return EVERYTHING
    reader.take(reader.tokens[index])
    return equal(column_before(reader, words, index - 1), part.value)


def column_before(reader: Reader, words: list[str], index: int) -> str:
    """The column that an operator at a place compares."""
    skipped = {"=", "in", "any", "(", ")", "is", "distinct", "from", "not"}
    while index >= 0 and (words[index] in skipped or words[index + 1 : index + 2] == ["("]):
        index -= 1
    return reader.tokens[index].strip('"`[]') if index >= 0 and not reader.hole(reader.tokens[index]) else "?"


# --- data ----------------------------------------------------------------------------------------------------------


def data_of(reader: Reader, words: list[str], verb: str) -> Value | None:
    """What is written: the values that choose no rows, by column where the statement names them."""
    if verb in {"", "select", "delete", "truncate"}:
        return None
    rest = [(i, p.value) for i, p in enumerate(reader.holes) if isinstance(p, Bound | Raw) and i not in reader.used]
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


# --- parameters ----------------------------------------------------------------------------------------------------


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


def of_text(text: Value, given: Value | None) -> list[Part]:
    """A statement given as text and values."""
    if len(text.alternatives) == 1:
        shape = text.alternatives[0].shape
        if isinstance(shape, Constant) and isinstance(shape.value, str):
            return with_parameters(shape.value, given)
    bound: list[Part] = [] if given is None else [" ", Bound(given)]
    return [Raw(text), *bound]


def is_outside(value: Value) -> bool:
    """Whether a caller has a say in a text."""
    return any(isinstance(o, Input) for o in origins_of(value))
