"""What a block of a migration runs: `DO $$ … $$`, its loops over tables and policies, and SQL that it puts together.

Conditions are taken to hold. An `EXECUTE` of which a part is computed otherwise is given as it stands.

https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from preship.analyzers.project.sql_statements import Statement, body_of, statements

Row = Mapping[str, str]
"""What a variable of a loop holds in one round, by column; what it is without one stands under the empty name."""

Catalogue = Sequence[tuple[str, tuple[str, ...]]]
"""The tables that there are, each with its policies."""

MOST_ROUNDS = 5_000
"""Of all loops of a block; the largest real one seen has about six hundred."""

_FORMAT = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")


@dataclass(slots=True)
class _Scope:
    catalogue: Callable[[], Catalogue]
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Variables that hold a list of texts."""

    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    """Variables of loops, with all that they go through."""

    rounds: int = 0


def run_by(body: str, catalogue: Callable[[], Catalogue]) -> Iterator[Statement]:
    """The statements that the text of a block comes to, if what it goes through is in the catalogue by then."""
    scope = _Scope(catalogue)
    for statement in statements(body):
        _declare(scope, statement)
        _begin_loops(scope, statement)
        bare = _bare(statement)
        yield from _executed(scope, bare) if bare[0] == "execute" else (bare,)


def _bare(statement: Statement) -> Statement:
    """A statement without the conditions and openings before it: `IF NOT EXISTS (…) THEN CREATE POLICY …`."""
    starts = (at for at, word in enumerate(statement) if word in _VERBS and (at == 0 or statement[at - 1] in _OPENS))
    return statement[next(starts, 0) :]


_VERBS = frozenset({"create", "alter", "drop", "execute", "do"})
_OPENS = frozenset({"begin", "then", "else", "loop"})


def _declare(scope: _Scope, statement: Statement) -> None:
    """`tables text[] := ARRAY['a', 'b']`."""
    if (":", "=") in pairwise(statement) and (texts := _texts_in(statement)):
        start = statement.index("declare") + 1 if "declare" in statement else 0
        scope.lists[statement[start]] = texts


def _texts_in(statement: Sequence[str]) -> tuple[str, ...]:
    """The strings that stand in some tokens; those of `'{a,b}'` one by one."""
    bodies = [body for token in statement if token.startswith("'") and (body := body_of(token)) is not None]
    if len(bodies) == 1 and bodies[0].startswith("{"):
        return tuple(part.strip(' "') for part in bodies[0].strip("{}").split(",") if part.strip())
    return tuple(bodies)


# --- loops ---------------------------------------------------------------------------------------------------------


def _begin_loops(scope: _Scope, statement: Statement) -> None:
    """`FOREACH t IN ARRAY tables LOOP`, `FOR t IN SELECT … LOOP`."""
    for at, word in enumerate(statement):
        if word not in {"for", "foreach"} or "loop" not in statement[at:] or statement[at + 2 : at + 3] != ("in",):
            continue
        over = statement[at + 3 : statement.index("loop", at)]
        rows = _gone_through(scope, over, is_array=word == "foreach")
        if rows is not None:
            scope.rows[statement[at + 1]] = rows


def _gone_through(scope: _Scope, over: Statement, *, is_array: bool) -> tuple[Row, ...] | None:
    """What a loop goes through; None where that is not known."""
    if is_array or "unnest" in over or "values" in over:
        texts = next((scope.lists[name] for name in over if name in scope.lists), _texts_in(over))
        return tuple({"": text} for text in texts) or None
    wanted = [entry for entry in scope.catalogue() if _is_meant(entry[0], over)]
    if _POLICIES.intersection(over):
        first = "tablename" if over[1:2] == ("tablename",) else "policyname"
        return tuple(_of_policy(table, policy, first) for table, policies in wanted for policy in policies)
    return tuple(_of_table(table) for table, _ in wanted) if _TABLES.intersection(over) else None


def _of_policy(table: str, policy: str, first: str) -> Row:
    row = {"policyname": policy, "polname": policy, "tablename": table, "schemaname": "public"}
    return {"": row[first], **row}


def _of_table(table: str) -> Row:
    return {"": table, "tablename": table, "table_name": table, "relname": table, "schemaname": "public"}


_POLICIES = frozenset({"pg_policies", "pg_policy"})
_TABLES = frozenset({"pg_tables", "tables", "pg_class"})


