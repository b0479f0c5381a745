"""What holds for every answer: who reaches us by HTTPS comes by it alone; and HEAD is GET less a body."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A year, as https://hstspreload.org asks for; the operator's other hosts are none of our business.
_POLICY = "max-age=31536000"


class OnlyHttps:
    """Adds `Strict-Transport-Security` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Strict-Transport-Security"] = _POLICY
            await send(message)

        await self._app(scope, receive, sending)


class AnswersHead:
    """Answers `HEAD` wherever `GET` is answered: https://www.rfc-editor.org/rfc/rfc9110#name-head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, sending)
