"""`/sign-in` and `/sign-out`: people come by GitHub, through the app that reviews."""

# No postponed annotations: those of routes name what only their function knows.
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from preship.bot.credentials import App
from preship.bot.store.sessions import Session
from preship.bot.web.gate import Forbidden, Gate, root
from preship.bot.web.oauth import SignIn, new_verifier
from preship.bot.web.rendering import page, redirect

_WAY = "sign-in"
_OWN_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9_=&%.-]*)?")
"""Where a sign-in may lead to: below our own address, and nowhere else."""


def sign_in_router(gate: Gate, timeout_seconds: float) -> APIRouter:
    """Sign in, come back, sign out."""
    router = APIRouter()

    @router.get("/sign-in")
    def sign_in(request: Request, to: str = "") -> Response:
        app = gate.backend.app()
        can = app is not None and app.signs_people_in
        return page("sign_in.html", root=root(request), can=can, to=_own(to), app=app)

    @router.get("/sign-in/github")
    def to_github(request: Request, to: str = "") -> Response:
        return _to_github(gate, request, _way(gate, request, timeout_seconds), _own(to))

    @router.get("/sign-in/callback")
    def callback(request: Request, code: str = "", state: str = "") -> Response:
        return _back(gate, request, _way(gate, request, timeout_seconds), code, state)

    @router.post("/sign-out", dependencies=[Depends(gate.form)])
    def sign_out(request: Request, session: Annotated[Session, Depends(gate.person)]) -> Response:
        gate.backend.store().sessions.end(session)
        response = redirect(root(request))
        gate.forget(request, response)
        return response

    return router


def _to_github(gate: Gate, request: Request, way: SignIn, to: str) -> Response:
    """Begin the way, in a session of its own where the browser has none yet."""
    sessions, secret, session = gate.backend.store().sessions, None, gate.session(request)
    if session is None:
        secret = sessions.begin()
        session = sessions.find(secret)
    if session is None:
        raise Forbidden("This visit is over before it began: is this server’s database full, or its clock wrong?")
    verifier = new_verifier()
    state = sessions.begin_way(session, _WAY, {"verifier": verifier, "to": to})
    response = redirect(way.address(state, verifier))
    if secret is not None:
        gate.know(request, response, secret)
    return response


def _back(gate: Gate, request: Request, way: SignIn, code: str, state: str) -> Response:
    """End the way: whoever comes back with a code that GitHub gave for it is signed in."""
    store, session = gate.backend.store(), gate.session(request)
    begun = store.sessions.end_way(session, _WAY, state) if session else None
    if session is None or begun is None:
        raise Forbidden("This sign-in was not begun in this browser, or is over. Sign in again.")
    if not code:
        return redirect(f"{root(request)}sign-in")
    person = way.person(code, begun["verifier"])
    if session.is_setup and store.registration.appoint_first(person.id, person.login):
        begun["to"] = "setup"
        store.sessions.end_setup()
    secret = store.sessions.sign_in(session, person.id, person.login, person.token, person.seconds)
    response = redirect(f"{root(request)}{begun['to'] or 'reviews'}")
    gate.know(request, response, secret)
    return response


def _way(gate: Gate, request: Request, timeout_seconds: float) -> SignIn:
    app: App | None = gate.backend.app()
    if app is None or not app.signs_people_in:
        raise Forbidden("Nobody can sign in yet: the app’s client id and client secret are not known here.")
    return SignIn(app, f"{gate.address(request)}/sign-in/callback", timeout_seconds)


def _own(to: str) -> str:
    """A path of ours; empty for anything else."""
    return to if _OWN_PATH.fullmatch(to) else ""