def _is_meant(table: str, query: Statement) -> bool:
    """Whether a query of the catalogue is for this table: where it names some, for those."""
    for at, word in enumerate(query):
        if word == "not" and query[at + 1 : at + 3] == ("in", "(") and f"'{table}'" in _list_at(query, at + 2):
            return False
    named = [
        token
        for at, word in enumerate(query)
        if word in {"tablename", "table_name", "relname"}
        for token in _compared_with(query, at + 1)
    ]
    return not named or any(_matches(table, token) for token in named)


def _compared_with(query: Statement, at: int) -> Iterable[str]:
    """The strings that a column is to be equal to, or like."""
    if query[at : at + 1] == ("=",):
        return [token for token in query[at + 1 :][: _end_of_comparison(query[at + 1 :])] if token.startswith("'")]
    if query[at : at + 1] == ("in",):
        return _list_at(query, at + 1)
    return query[at + 1 : at + 2] if query[at : at + 1] in {("like",), ("ilike",)} else ()


def _end_of_comparison(rest: Statement) -> int:
    return next((at for at, word in enumerate(rest) if word in {"and", "or", "order"}), len(rest))


def _list_at(query: Statement, at: int) -> Statement:
    end = query.index(")", at) if ")" in query[at:] else len(query)
    return query[at:end]


def _matches(table: str, token: str) -> bool:
    pattern = body_of(token) or ""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("%")), table) is not None


# --- SQL that is put together --------------------------------------------------------------------------------------


def _executed(scope: _Scope, statement: Statement) -> Iterator[Statement]:
    """What `EXECUTE` runs, once for each round of the loops whose variables it uses."""
    expression = statement[1:]
    used = [name for name in scope.rows if name in expression]
    for row in _rounds(scope, used):
        text = _text_of(expression, row)
        yield from statements(text) if text is not None else (statement,)


def _rounds(scope: _Scope, used: Sequence[str]) -> Iterator[dict[str, Row]]:
    """The rows of several variables, each with each."""
    if not used:
        yield {}
        return
    for row in scope.rows[used[0]]:
        for others in _rounds(scope, used[1:]):
            scope.rounds += 1
            if scope.rounds > MOST_ROUNDS:
                return
            yield {used[0]: row, **others}


def _text_of(expression: Statement, rows: Mapping[str, Row]) -> str | None:
    """The text that `'…' || quote_ident(t) || '…'` or `format('… %I …', t)` comes to; None where it cannot be known."""
    pieces = [_piece(part, rows) for part in _parted(expression, ("|", "|"))]
    known = [piece for piece in pieces if piece is not None]
    return "".join(known) if len(known) == len(pieces) else None


def _piece(part: Statement, rows: Mapping[str, Row]) -> str | None:
    if not part:
        return None
    if part[0] in {"format", "quote_ident", "quote_literal", "lower", "trim", "("} and ")" in part:
        opened = part.index("(")
        return _formatted(part[opened + 1 : _closing(part, opened)], rows)
    if (body := body_of(part[0])) is not None:
        return body
    if part[0] in rows:
        return rows[part[0]].get(part[2] if part[1:2] == (".",) and len(part) > 2 else "")
    return None


def _formatted(given: Statement, rows: Mapping[str, Row]) -> str | None:
    """`format`: https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT"""
    pattern, *values = [_text_of(part, rows) for part in _parted(given, (",",))]
    next_value = iter(values)
    is_known = True

    def filled(place: re.Match[str]) -> str:
        nonlocal is_known
        if place[2] == "%":
            return "%"
        index = int(place[1]) - 1 if place[1] else None
        value = next(next_value, None) if index is None else values[index] if index < len(values) else None
        is_known = is_known and value is not None
        return {"I": f'"{value}"', "L": f"'{value}'"}.get(place[2], str(value))

    text = _FORMAT.sub(filled, pattern) if pattern is not None and values else pattern
    return text if is_known else None


def _parted(expression: Statement, between: tuple[str, ...]) -> Iterator[Statement]:
    """The parts of an expression between some tokens, those in parentheses left alone."""
    depth, start, at = 0, 0, 0
    while at < len(expression):
        depth += {"(": 1, ")": -1}.get(expression[at], 0)
        if depth < 0:
            break
        if depth == 0 and expression[at : at + len(between)] == between:
            yield expression[start:at]
            at += len(between)
            start = at
        else:
            at += 1
    yield expression[start:at]


def _closing(part: Statement, opened: int) -> int:
    depth = 0
    for at in range(opened, len(part)):
        depth += {"(": 1, ")": -1}.get(part[at], 0)
        if depth == 0:
            return at
    return len(part)
