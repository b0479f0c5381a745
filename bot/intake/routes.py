"""`POST /webhook`: headers, then the body verified while it comes, parsed and handed on, then 202; else a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool

from preship.bot.intake.bodies import BodyLimits, BodyRoom, BodyTooLarge, BodyTooSlow, NoRoomForBody
from preship.bot.intake.events import Event, Ping
from preship.bot.intake.reading import read_event
from preship.bot.intake.signature import BadSignature, IntakeError, NotJson, SignedDelivery, Signing, announced

log = structlog.get_logger()


class InboxUnavailable(Exception):
    """The delivery could not be stored now: GitHub shows it as failed, and it can be delivered again."""


Inbox = Callable[[SignedDelivery, Event], bool]
"""Stores a delivery with its job; False if it is known already. Raises `InboxUnavailable`."""

UNVERIFIED = "unverified"
"""In place of the event of what did not prove to come from GitHub."""

_STATUSES = {BadSignature: 401, BodyTooLarge: 413, BodyTooSlow: 408, NotJson: 415, NoRoomForBody: 503}

Observer = Callable[[str, int], None]
"""Given the event (or `unverified`) and the status of each answer, in a thread: it may block."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the webhook needs to know."""

    secrets: Callable[[], Sequence[SecretStr]]
    """What deliveries may be signed with now; none before the set-up: then nothing is taken."""

    bodies: BodyLimits
    inbox: Inbox
    observe: Observer


def webhook_router(intake: Intake) -> APIRouter:
    """The route that GitHub calls."""
    router, room = APIRouter(), BodyRoom(intake.bodies)

    @router.post("/webhook")
    async def webhook(request: Request) -> Response:
        event, status, reason = await _answer(intake, room, request)
        await run_in_threadpool(intake.observe, event, status)
        log.info("webhook", event_name=event, status=status, reason=reason, guid=_shown_guid(request))
        if status == 204:
            return Response(status_code=204)
        # What is refused may not have been read to its end: the rest is not waited for.
        headers = {"Connection": "close"} if event == UNVERIFIED else None
        return Response(reason, status, media_type="text/plain", headers=headers)

    return router


async def _answer(intake: Intake, room: BodyRoom, request: Request) -> tuple[str, int, str]:
    """The event, the status and a short reason."""
    known = intake.secrets()
    if not known:
        return UNVERIFIED, 503, "set-up mode: no GitHub App is registered"
    try:
        delivery = await room.read(request, announced(request.headers), Signing(known))
    except IntakeError as error:
        return UNVERIFIED, _STATUSES.get(type(error), 400), str(error)
    return await _answer_signed(intake, delivery)


async def _answer_signed(intake: Intake, delivery: SignedDelivery) -> tuple[str, int, str]:
    try:
        event = read_event(delivery)
        if event is None:
            return delivery.event, 204, "nothing to do"
        if isinstance(event, Ping):
            return delivery.event, 200, "pong"
        is_new = await run_in_threadpool(intake.inbox, delivery, event)
    except IntakeError as error:
        return delivery.event, 400, str(error)
    except InboxUnavailable:
        return delivery.event, 503, "the delivery could not be stored; please deliver it again later"
    return delivery.event, 202, "accepted" if is_new else "known already"


def _shown_guid(request: Request) -> str:
    return request.headers.get("x-github-delivery", "")[:100]
