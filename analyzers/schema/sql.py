"""SQL files as tables: https://www.postgresql.org/docs/current/sql-createtable.html"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from analyzers.project.database import DEEPEST_BLOCK, named
from analyzers.project.sql_blocks import run_by
from analyzers.project.sql_statements import Statement, body_of, statements
from analyzers.schema.tables import Reference, Table

_BEFORE_A_NAME = frozenset({"column", "if", "not", "exists"})
_NO_COLUMN = frozenset({"constraint", "primary", "foreign", "unique", "check", "exclude", "like", "key", "index"})


def tables_of(texts: Iterable[str]) -> tuple[Table, ...]:
    """The tables that some files leave behind, run one after the other."""
    tables: dict[str, Table] = {}
    for text in texts:
        for statement in statements(text):
            _run(tables, statement)
    return tuple(tables.values())


def _run(tables: dict[str, Table], statement: Statement, depth: int = 0) -> None:
    if statement[0] == "do" and depth < DEEPEST_BLOCK:
        for body in (body for token in statement if (body := body_of(token)) is not None):
            for inner in run_by(body, lambda: [(name, ()) for name in tables]):
                _run(tables, inner, depth + 1)
        return
    verb, at = statement[:1], _behind_table(statement)
    if at is None or verb not in {("create",), ("alter",), ("drop",)}:
        return
    name, at = named(statement, at)
    if verb == ("drop",):
        tables.pop(name, None)
    elif verb == ("create",):
        tables[name] = _with(Table(name), _parts(statement[at + 1 :]))
    elif name in tables and statement[at : at + 2] == ("rename", "to"):
        old = tables.pop(name)
        new = named(statement, at + 2)[0]
        tables[new] = Table(new, old.columns, old.references, old.lists)
    elif name in tables:
        added = (part[1:] for part in _parts(statement[at:]) if part[:1] == ("add",))
        tables[name] = _with(tables[name], added)


def _behind_table(statement: Statement) -> int | None:
    """The place of the table's name in `CREATE TABLE …`, `CREATE UNLOGGED TABLE …`."""
    return statement.index("table") + 1 if "table" in statement[1:3] else None


def _parts(rest: Statement) -> Iterator[Statement]:
    """What stands between the commas, those in parentheses left alone, up to the parenthesis that closes it all."""
    depth = 0
    part: list[str] = []
    for word in rest:
        if word == ")" and depth == 0:
            break
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 0:
            yield tuple(part)
            part = []
        else:
            part.append(word)
    yield tuple(part)


def _with(table: Table, parts: Iterable[Statement]) -> Table:
    """A table with these columns and constraints."""
    columns, references = list(table.columns), list(table.references)
    required = {c for r in references if r.is_required for c in r.columns}
    for part in parts:
        stated = tuple(word for at, word in enumerate(part) if at > 3 or word not in _BEFORE_A_NAME)
        if not stated:
            continue
        if stated[0] not in _NO_COLUMN:
            columns.append(stated[0])
            if _holds(part, "not", "null") or _holds(part, "primary", "key"):
                required.add(stated[0])
            own = stated[:1]
        else:
            own = _listed_behind(part, "key") if "foreign" in part else ()
        target = _target(part)
        if own and target:
            is_alone = len(own) == 1 and ("unique" in part or _holds(part, "primary", "key"))
            references.append(Reference(own, target, set(own) <= required, is_alone))
    return Table(table.name, tuple(columns), tuple(references), table.lists)


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
