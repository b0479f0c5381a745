"""Tables, their columns, and which tables their columns refer to. Knows nothing of what a table means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from preship.analyzers.conventions.keys import SERVICE_COLUMN
from preship.analyzers.conventions.tables import SIGN_IN_TABLE

LONGEST_NAME = 100
"""Characters of a name that are looked at; databases take 63 or 128."""

_NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: columns of a table that name a row of another one, or of itself."""

    columns: tuple[str, ...]
    """Several where all of them together name the row: `(towerId, organizationId)`."""

    table: str
    """As the schema calls it."""

    is_required: bool = True
    """Whether each row has one."""

    is_unique: bool = False
    """Whether each row of the other table is named by one row at most: a profile of a user."""

    relation: str | None = None
    """Under which name the other row is written, where the schema gives it one (Prisma)."""

    ends_with_it: bool = False
    """Whether a row is deleted with the one that it names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a schema states something."""

    path: str
    line: int
    """Counts from 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table, collection or model."""

    name: str
    """What the schema and the code call it."""

    columns: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The relations that hold rows of other tables (Prisma): `{ "notes": "Note" }`."""

    required: frozenset[str] = frozenset()
    """The columns that are filled in each row, as far as the schema says so."""

    places: Mapping[str, Place] = field(default_factory=dict, hash=False)
    """Where each column is stated."""

    words: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Of columns that hold one of a few words, all of these."""

    judged_by: frozenset[str] = frozenset()
    """The words of the policies by which the database judges who writes rows; none where it does not."""

    signs_in: bool = False
    """Whether the schema itself says that its rows are accounts."""

    is_shown_to_all: bool = False
    """Whether a policy of the database gives every row to whoever asks."""

    other_names: tuple[str, ...] = ()
    """What the database calls it (`@@map`), or the variable that holds it."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *self.other_names)

    def with_references(self, references: tuple[Reference, ...]) -> Table:
        """The same table, referring to others."""
        return replace(self, references=references)

    def related(self, relation: str) -> str:
        """The table that a relation leads to: by the schema, or else by its own name."""
        stated = (reference.table for reference in self.references if reference.relation == relation)
        return next(stated, self.lists.get(relation, relation))


@lru_cache(maxsize=1 << 14)
def canonical(name: str) -> str:
    """A name without what conventions differ in: `organization_id` and `organizationId` are one."""
    return _NO_NAME.sub("", name[:LONGEST_NAME].lower())


def singular(name: str) -> str:
    """A canonical name of one thing: `companies` is `company`."""
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes", "ches", "shes", "zes")):
        return name[:-2]
    if name.endswith("lves"):
        return f"{name[:-3]}f"
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


class Tables:
    """The tables of one schema, found by whatever they are called."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._by_name: dict[str, Table] = {}
        self.all: tuple[Table, ...] = tuple(tables)
        for table in self.all:
            self._by_name.setdefault(canonical(table.name), table)
        for table in self.all:
            for name in table.other_names:
                self._by_name.setdefault(canonical(name), table)
        for name, table in tuple(self._by_name.items()):
            self._by_name.setdefault(singular(name), table)

    def __bool__(self) -> bool:
        return bool(self.all)

    def get(self, name: str) -> Table | None:
        """The table of a name, whether it is said of one row or of all: `deal_buyers`, `dealBuyer`."""
        bare = canonical(name.rpartition(".")[2])
        return self._by_name.get(bare) or self._by_name.get(singular(bare))

    def named_by(self, column: str) -> Table | None:
        """The table whose row a column names by convention: `homeClubId` a club, `project_ids` a project."""
        if SERVICE_COLUMN.matches(column):
            return None
        found = next((found for word in last_words(column) if (found := self.get(word)) is not None), None)
        return found if found is not None and not SIGN_IN_TABLE.matches(canonical(found.name)) else None


_SUFFIX = re.compile(r"(?<=[a-z0-9])(_?[Ii]ds?|ID|IDs|_?[Uu]u[Ii]ds?)$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def last_words(column: str) -> Iterator[str]:
    """What a column that names a row may name, the longest first: `homeClubId` a `homeClub`, or a `Club`."""
    column = column[:LONGEST_NAME]
    bare = _SUFFIX.sub("", column)
    if bare != column:
        words = _WORD.findall(bare)
        yield from ("".join(words[at:]) for at in range(len(words)))


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters: `usersToClinics` and `users_to_clinics` have the same."""
    return [word.lower() for word in _WORD.findall(name[:LONGEST_NAME])]


def names_a_row(column: str) -> bool:
    """Whether a column names a row of some table, or several of them, by the convention of every schema language."""
    return _SUFFIX.search(column) is not None
