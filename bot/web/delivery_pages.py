"""Deliveries of the repositories that somebody sees on GitHub, and their being served once more.

Every route asks who is there and whether the delivery is theirs to see; what is not, is not there.
"""

# No postponed annotations: those of routes name what only their function knows.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from preship.bot.store.deliveries import State
from preship.bot.store.listings import DeliveryRow
from preship.bot.web.gate import Forbidden, Gate, NotFound, root
from preship.bot.web.rendering import redirect
from preship.bot.web.visitor import Visitor
from preship.bot.web.words import CAUSES, TONES

_PAGE = 50
_Before = Annotated[int | None, Query(ge=1, lt=2**63)]


def delivery_router(gate: Gate, visitor: Callable[[Request], Visitor]) -> APIRouter:
    """`/deliveries`."""
    router = APIRouter()
    Somebody = Annotated[Visitor, Depends(visitor)]  # noqa: N806

    @router.get("/deliveries")
    def deliveries(who: Somebody, before: _Before = None, failed: bool = False) -> Response:
        return _deliveries(gate, who, before, only_failed=failed)

    @router.get("/deliveries/{guid}")
    def delivery(who: Somebody, guid: str) -> Response:
        return _delivery(gate, who, _own_delivery(gate, who, guid))

    @router.post("/deliveries/{guid}/retry", dependencies=[Depends(gate.form)])
    def retry(who: Somebody, guid: str) -> Response:
        found = _writable(who, _own_delivery(gate, who, guid))
        if gate.backend.store().deliveries.retry(found.guid):
            gate.backend.store().registration.note(who.session.login, "retried", found.repository_id, found.guid)
        return redirect(f"{root(who.request)}deliveries/{found.guid}")

    @router.post("/deliveries/{guid}/replay", dependencies=[Depends(gate.form)])
    def replay(who: Somebody, guid: str) -> Response:
        found = _writable(who, _own_delivery(gate, who, guid))
        made = gate.backend.store().deliveries.replay(found.guid, who.session.login)
        if made is not None:
            gate.backend.store().registration.note(who.session.login, "replayed", found.repository_id, found.guid)
        return redirect(f"{root(who.request)}deliveries/{made or found.guid}")

    return router


def _deliveries(gate: Gate, who: Visitor, before: int | None, *, only_failed: bool) -> Response:
    rows = gate.backend.store().listings.deliveries(list(who.repositories), _PAGE, before, only_failed=only_failed)
    return who.page(
        "deliveries.html",
        "deliveries",
        rows=[row for _, row in rows],
        writable={each.id for each in who.repositories.values() if each.may_write},
        only_failed=only_failed,
        older=rows[-1][0] if len(rows) == _PAGE else None,
        tones=TONES,
        causes=CAUSES,
    )


def _delivery(gate: Gate, who: Visitor, found: DeliveryRow) -> Response:
    return who.page(
        "delivery.html",
        "deliveries",
        row=found,
        repository=who.own(found.repository_id),
        reviews=gate.backend.store().listings.reviews_of(found.repository_id, found.number),
        may_retry=found.state == State.FAILED,
        may_replay=found.state != State.QUEUED and found.number > 0,
        tones=TONES,
        causes=CAUSES,
    )


def _own_delivery(gate: Gate, who: Visitor, guid: str) -> DeliveryRow:
    # Postgres keeps no text with a zero in it, and is not asked for one.
    found = None if "\0" in guid else gate.backend.store().listings.delivery(guid[:200])
    if found is None or found.repository_id not in who.repositories:
        raise NotFound
    return found


def _writable(who: Visitor, found: DeliveryRow) -> DeliveryRow:
    if not who.own(found.repository_id).may_write:
        raise Forbidden("Only people with write access to the repository may ask for its reviews.")
    return found
