"""What the conditions of an SQL statement say of which rows are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from preship.analyzers.flow.values import Value
from preship.analyzers.knowledge.keys import EVERYTHING, both, either, equal
from preship.analyzers.knowledge.sql_tokens import Bound, Condition, Part, Raw, Reader, closing, reader_of

ENDS = frozenset(
    "or ) ; group order limit offset returning having window union intersect except for join where".split()
)
"""Words that end a condition."""

JOINS = frozenset("left right inner full cross natural".split())


def key_of_rows(reader: Reader, words: list[str], index: int = 0, end: int | None = None) -> Value:
    """What chooses the rows: each `WHERE` that all rows pass, and the `ON` of each join that leaves rows out.

    A join leaves out none of another's rows where neither its `ON` nor the `WHERE` compares two columns.
    """
    keys: list[Value] = []
    apart: list[Value] = []
    is_tied = False
    brackets: list[bool] = []
    end = len(words) if end is None else end
    while index < end:
        if words[index] == "(":
            brackets.append(words[index - 1] in {"from", "join", "as", "lateral", "materialized"})
        elif words[index] == ")" and brackets:
            brackets.pop()
        if all(brackets) and (words[index] == "where" or (words[index] == "on" and is_inner_join(words, index))):
            start, is_where = index, words[index] == "where"
            key, index = disjunction(reader, words, index + 1)
            compares = compares_columns(reader, words, start + 1, index)
            (keys if is_where or compares else apart).append(key)
            is_tied = is_tied or (is_where and compares)
        else:
            index += 1
    return both(*keys, *(apart if is_tied else ()))


NAME = re.compile(r"(?!(?:true|false|null)$)[\"`\[]?[a-z_]")
"""What the name of a column begins with; a hole, a number, a text and a star do not."""


def compares_columns(reader: Reader, words: list[str], start: int, end: int) -> bool:
    """Whether a condition compares two columns, or may: a query of its own, and what was built elsewhere."""
    if any(isinstance(reader.hole(token), Condition | Raw) for token in reader.tokens[start:end]):
        return True
    operators = (i for i in range(start, end) if words[i] == "=" and i + 1 < end)
    return "select" in words[start:end] or any(NAME.match(words[i - 1]) and NAME.match(words[i + 1]) for i in operators)


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
