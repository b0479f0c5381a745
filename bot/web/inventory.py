"""Inventories as their pages show them: read once, narrowed down, and some rows at a time.

To read the matrix of 2,000 entrances takes ten times as long as to make a page of it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError

from preship.analyzers.analysis import ANONYMOUS, Answer, Entrance, Matrix
from preship.bot.report.matrix_format import HEADINGS, WORDS, access_for, columns_of, roles_of, row_of
from preship.bot.store.inventories import Inventories, InventoryRow

PAGE = 50

_MOST_KEPT = 10
"""Inventories in the memory of a process: one of 2,000 entrances takes some megabytes."""

_MATRICES = TypeAdapter(Matrix)
_TONES: dict[Answer | None, str] = {Answer.YES: "bad", Answer.UNSEEN: "warn"}
"""What anonymous callers may do stands out."""

Kind = Literal["", "action", "page", "route"]
Anonymous = Literal["", "yes", "no", "unseen"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one kind of caller may do."""

    caller: str
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entrance."""

    name: str
    place: str
    """`path:line`"""

    cells: tuple[Cell, ...]
    guards: tuple[str, ...]
    """The checks that decide, as `path:line`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Entrances that a page can be narrowed to."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was counted, and what every page of it shows."""

    row: InventoryRow
    """Without its matrix, which stands below."""

    matrix: Matrix | None
    """None where another version counted, in words that this one does not know."""

    columns: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[Choice, ...] = ()
    anonymous: tuple[Choice, ...] = ()
    """By what anonymous callers may do."""


@dataclass(slots=True)
class ReadInventories:
    """The inventories that were looked at last, each until it is counted again."""

    _known: dict[int, Inventory] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, inventories: Inventories, repository_id: int) -> Inventory | None:
        """That of a repository; None where none was counted. Raises `StoreUnavailable`."""
        known = self._known.get(repository_id)
        if known is not None and known.row.counted_at == inventories.counted_at(repository_id):
            return known
        row = inventories.of(repository_id)
        if row is None:
            return None
        read = _inventory(row)
        with self._lock:
            self._known.pop(repository_id, None)
            while len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[repository_id] = read
        return read


def _inventory(row: InventoryRow) -> Inventory:
    head = replace(row, matrix="")
    try:
        matrix = _MATRICES.validate_json(row.matrix)
    except ValidationError:
        return Inventory(head, None)
    kinds = Counter(each.kind for each in matrix.entrances)
    anonymous = Counter(access_for(each, ANONYMOUS).answer for each in matrix.entrances)
    return Inventory(
        head,
        matrix,
        columns_of(matrix),
        roles_of(matrix),
        tuple(Choice(kind, title, kinds[kind]) for kind, title in HEADINGS.items()),
        tuple(Choice(answer, word, anonymous[answer]) for answer, word in WORDS.items()),
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of an inventory; empty fields ask for nothing."""

    kind: Kind = ""
    anonymous: Anonymous = ""
    text: str = ""
    """A part of the name or the path, whatever its case."""

    first: int = 0
    """The first row, from 0 on."""

    @property
    def narrows(self) -> bool:
        """Whether some entrances are left out."""
        return bool(self.kind or self.anonymous or self.text)

    def starting_at(self, first: int) -> str:
        """The address of another page with the same wish, from this one."""
        fields = {"kind": self.kind, "anonymous": self.anonymous, "text": self.text, "from": first or ""}
        return "?" + urlencode({name: value for name, value in fields.items() if value})

    def wants(self, entrance: Entrance) -> bool:
        """Whether an entrance is meant."""
        wanted = self.text.lower()
        return (
            self.kind in ("", entrance.kind)
            and self.anonymous in ("", access_for(entrance, ANONYMOUS).answer)
            and (wanted in entrance.name.lower() or wanted in entrance.path.lower())
        )


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one page."""

    blocks: tuple[tuple[str, tuple[Row, ...]], ...]
    """Under their headings."""

    first: int
    last: int
    """The first and the last of them, as people count; both 0 where there is none."""

    count: int
    """Of all pages."""

    before: str | None
    after: str | None
    """The addresses of the pages around this one."""


def part_of(inventory: Inventory, wish: Wish) -> Part:
    """What a page shows. Its columns are the same on every page."""
    wanted = [each for each in inventory.matrix.entrances if wish.wants(each)] if inventory.matrix else []
    shown = wanted[wish.first : wish.first + PAGE]
    end = wish.first + PAGE
    return Part(
        tuple(_blocks(inventory, shown)),
        wish.first + 1 if shown else 0,
        wish.first + len(shown) if shown else 0,
        len(wanted),
        wish.starting_at(max(0, wish.first - PAGE)) if wish.first else None,
        wish.starting_at(end) if len(wanted) > end else None,
    )


def _blocks(inventory: Inventory, shown: Sequence[Entrance]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    for kind, entrances in groupby(shown, lambda each: each.kind):
        yield HEADINGS[kind], tuple(_row(each, inventory) for each in entrances)


def _row(entrance: Entrance, inventory: Inventory) -> Row:
    row = row_of(entrance, inventory.columns, inventory.roles)
    cells = tuple(
        Cell(column, each.says, _TONES.get(each.answer, "") if column == ANONYMOUS else "")
        for column, each in zip(inventory.columns, row.cells, strict=True)
    )
    return Row(row.name, row.place, cells, row.guards)
