"""Which columns the schemas of a repository give each table, and where: Prisma, SQL, Drizzle, Mongoose, Convex.

Only names and places: what a column means and whose a row is, others ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from analyzers.project.files import Blob


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or a relation of it."""

    name: str
    path: str
    line: int
    """Counts from 1."""

    kind: str = ""
    """The type as Prisma writes it, which for a relation is the other table; empty elsewhere."""


@dataclass(slots=True)
class Columns:
    """The columns of each table, by the table's name in one spelling."""

    by_table: dict[str, dict[str, Column]] = field(default_factory=dict)

    def of(self, table: str) -> Mapping[str, Column] | None:
        """The columns of a table, whatever its case and number; None where no schema has it."""
        bare = canonical(table.rpartition(".")[2])
        return next((self.by_table[name] for name in (bare, *one_of(bare)) if name in self.by_table), None)

    def related(self, table: str, relation: str) -> str:
        """The table that a relation of a table leads to: by its type, or else by its name."""
        found = (self.of(table) or {}).get(relation)
        return found.kind if found is not None and found.kind else relation


def canonical(name: str) -> str:
    """A name without what conventions differ in: `order_items` and `OrderItems` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def one_of(name: str) -> Iterator[str]:
    """What one row of a table is called, and what many are."""
    if name.endswith("ies"):
        yield f"{name[:-3]}y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s"):
        yield name[:-1]
    if name.endswith("y"):
        yield f"{name[:-1]}ies"
    yield f"{name}s"


def holds_a_schema(path: str) -> bool:
    """Whether a file states a schema by its name."""
    return path.endswith((".prisma", ".sql"))


def may_state_tables(content: bytes) -> bool:
    """Whether code may make tables: asked of its bytes before anything is read."""
    return any(word in content for word in (b"Table(", b"Schema(", b"Schema<", b"createTable"))


def columns_of(blobs: Mapping[str, Blob]) -> Columns:
    """What these files state, by path; where several state a column, one that people write and not a migration."""
    found = Columns()
    for path, blob in sorted(blobs.items(), key=lambda each: (not each[0].endswith(".sql"), each[0])):
        text = blob.content.decode("utf-8", "replace")
        for name, columns in _reader(path)(path, text):
            found.by_table.setdefault(canonical(name), {}).update({c.name: c for c in columns})
    return found


Stated = Iterator[tuple[str, list[Column]]]


def _reader(path: str) -> Callable[[str, str], Stated]:
    if path.endswith(".prisma"):
        return _prisma
    return _sql if path.endswith(".sql") else _code


_MODEL = re.compile(r"^[ \t]*(?:model|type|view)[ \t]+(\w+)[ \t]*\{([^}]*)\}", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*(\w+)[ \t]+(\w+)", re.MULTILINE)


def _prisma(path: str, text: str) -> Stated:
    """https://www.prisma.io/docs/orm/prisma-schema/data-model/models"""
    models = set(_MODEL.findall(text) and [name for name, _ in _MODEL.findall(text)])
    for model in _MODEL.finditer(text):
        place = partial(_line, text, model.start(2))
        fields = _FIELD.finditer(model[2])
        yield model[1], [Column(f[1], path, place(f.start(1)), f[2] if f[2] in models else "") for f in fields]


_CREATE = re.compile(
    r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:[\w\"`]+\.)?[\"`]?(\w+)[\"`]?\s*\(", re.IGNORECASE
)
_ADD = re.compile(
    r"\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?:[\w\"`]+\.)?[\"`]?(\w+)[\"`]?\s+"
    r"add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?[\"`]?(\w+)",
    re.IGNORECASE,
)
_SQL_NAME = re.compile(r"\s*(?:--[^\n]*\n\s*)*[\"`]?(\w+)")
_NO_COLUMNS = frozenset({"constraint", "primary", "foreign", "unique", "check", "exclude", "like", "key", "index"})


def _sql(path: str, text: str) -> Stated:
    """https://www.postgresql.org/docs/current/sql-createtable.html"""
    for made in _CREATE.finditer(text):
        yield made[1], list(_named(_SQL_NAME, path, text, made.end(), _NO_COLUMNS))
    for added in _ADD.finditer(text):
        if added[2].lower() not in _NO_COLUMNS:
            yield added[1], [Column(added[2], path, _line(text, 0, added.start(2)))]


_TABLE = re.compile(
    r"""(?:\b(?P<variable>\w+)\s*=\s*)?\b(?:\w*[tT]able|createTable)\(\s*['"`](?P<table>\w+)['"`]\s*,\s*\{"""
    r"|\b(?P<convex>\w+)\s*:\s*defineTable\(\s*\{"
    r"|\b(?P<schema>\w+?)(?:_?[sS]chema)?\s*(?::[^=\n]+)?=\s*new\s+(?:\w+\.)?Schema(?:<[^(]*>)?\(\s*\{"
)
_KEY = re.compile(r"""\s*(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*['"]?(\w+)['"]?\s*:""", re.DOTALL)


def _code(path: str, text: str) -> Stated:
    """`pgTable('users', {…})`, `new Schema({…})`, `defineTable({…})`."""
    for made in _TABLE.finditer(text):
        columns = list(_named(_KEY, path, text, made.end()))
        names = {name for name in made.groupdict().values() if name}
        yield from ((name, columns) for name in names)


def _named(name: re.Pattern[str], path: str, text: str, start: int, left_out: Iterable[str] = ()) -> Iterator[Column]:
    """What begins each item of a list in brackets that opens just before `start`."""
    for at in _items(text, start):
        found = name.match(text, at)
        if found is not None and found[1].lower() not in left_out:
            yield Column(found[1], path, _line(text, 0, found.start(1)))


_MARK = re.compile(r"""['"`](?:\\.|[^'"`\\\n])*['"`]|//[^\n]*|--[^\n]*|/\*.*?\*/|[()\[\]{},]""", re.DOTALL)


def _items(text: str, start: int) -> Iterator[int]:
    """Where the items of a list in brackets begin."""
    depth = 0
    yield start
    for mark in _MARK.finditer(text, start):
        if mark[0] in "([{":
            depth += 1
        elif mark[0] in ")]}":
            depth -= 1
            if depth < 0:
                return
        elif mark[0] == "," and depth == 0:
            yield mark.end()


def _line(text: str, offset: int, at: int) -> int:
    return text.count("\n", 0, offset + at) + 1
