"""Where the service is reached by HTTPS, browsers are to come by HTTPS alone."""

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
