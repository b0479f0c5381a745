"""SQL files as tables: https://www.postgresql.org/docs/current/sql-createtable.html"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from preship.analyzers.project.database import DEEPEST_BLOCK, named
from preship.analyzers.project.sql_blocks import run_by
from preship.analyzers.project.sql_statements import Quoted, Statement, body_of, statements_with_lines
from preship.analyzers.schema.tables import Place, Reference, Table

_BEFORE_A_NAME = frozenset({"column", "if", "not", "exists"})
_NO_COLUMN = frozenset({"constraint", "primary", "foreign", "unique", "check", "exclude", "like"})
_INDEX = frozenset({"key", "index"})
"""MySQL's words for one. https://dev.mysql.com/doc/refman/8.4/en/create-table.html#create-table-indexes-keys"""


def tables_of(texts: Iterable[tuple[str, str]]) -> tuple[Table, ...]:
    """The tables that some files leave behind, each given by its path and text, run one after the other."""
    tables: dict[str, Table] = {}
    for path, text in texts:
        for statement, lines in statements_with_lines(text):
            _run(tables, statement, [Place(path, line) for line in lines])
    return tuple(tables.values())


def _run(tables: dict[str, Table], statement: Statement, places: Sequence[Place], depth: int = 0) -> None:
    if statement[0] == "do" and depth < DEEPEST_BLOCK:
        for body in (body for token in statement if (body := body_of(token)) is not None):
            for inner in run_by(body, lambda: [(name, ()) for name in tables]):
                _run(tables, inner, [places[0]] * len(inner), depth + 1)
        return
    verb, at = statement[:1], _behind_table(statement)
    if at is None or verb not in {("create",), ("alter",), ("drop",)}:
        return
    name, at = named(statement, at)
    if verb == ("drop",):
        tables.pop(name, None)
    elif verb == ("create",):
        may_be_there = "exists" in statement[2:6]
        tables[name] = _with(
            tables.get(name, Table(name)) if may_be_there else Table(name), _parts(statement, at + 1), places
        )
    elif name in tables and statement[at : at + 2] == ("rename", "to"):
        new = named(statement, at + 2)[0]
        tables[new] = replace(tables.pop(name), name=new)
    elif name in tables and statement[at : at + 1] == ("rename",):
        tables[name] = _renamed(tables[name], statement[at + 1 :])
    elif name in tables:
        parts = tuple(_parts(statement, at))
        gone = {_column_of(part[1:]) for _, part in parts if part[:1] == ("drop",) and part[1:2] != ("constraint",)}
        added = ((start + 1, part[1:]) for start, part in parts if part[:1] == ("add",))
        tables[name] = _with(_without(tables[name], gone), added, places)


def _column_of(part: Statement) -> str:
    return next((word for word in part if word not in _BEFORE_A_NAME), "")


def _without(table: Table, gone: set[str]) -> Table:
    """A table from which columns were dropped."""
    if not gone:
        return table
    kept = tuple(column for column in table.columns if column not in gone)
    return replace(table, columns=kept, references=tuple(r for r in table.references if not gone & set(r.columns)))


def _renamed(table: Table, words: Statement) -> Table:
    """`RENAME COLUMN a TO b`."""
    names = [word for word in words if word not in {"column", "to"}]
    if len(names) != 2 or names[0] not in table.columns:
        return table
    new = {names[0]: names[1]}
    return replace(
        table,
        columns=tuple(new.get(column, column) for column in table.columns),
        references=tuple(replace(r, columns=tuple(new.get(c, c) for c in r.columns)) for r in table.references),
        required=frozenset(new.get(column, column) for column in table.required),
        places={new.get(column, column): place for column, place in table.places.items()},
    )


def _behind_table(statement: Statement) -> int | None:
    """The place of the table's name in `CREATE TABLE …`, `CREATE UNLOGGED TABLE …`."""
    return statement.index("table") + 1 if "table" in statement[1:3] else None


def _parts(statement: Statement, start: int) -> Iterator[tuple[int, Statement]]:
    """What stands between the commas from a place on, and where each begins, up to the parenthesis that closes it all.

    Those in parentheses are left alone.
    """
    depth = 0
    for at in range(start, len(statement)):
        word = statement[at]
        if word == ")" and depth == 0:
            yield start, statement[start:at]
            return
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
        if word == "," and depth == 0:
            yield start, statement[start:at]
            start = at + 1
    yield start, statement[start:]


def _with(table: Table, parts: Iterable[tuple[int, Statement]], places: Sequence[Place]) -> Table:
    """A table with these columns and constraints."""
    columns, references, stood = list(table.columns), list(table.references), dict(table.places)
    required = set(table.required)
    for at, part in parts:
        stated = tuple(word for i, word in enumerate(part) if i > 3 or word not in _BEFORE_A_NAME)
        if not stated:
            continue
        if _is_column(stated):
            if stated[0] not in columns:
                columns.append(stated[0])
            stood.setdefault(stated[0], places[at + part.index(stated[0])])
            if _holds(part, "not", "null") or _holds(part, "primary", "key"):
                required.add(stated[0])
            own = stated[:1]
        else:
            own = _listed_behind(part, "key") if "foreign" in part or "primary" in part else ()
            required |= set(own) if "primary" in part else set()
        target = _target(part)
        if own and target:
            is_alone = len(own) == 1 and ("unique" in part or _holds(part, "primary", "key"))
            ends = any(part[i : i + 3] == ("on", "delete", "cascade") for i in range(len(part)))
            references.append(Reference(own, target, set(own) <= required, is_alone, ends_with_it=ends))
    return replace(
        table,
        columns=tuple(columns),
        references=tuple(dict.fromkeys(references)),
        required=frozenset(required),
        places=stood,
    )


def _is_column(part: Statement) -> bool:
    """Whether a part of a table is a column. What stands in quotes is one, whatever it is called."""
    if isinstance(part[0], Quoted):
        return True
    return part[0] not in _NO_COLUMN and not (part[0] in _INDEX and _lists_columns(part))


def _lists_columns(part: Statement) -> bool:
    """Whether `key by_name (name)` lists columns, unlike `key text` and `key varchar(20)`."""
    opened = part.index("(") if "(" in part else len(part)
    return "using" in part[:3] or (opened < 3 and not "".join(part[opened + 1 : opened + 2]).isdigit())


def _holds(part: Statement, first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(part))


def _target(part: Statement) -> str:
    """`REFERENCES public.posts (id)`."""
    return named(part, part.index("references") + 1)[0] if "references" in part else ""


def _listed_behind(part: Statement, word: str) -> tuple[str, ...]:
    """`FOREIGN KEY (a, b)`."""
    start = part.index(word) + 2 if word in part else len(part)
    end = part.index(")", start) if ")" in part[start:] else len(part)
    return tuple(word for word in part[start:end] if word != ",")
