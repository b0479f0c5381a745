"""`POST /webhook`: the body capped, verified, parsed and handed on, then 202; and every other answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bot.intake.events import Event, Ping
from bot.intake.reading import read_event
from bot.intake.signature import BadDelivery, BadSignature, IntakeError, SignedDelivery, verify

log = structlog.get_logger()


class InboxUnavailable(Exception):
    """The delivery could not be stored now: GitHub shows it as failed, and it can be delivered again."""


class BodyTooLarge(IntakeError):
    """The body is larger than GitHub ever sends."""


Inbox = Callable[[SignedDelivery, Event], bool]
"""Stores a delivery with its job; False if it is known already. Raises `InboxUnavailable`."""

Observer = Callable[[str, int], None]
"""Told the event (or `unverified`) and the status of each answer."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the webhook needs to know."""

    secrets: Sequence[SecretStr]
    """Empty in set-up mode: then nothing can be verified, and nothing is taken."""

    body_limit_bytes: int
    inbox: Inbox
    observe: Observer


def webhook_router(intake: Intake) -> APIRouter:
    """The route that GitHub calls."""
    router = APIRouter()

    @router.post("/webhook")
    async def webhook(request: Request) -> Response:
        event, status, reason = await _answer(intake, request)
        intake.observe(event, status)
        log.info("webhook", event_name=event, status=status, reason=reason, guid=_shown_guid(request))
        return Response(reason, status, media_type="text/plain") if status != 204 else Response(status_code=204)

    return router


async def _answer(intake: Intake, request: Request) -> tuple[str, int, str]:
    """The event, the status and a short reason."""
    if not intake.secrets:
        return "unverified", 503, "set-up mode: no GitHub App is configured"
    try:
        body = await _capped_body(request, intake.body_limit_bytes)
        delivery = verify(intake.secrets, request.headers, body)
    except BodyTooLarge as error:
        return "unverified", 413, str(error)
    except BadSignature as error:
        return "unverified", 401, str(error)
    except IntakeError as error:
        return "unverified", 400, str(error)
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


async def _capped_body(request: Request, limit_bytes: int) -> bytes:
    """The body, given up as soon as it is, or says that it will be, too large."""
    too_large = BodyTooLarge(f"the body is larger than {limit_bytes} bytes")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > limit_bytes:
        raise too_large
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit_bytes:
                raise too_large
            parts.append(part)
    except ClientDisconnect:
        raise BadDelivery("the sender went away in the middle of the body") from None
    return b"".join(parts)


def _shown_guid(request: Request) -> str:
    return request.headers.get("x-github-delivery", "")[:100]
