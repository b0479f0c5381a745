"""Who stands behind a request: the session of its cookie, and what a route may take for granted after that.

A router of pages depends on `Gate.person`, and one of forms on `Gate.form` besides: no page of theirs can forget it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Form, Request, Response
from itsdangerous import BadSignature, Signer

from preship.bot.store.sessions import Session
from preship.bot.store.store import Store
from preship.bot.web.backend import Backend

KEY = "sessions"
"""The shared key that signs cookies."""


class NotSignedIn(Exception):
    """The page is for people who signed in."""


class NotFound(Exception):
    """There is no such thing, or nothing that this person may know of."""


class Forbidden(Exception):
    """The request does not come from one of our forms, or its sender may not do this. The text is for them."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Reads and writes the cookie."""

    backend: Backend
    public_url: str | None
    _signers: dict[str, Signer] = field(default_factory=dict)

    def session(self, request: Request) -> Session | None:
        """The session of a request, whoever is behind it. Raises `StoreUnavailable`."""
        cookie = request.cookies.get(self._name(request), "")
        store = self.backend.store()
        try:
            secret = self._signer(store).unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None
        return store.sessions.find(secret)

    def person(self, request: Request) -> Session:
        """The session of somebody who signed in. Raises `NotSignedIn`."""
        session = self.session(request)
        if session is None or session.user_id is None:
            raise NotSignedIn
        return session

    def operator(self, request: Request) -> Session:
        """The session of an administrator, or of whoever opened the set-up link. Raises `NotSignedIn`, `Forbidden`."""
        session = self.session(request)
        if session is None or (session.user_id is None and not session.is_setup):
            raise NotSignedIn
        if not (session.is_administrator or session.is_setup):
            raise Forbidden("This page is for the administrators of this service.")
        return session

    def form(self, request: Request, csrf: Annotated[str, Form()] = "") -> None:
        """Let a form pass that we made for this browser. Raises `Forbidden`."""
        session = self.session(request)
        if session is None or not hmac.compare_digest(session.csrf.encode(), csrf.encode("utf-8", "surrogatepass")):
            raise Forbidden(
                "This form is too old, or another site sent it. Open the page again, and send it from there."
            )

    def know(self, request: Request, response: Response, secret: str) -> None:
        """Let the browser remember a session for as long as it runs; the session itself ends earlier."""
        is_secure = self._is_secure(request)
        response.set_cookie(
            self._name(request),
            self._signer(self.backend.store()).sign(secret).decode(),
            secure=is_secure,
            httponly=True,
            # Not `strict`: GitHub leads people back to us.
            samesite="lax",
            path="/",
        )

    def forget(self, request: Request, response: Response) -> None:
        """Let the browser forget its session."""
        response.delete_cookie(
            self._name(request), secure=self._is_secure(request), httponly=True, samesite="lax", path="/"
        )

    def address(self, request: Request) -> str:
        """How this browser reaches us, without a slash at the end."""
        app = self.backend.app()
        return self.public_url or (app and app.public_url) or str(request.base_url).rstrip("/")

    def _name(self, request: Request) -> str:
        # https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        return "__Host-preship" if self._is_secure(request) else "preship"

    def _is_secure(self, request: Request) -> bool:
        return self.address(request).startswith("https://") or request.url.scheme == "https"

    def _signer(self, store: Store) -> Signer:
        if KEY not in self._signers:
            self._signers[KEY] = Signer(store.registration.key(KEY), salt="preship session")
        return self._signers[KEY]


def root(request: Request) -> str:
    """The way from a page to the first one, whatever path a proxy puts in front of ours."""
    return "../" * (request.url.path.count("/") - 1) or "./"
