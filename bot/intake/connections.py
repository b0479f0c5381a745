"""Connections, as many as a process can bear, and none for longer than anybody needs who means well.

uvicorn has no time for headers and no place for a new connection beside a thousand that say nothing: its own limit
answers everybody with 503. Here headers have a time, a connection has an end, and where all places are taken the one
that has been sending for longest is closed for the newest.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What connections may use."""

    at_once: int
    header_seconds: float = 5.0
    """From the opening to the end of the first headers; h11 itself ends those of more than 64 KB."""

    seconds: float = 60.0
    """From the opening to the last request. Whoever wants more opens another."""


def guarded_protocol(limits: ConnectionLimits) -> type[H11Protocol]:
    """uvicorn's protocol with these limits; the connections of one server share a count."""
    open_connections: dict[_Guarded, None] = {}

    class Guarded(_Guarded):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.limits, self.others = limits, open_connections

    return Guarded


class _Guarded(H11Protocol):
    limits: ConnectionLimits
    others: dict[_Guarded, None]
    """The open ones, the oldest first."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, if need be from another."""
        super().connection_made(transport)
        self.others[self] = None
        if len(self.others) > self.limits.at_once:
            self._make_room()
        self._timers = (
            self.loop.call_later(self.limits.header_seconds, self._expect_headers),
            self.loop.call_later(self.limits.seconds, self._end),
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self.others.pop(self, None)
        for timer in self._timers:
            timer.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse a request whose bytes break the protocol; what was about to answer it by its headers says nothing."""
        super().send_400_response(msg)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def is_sending(self) -> bool:
        """Whether the other side has yet to send something before we can answer, or to ask for anything more."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _make_room(self) -> None:
        given_up = next((other for other in self.others if other.is_sending()), self)
        # At once: the transport says that it is closed only when the loop comes round again.
        del self.others[given_up]
        given_up.transport.abort()

    def _expect_headers(self) -> None:
        if self.cycle is None:
            self.transport.abort()

    def _end(self) -> None:
        """Close once the request that is being answered is, or at once."""
        if not self.transport.is_closing():
            self.shutdown()
