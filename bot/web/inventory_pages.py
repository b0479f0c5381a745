"""The live inventory of a repository: everything that answers requests, and who may read and change what by it.

Every route asks who is there and whether the repository is theirs to see; what is not, is not there.
"""

# No postponed annotations: those of routes name what only their function knows.
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError

from preship.analyzers.analysis import ANONYMOUS, Answer, Entrance, Matrix
from preship.bot.report.matrix_format import (
    HEADINGS,
    WORDS,
    access_for,
    columns_of,
    roles_of,
    row_of,
)
from preship.bot.store.inventories import Counting, InventoryRow
from preship.bot.web.gate import Forbidden, Gate, NotFound, root
from preship.bot.web.rendering import redirect
from preship.bot.web.visitor import Visitor

_PAGE = 100
_MATRICES = TypeAdapter(Matrix)
_TONES: dict[Answer | None, str] = {Answer.YES: "bad", Answer.UNSEEN: "warn"}
"""What anonymous callers may do stands out."""

_Number = Annotated[int, Path(ge=1, lt=2**63)]
_From = Annotated[int, Query(ge=0, lt=2**31, alias="from")]


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
class Counts:
    """The whole matrix in figures."""

    kinds: tuple[tuple[str, int], ...]
    anonymous: tuple[tuple[str, int], ...]
    """How many entrances let anonymous callers do anything: yes, no, could not see."""


def inventory_router(gate: Gate, visitor: Callable[[Request], Visitor]) -> APIRouter:
    """`/repositories/{id}/inventory`."""
    router = APIRouter()
    Somebody = Annotated[Visitor, Depends(visitor)]  # noqa: N806

    @router.get("/repositories/{repository_id}/inventory")
    def inventory(who: Somebody, repository_id: _Number, first: _From = 0) -> Response:
        return _inventory(gate, who, repository_id, first)

    @router.post("/repositories/{repository_id}/inventory/count", dependencies=[Depends(gate.form)])
    def count(who: Somebody, repository_id: _Number) -> Response:
        one, store = who.own(repository_id), gate.backend.store()
        if not one.may_write:
            raise Forbidden("Only people with write access to the repository may ask for its inventory.")
        if store.deliveries.ask_for_inventory(one.id, one.full_name, one.installation, who.session.login):
            store.registration.note(who.session.login, "counted the actions", one.id, one.full_name)
        return redirect(f"{root(who.request)}repositories/{one.id}/inventory")

    return router


def _inventory(gate: Gate, who: Visitor, repository_id: int, first: int) -> Response:
    one, app, inventories = who.own(repository_id), gate.backend.app(), gate.backend.store().inventories
    if app is None:
        raise NotFound
    row, counting = inventories.of(one.id), inventories.counting(one.id)
    matrix = _matrix(row)
    return who.page(
        "inventory.html",
        "reviews",
        one=one,
        row=row,
        matrix=matrix,
        is_outdated=row is not None and matrix is None,
        counting=_shown(counting, row),
        counts=_counts(matrix) if matrix else None,
        columns=columns_of(matrix) if matrix else (),
        blocks=list(_blocks(matrix, first)) if matrix else [],
        first=first,
        more=first + _PAGE if matrix and len(matrix.entrances) > first + _PAGE else None,
        before=max(0, first - _PAGE) if first else None,
        source=f"{app.git_url}/{one.full_name}/blob/{row.commit_sha}" if row else "",
        commit=f"{app.git_url}/{one.full_name}/commit/{row.commit_sha}" if row else "",
    )


def _matrix(row: InventoryRow | None) -> Matrix | None:
    """What was counted; None where another version did, in words that this one does not know."""
    try:
        return _MATRICES.validate_json(row.matrix) if row else None
    except ValidationError:
        return None


def _shown(counting: Counting | None, row: InventoryRow | None) -> Counting | None:
    """The last request, as long as it says more than what it came to."""
    is_over = counting is not None and row is not None and row.counted_at > counting.received_at
    return None if is_over and counting is not None and counting.state == "done" else counting


def _counts(matrix: Matrix) -> Counts:
    kinds = Counter(each.kind for each in matrix.entrances)
    anonymous = Counter(access_for(each, ANONYMOUS).answer for each in matrix.entrances)
    return Counts(
        tuple((title, kinds[kind]) for kind, title in HEADINGS.items()),
        tuple((word, anonymous[answer]) for answer, word in WORDS.items()),
    )


def _blocks(matrix: Matrix, first: int) -> Iterator[tuple[str, list[Row]]]:
    """A page of rows under their headings, with columns that are the same on every page."""
    columns, roles = columns_of(matrix), roles_of(matrix)
    for kind, entrances in groupby(matrix.entrances[first : first + _PAGE], lambda each: each.kind):
        yield HEADINGS[kind], [_row(each, columns, roles) for each in entrances]


def _row(entrance: Entrance, columns: Sequence[str], roles: Sequence[str]) -> Row:
    row = row_of(entrance, columns, roles)
    cells = tuple(
        Cell(column, each.says, _TONES.get(each.answer, "") if column == ANONYMOUS else "")
        for column, each in zip(columns, row.cells, strict=True)
    )
    return Row(row.name, row.place, cells, row.guards)
