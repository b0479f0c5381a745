"""Classes that decorators make tables of: TypeORM, MikroORM, sequelize-typescript.

https://typeorm.io/docs/relations/many-to-one-one-to-many-relations
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.schema.tables import Place, Reference, Table
from preship.analyzers.schema.typed_text import closing, line_of, opened

MENTIONED = re.compile(rb"^\s*@(Entity|Table)\b", re.MULTILINE)
"""Stands before each such class."""

_CLASS = re.compile(r"^[ \t]*@(?:Entity|Table)\b", re.MULTILINE)
_NAME = re.compile(r"\bclass\s+(\w+)[^{]*\{")
_DECORATOR = re.compile(r"@(\w+)[ \t]*(\()?")
_FIELD = re.compile(r"\s*(?:(?:public|private|protected|readonly|declare)\s+)*(\w+)([?!]?)\s*:\s*([^;=\n]+)")
_GAP = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_TEXT = re.compile(r"""['"`](\w[\w.]*)['"`]""")
_TARGET = re.compile(r"""=>\s*(\w+)|^\s*['"](\w+)['"]|\bentity:\s*(?:\(\)\s*=>\s*)?['"]?(\w+)""")
_NULLABLE = re.compile(r"\b(nullable|allowNull):\s*true\b")
_CASCADE = re.compile(r"""\bonDelete:\s*['"]CASCADE['"]""", re.IGNORECASE)
_ALONE = re.compile(r"\bunique:\s*true\b")
_NAMED = re.compile(r"""\b(?:name|joinColumn|fieldName|tableName):\s*['"`](\w+)['"`]""")

_TO_ONE = frozenset({"ManyToOne", "OneToOne", "BelongsTo"})
_TO_MANY = frozenset({"OneToMany", "ManyToMany", "HasMany"})


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    is_optional: bool
    decorators: dict[str, str]
    """What stands in the parentheses of each."""

    place: Place

    def is_one_of(self, names: frozenset[str]) -> str | None:
        return next((name for name in self.decorators if name in names), None)


def tables_of(path: str, text: str) -> Iterator[Table]:
    """The tables of one file."""
    before = 0
    for made, end in opened(_NAME, text):
        decorators = text[before : made.start()]
        at = max((found.start() for found in _CLASS.finditer(decorators)), default=None)
        if at is not None:
            yield _table(made[1], decorators[at:], tuple(_fields(path, text, made.end(), end)))
        before = end


def _fields(path: str, text: str, start: int, end: int) -> Iterator[_Field]:
    """The fields of a class that have decorators."""
    at = start
    while (found := _DECORATOR.search(text, at, end)) is not None:
        decorators: dict[str, str] = {}
        at = found.start()
        while (each := _DECORATOR.match(text, at)) is not None:
            at = each.end()
            if each[2]:
                closed = closing(text, at - 1)
                decorators[each[1]] = text[at:closed]
                at = closed + 1
            else:
                decorators[each[1]] = ""
            gap = _GAP.match(text, at)
            at = gap.end() if gap else at
        field = _FIELD.match(text, at)
        if field is not None:
            is_optional = field[2] == "?" or "null" in field[3] or any(map(_NULLABLE.search, decorators.values()))
            yield _Field(
                field[1], field[3].strip(), is_optional, decorators, Place(path, line_of(text, field.start(1)))
            )
            at = field.end()


def _table(name: str, decorators: str, fields: tuple[_Field, ...]) -> Table:
    mapped = _NAMED.search(decorators) or _TEXT.search(decorators)
    relations = [f for f in fields if f.is_one_of(_TO_ONE)]
    columns = [f for f in fields if not f.is_one_of(_TO_ONE | _TO_MANY)]
    known = {f.name: f for f in columns}
    references = [r for f in relations if (r := _relation(f, known)) is not None]
    references += [r for f in columns if (r := _foreign(f, references)) is not None]
    added = {r.columns[0]: r for r in references if r.columns[0] not in known}
    return Table(
        name,
        (*known, *added),
        tuple(references),
        {f.name: target for f in fields if f.is_one_of(_TO_MANY) and (target := _target(f))},
        required=frozenset(f.name for f in columns if not f.is_optional)
        | {column for column, r in added.items() if r.is_required},
        places={f.name: f.place for f in (*columns, *(f for f in relations if f.name in added))},
        other_names=(mapped[1],) if mapped else (),
    )


def _target(field: _Field) -> str:
    kind = field.is_one_of(_TO_ONE | _TO_MANY)
    stated = _TARGET.search(field.decorators[kind]) if kind else None
    bare = re.sub(r"\W.*", "", field.kind.removeprefix("Ref<").removeprefix("Relation<"))
    return next((group for group in stated.groups() if group), "") if stated else bare


def _relation(field: _Field, columns: dict[str, _Field]) -> Reference | None:
    """`@ManyToOne(() => User) @JoinColumn({ name: 'owner_id' }) owner: User`."""
    target = _target(field)
    joined = _NAMED.search(" ".join(field.decorators.values()))
    names = (f"{field.name}Id", f"{field.name}_id", joined[1] if joined else "")
    column = next((name for name in names if name in columns), None)
    own = columns.get(column) if column else None
    is_required = not field.is_optional and not (own is not None and own.is_optional)
    # One of two sides of a one-to-one holds the key: the one that says so, or says nothing of the other.
    if not target or (
        "OneToOne" in field.decorators
        and "JoinColumn" not in field.decorators
        and "owner" not in str(field.decorators["OneToOne"])
    ):
        return None
    is_alone = "OneToOne" in field.decorators or any(map(_ALONE.search, field.decorators.values()))
    ends = any(map(_CASCADE.search, field.decorators.values()))
    return Reference((column or field.name,), target, is_required, is_alone, relation=field.name, ends_with_it=ends)


def _foreign(field: _Field, stated: list[Reference]) -> Reference | None:
    """`@ForeignKey(() => User) @Column ownerId: string`."""
    target = _TARGET.search(field.decorators.get("ForeignKey", ""))
    if target is None or any(field.name in reference.columns for reference in stated):
        return None
    return Reference((field.name,), next(group for group in target.groups() if group), not field.is_optional)
