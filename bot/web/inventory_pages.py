"""The live inventory of a repository: everything that answers requests, and who may read and change what by it.

Every route asks who is there and whether the repository is theirs to see; what is not, is not there.
"""

# No postponed annotations: those of routes name what only their function knows.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from preship.bot.store.inventories import Counting
from preship.bot.web.gate import Forbidden, Gate, NotFound, root
from preship.bot.web.inventory import Anonymous, Inventory, Kind, ReadInventories, Wish, part_of
from preship.bot.web.rendering import redirect
from preship.bot.web.visitor import Visitor

_Number = Annotated[int, Path(ge=1, lt=2**63)]
_From = Annotated[int, Query(ge=0, lt=2**31, alias="from")]
_Text = Annotated[str, Query(max_length=200)]


def inventory_router(gate: Gate, visitor: Callable[[Request], Visitor]) -> APIRouter:
    """`/repositories/{id}/inventory`."""
    router, read = APIRouter(), ReadInventories()
    Somebody = Annotated[Visitor, Depends(visitor)]  # noqa: N806

    @router.get("/repositories/{repository_id}/inventory")
    def inventory(
        who: Somebody,
        repository_id: _Number,
        kind: Kind = "",
        anonymous: Anonymous = "",
        text: _Text = "",
        first: _From = 0,
    ) -> Response:
        return _inventory(gate, who, repository_id, Wish(kind, anonymous, text.strip(), first), read)

    @router.post("/repositories/{repository_id}/inventory/count", dependencies=[Depends(gate.form)])
    def count(who: Somebody, repository_id: _Number) -> Response:
        one, store = who.own(repository_id), gate.backend.store()
        if not one.may_write:
            raise Forbidden("Only people with write access to the repository may ask for its inventory.")
        if store.deliveries.ask_for_inventory(one.id, one.full_name, one.installation, who.session.login):
            store.registration.note(who.session.login, "counted the actions", one.id, one.full_name)
        return redirect(f"{root(who.request)}repositories/{one.id}/inventory")

    return router


def _inventory(gate: Gate, who: Visitor, repository_id: int, wish: Wish, read: ReadInventories) -> Response:
    one, app, inventories = who.own(repository_id), gate.backend.app(), gate.backend.store().inventories
    if app is None:
        raise NotFound
    inventory, counting = read.of(inventories, one.id), inventories.counting(one.id)
    forge = f"{app.git_url}/{one.full_name}"
    return who.page(
        "inventory.html",
        "reviews",
        one=one,
        inventory=inventory,
        matrix=inventory.matrix if inventory else None,
        counting=_shown(counting, inventory),
        part=part_of(inventory, wish) if inventory else None,
        wish=wish,
        source=f"{forge}/blob/{inventory.row.commit_sha}" if inventory else "",
        commit=f"{forge}/commit/{inventory.row.commit_sha}" if inventory else "",
    )


def _shown(counting: Counting | None, inventory: Inventory | None) -> Counting | None:
    """The last request, as long as it says more than what it came to."""
    is_over = counting is not None and inventory is not None and inventory.row.counted_at > counting.received_at
    return None if is_over and counting is not None and counting.state == "done" else counting
