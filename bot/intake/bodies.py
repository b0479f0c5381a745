"""Bodies that are not verified yet: signed while they come, on the disk where large, and only a few large at a time.

Anybody can begin a body and never end it. So a body has a time, a large one needs one of a few places, and where none
is free the one that has been coming for longest gives its place up: a delivery of GitHub's comes within a second.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from preship.bot.intake.signature import Announced, BadDelivery, IntakeError, SignedDelivery, Signing

_SMALL_BYTES = 64 * 1024
"""What stays in memory: most deliveries are smaller."""


class BodyTooLarge(IntakeError):
    """The body is larger than GitHub ever sends."""


class BodyTooSlow(IntakeError):
    """The body did not come in time, or others came that needed its place."""


class NoRoomForBody(IntakeError):
    """The body cannot be kept while it comes: it can be delivered again later."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What bodies may use."""

    bytes: int
    """The largest; what announces more is refused unread."""

    seconds: float = 10.0
    """How long one may take; GitHub gives up after ten seconds as well."""

    large_at_once: int = 8
    """How many large ones there may be at a time, each on the disk."""


class BodyRoom:
    """Where bodies are read."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._large: dict[asyncio.Timeout, None] = {}
        """The times of the large ones, the oldest first."""

    async def read(self, request: Request, said: Announced, signing: Signing) -> SignedDelivery:
        """The delivery, once its body has come and is signed as its headers say. Raises `IntakeError`."""
        self._check_size(_announced_size(request))
        try:
            async with asyncio.timeout(self._limits.seconds) as time:
                body = await self._read(request, said, signing, time)
        except TimeoutError:
            raise BodyTooSlow("the body did not come in time") from None
        except ClientDisconnect:
            raise BadDelivery("the sender went away in the middle of the body") from None
        return SignedDelivery(said.guid, said.event, body)

    async def _read(self, request: Request, said: Announced, signing: Signing, time: asyncio.Timeout) -> bytes:
        try:
            return await self._read_with_room(request, said, signing, time)
        except OSError as error:
            raise NoRoomForBody("there is no room for the body on this machine's disk") from error

    async def _read_with_room(
        self, request: Request, said: Announced, signing: Signing, time: asyncio.Timeout
    ) -> bytes:
        size = 0
        with tempfile.SpooledTemporaryFile(_SMALL_BYTES) as kept, self._place(time) as take_place:
            async for part in request.stream():
                size += len(part)
                self._check_size(size)
                if size > _SMALL_BYTES:
                    take_place()
                signing.update(part)
                kept.write(part)
            signing.check(said)
            kept.seek(0)
            return kept.read()

    def _check_size(self, size: int) -> None:
        if size > self._limits.bytes:
            raise BodyTooLarge(f"the body is larger than {self._limits.bytes} bytes")

    @contextmanager
    def _place(self, time: asyncio.Timeout) -> Iterator[Callable[[], None]]:
        """Gives what takes a place for a large body, at most once; it is free again at the end."""

        def take() -> None:
            if time in self._large:
                return
            if len(self._large) >= self._limits.large_at_once:
                oldest = next(iter(self._large))
                del self._large[oldest]
                oldest.reschedule(asyncio.get_running_loop().time())
            self._large[time] = None

        try:
            yield take
        finally:
            self._large.pop(time, None)


def _announced_size(request: Request) -> int:
    announced = request.headers.get("content-length", "0")
    return int(announced[:20]) if announced.isdecimal() else 0
