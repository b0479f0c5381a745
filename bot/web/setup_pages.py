"""`/setup`: from nothing to an app that GitHub knows, an administrator, an installation, and a delivery that came.

Only whoever reads the log may begin: it shows a link with a key, which is good until there is an administrator.
"""

# No postponed annotations: those of routes name what only their function knows.
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, SecretStr

from preship.bot.credentials import App
from preship.bot.github.access import GitHubAccess
from preship.bot.github.registering import AppItself, api_url_of, convert_manifest
from preship.bot.review.forge import ForgeError
from preship.bot.store.sessions import Session
from preship.bot.web.gate import Forbidden, Gate, NotSignedIn, root
from preship.bot.web.registration import EVENTS, PERMISSIONS, Plan, is_unreachable, problems, unique_name
from preship.bot.web.rendering import page, redirect

log = structlog.get_logger()

KEY = "set-up"
"""The shared key that opens the set-up page."""

_WAY = "registration"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the environment says of GitHub."""

    git_url: str
    api_url: str
    timeout_seconds: float


class Wished(BaseModel):
    """What the address of the page may say; what is empty has a default."""

    key: str = ""
    github: str = ""
    organization: str = ""
    name: str = ""
    address: str = ""
    there: bool = False
    """Whether the browser was led to that address, whatever a proxy tells us of where it is."""

    def query(self) -> str:
        """The same as a part of an address."""
        return urlencode(self.model_dump(mode="json", exclude_defaults=True))


def setup_router(gate: Gate, defaults: Defaults) -> APIRouter:
    """The page, and where GitHub leads back to it."""
    router, forms = APIRouter(), [Depends(gate.operator), Depends(gate.form)]
    Operator = Annotated[Session, Depends(gate.operator)]  # noqa: N806

    @router.get("/setup")
    def setup(request: Request, wished: Annotated[Wished, Query()]) -> Response:
        return _opened(gate, request, wished) if wished.key else _first_page(gate, request, wished, defaults)

    @router.get("/setup/registered")
    def registered(request: Request, session: Operator, code: str = "", state: str = "") -> Response:
        return _registered(gate, request, session, defaults, code, state)

    @router.post("/setup/test", dependencies=forms)
    def test(request: Request) -> Response:
        with suppress(ValueError):
            _itself(_app(gate), defaults).send_last_again()
        return redirect(f"{root(request)}setup#delivery")

    @router.post("/setup/rotate", dependencies=forms)
    def rotate(request: Request) -> Response:
        _rotate(gate, _app(gate), defaults)
        return redirect(f"{root(request)}setup")

    @router.get("/setup/heard", dependencies=[Depends(gate.operator)])
    def heard(request: Request, since: Annotated[str, Query(max_length=40)] = "") -> Response:
        """For the page that waits: whether something came that it does not show yet."""
        last = gate.backend.store().registration.heard_last()
        return Response("" if last is None or last[1].isoformat() == since else last[0], media_type="text/plain")

    return router


def _first_page(gate: Gate, request: Request, wished: Wished, defaults: Defaults) -> Response:
    try:
        session = gate.operator(request)
    except NotSignedIn:
        if gate.backend.store().registration.has_administrator():
            raise
        return page("setup_locked.html", 403, root=root(request))
    organization = wished.organization.strip()
    plan = Plan(
        (wished.github.strip() or defaults.git_url).rstrip("/"),
        organization,
        wished.name.strip() or unique_name(organization),
        (wished.address.strip() or gate.address(request)).rstrip("/"),
    )
    elsewhere = "" if wished.there else _elsewhere(gate, request, session, plan)
    return _setup_page(gate, request, session, plan, defaults, elsewhere)


def _elsewhere(gate: Gate, request: Request, session: Session, plan: Plan) -> str:
    """The address to go on at, where GitHub will lead the browser to another one than it is at; else empty.

    A browser is known by its cookie, and there it has none.
    """
    is_there = urlsplit(plan.public_url).netloc.lower() == request.base_url.netloc.lower()
    if is_there or gate.backend.app() is not None or not session.is_setup or problems(plan):
        return ""
    wished = Wished(
        key=gate.backend.store().registration.key(KEY),
        github=plan.git_url,
        organization=plan.organization,
        name=plan.name,
        address=plan.public_url,
        there=True,
    )
    return f"{plan.public_url}/setup?{wished.query()}"


def _registered(gate: Gate, request: Request, session: Session, defaults: Defaults, code: str, state: str) -> Response:
    """Take the app that GitHub hands over at the end of the way that this browser began."""
    store = gate.backend.store()
    begun = store.sessions.end_way(session, _WAY, state)
    if begun is None or not code:
        raise Forbidden("This registration was not begun in this browser, or is over. Begin again on the set-up page.")
    app = _converted(code, begun["git_url"], begun["public_url"], defaults)
    if not store.registration.register(app):
        raise Forbidden("Another app was registered meanwhile, and stays. Delete this one on GitHub.")
    gate.backend.renew_app()
    log.info("a GitHub App is registered", app=app.slug)
    return redirect(f"{root(request)}setup")


def _rotate(gate: Gate, app: App, defaults: Defaults) -> None:
    """Accept a new secret of deliveries, and then let GitHub sign with it: no delivery falls between the two."""
    if not app.is_registered_here:
        raise Forbidden(
            "The environment holds this app’s secrets: set PRESHIP_WEBHOOK_SECRET_PREVIOUS, and start again."
        )
    fresh = secrets.token_hex(32)
    gate.backend.store().registration.rotate(fresh)
    gate.backend.renew_app()
    _itself(app, defaults).change_secret(fresh)


def _opened(gate: Gate, request: Request, wished: Wished) -> Response:
    """Know the browser that brought the key, and take the key out of its address bar."""
    store = gate.backend.store()
    expected = store.registration.key(KEY)
    if store.registration.has_administrator():
        raise NotSignedIn
    if not hmac.compare_digest(expected.encode(), wished.key.encode("utf-8", "surrogatepass")):
        return page("setup_locked.html", 403, root=root(request))
    rest = wished.model_copy(update={"key": ""}).query()
    response = redirect(f"{root(request)}setup{'?' if rest else ''}{rest}")
    gate.know(request, response, store.sessions.begin(is_setup=True))
    return response


def _setup_page(
    gate: Gate, request: Request, session: Session, plan: Plan, defaults: Defaults, elsewhere: str
) -> Response:
    store, app = gate.backend.store(), gate.backend.app()
    wrong = problems(plan)
    state = ""
    if app is None and not wrong and not elsewhere:
        details = {"git_url": plan.git_url, "public_url": plan.public_url}
        state = store.sessions.begin_way(session, _WAY, details)
    parts, identity = urlsplit(plan.git_url), None
    if app is not None:
        # What GitHub does not tell now, it may tell the next time: the page stands without.
        with suppress(ForgeError, ValueError):
            identity = _itself(app, defaults).identity()
    return page(
        "setup.html",
        form_target="" if wrong else f"{parts.scheme}://{parts.netloc}",
        root=root(request),
        session=session,
        app=app,
        identity=identity,
        plan=plan,
        state=state,
        wrong=wrong,
        elsewhere=elsewhere,
        is_unreachable=is_unreachable(plan.public_url, plan.git_url),
        has_administrator=store.registration.has_administrator(),
        heard=store.registration.heard_last(),
        permissions=PERMISSIONS,
        events=EVENTS,
    )


def _converted(code: str, git_url: str, public_url: str, defaults: Defaults) -> App:
    """The app that GitHub hands over for a code."""
    api_url = defaults.api_url if git_url == defaults.git_url else api_url_of(git_url)
    given = convert_manifest(api_url, code, defaults.timeout_seconds)
    app = App(
        app_id=given.app_id,
        private_key=SecretStr(given.private_key),
        webhook_secrets=(SecretStr(given.webhook_secret or secrets.token_hex(32)),),
        git_url=git_url,
        api_url=api_url,
        client_id=given.client_id,
        client_secret=SecretStr(given.client_secret),
        slug=given.slug,
        public_url=public_url,
        is_registered_here=True,
    )
    if not given.webhook_secret:
        _itself(app, defaults).change_secret(app.webhook_secrets[0].get_secret_value())
    return app


def _itself(app: App, defaults: Defaults) -> AppItself:
    key = app.private_key.get_secret_value()
    return AppItself(GitHubAccess(str(app.app_id), key, app.api_url, timeout_seconds=defaults.timeout_seconds))


def _app(gate: Gate) -> App:
    app = gate.backend.app()
    if app is None:
        raise Forbidden("No GitHub App is registered yet.")
    return app
