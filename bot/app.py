"""Joins the parts: the web application, the worker, and the two commands that run them."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI

from preship.bot.credentials import App, app_of
from preship.bot.github.people import seen_by
from preship.bot.intake.bodies import BodyLimits
from preship.bot.intake.routes import Intake, webhook_router
from preship.bot.jobs.contexts import WorkerContext
from preship.bot.jobs.worker import Pace
from preship.bot.review.hook import Hook
from preship.bot.service import ContextOf, HookOf, ObserveForge, Service
from preship.bot.settings import Settings, SettingsError
from preship.bot.store.database import Busy
from preship.bot.store.retention import Terms
from preship.bot.store.store import DatabaseServer, Store
from preship.bot.watch import Room
from preship.bot.web.delivery_pages import delivery_router
from preship.bot.web.gate import Gate
from preship.bot.web.inventory_pages import inventory_router
from preship.bot.web.operation_page import operation_router
from preship.bot.web.pages import pages_router
from preship.bot.web.problems import handle_problems
from preship.bot.web.review_pages import review_router
from preship.bot.web.rule_pages import rules_router
from preship.bot.web.setup_pages import KEY as SETUP_KEY
from preship.bot.web.setup_pages import Defaults, setup_router
from preship.bot.web.sign_in import sign_in_router
from preship.bot.web.transport import AnswersHead, OnlyHttps
from preship.bot.web.visibility import Ask, Visibility
from preship.bot.web.visitor import visitors

if TYPE_CHECKING:
    from preship.bot.github.access import GitHubAccess

log = structlog.get_logger()

_MEGABYTE = 1024 * 1024
_DAY_SECONDS = 24 * 3600.0

_OWN_FILES = 200
"""Files that we need besides those of webhook connections: to the database, to GitHub, to git, and of bodies."""


def serve(settings: Settings) -> None:
    """Serve webhooks, and review unless workers run apart. Returns after SIGTERM or SIGINT.

    Raises `SettingsError` for an address that cannot be had.
    """
    import uvicorn

    from preship.bot.intake.connections import ConnectionLimits, guarded_protocol
    from preship.bot.logs import log_for_the_reader

    _expect_free(settings.host, settings.port)
    log_for_the_reader()
    keep_private(settings)
    # uvicorn shuts down in order, and then sends itself the signal again for whoever handled it before.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=guarded_protocol(ConnectionLimits(_connections(settings.connections))),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run()


def _expect_free(host: str, port: int) -> None:
    """See before anything is begun whether we can listen there: uvicorn sees it last. Raises `SettingsError`."""
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as tried:
                if os.name == "posix":
                    # What connections of an ended process left behind is in nobody's way.
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        why = f"another program listens on {host}:{port}; is Preship running already?"
        if error.errno != errno.EADDRINUSE:
            why = f"nobody can listen on {host}:{port} here ({error.strerror}); PRESHIP_HOST names the address"
        raise SettingsError((f"PRESHIP_PORT: {why}",)) from error


def keep_private(settings: Settings) -> None:
    """Let nobody else look into the data: code under review, and what people said about it."""
    # Run by root, the embedded Postgres is a user of its own, and has to pass through to its folder (which is private).
    is_passed_through = settings.database_url is None and hasattr(os, "geteuid") and os.geteuid() == 0
    data = settings.data_directory.expanduser()
    for folder, mode in ((data, 0o711 if is_passed_through else 0o700), (data / "mirrors", 0o700)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        except OSError as error:
            log.warning("the data directory could not be made private", folder=str(folder), reason=error.strerror)


def _connections(wanted: int) -> int:
    """How many there may be: each takes a file, and the system may grant fewer. The rest is for our own."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OWN_FILES
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OWN_FILES))


def work(settings: Settings) -> None:
    """Review, without serving webhooks. Returns after SIGTERM or SIGINT. Before the set-up it waits for the app."""
    from preship.bot.logs import log_for_the_reader

    log_for_the_reader()
    keep_private(settings)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    service = _service(settings, _context_of(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    with _figures_shown(settings, service):
        await service.run()


def create_app(settings: Settings, seen: Ask = seen_by) -> FastAPI:
    """The web application; it opens the database and starts the worker when it starts.

    `seen` asks GitHub which repositories a person sees.
    """
    service = _service(settings, _context_of(settings) if settings.worker else None)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with _figures_shown(settings, service):
            running = asyncio.create_task(service.run())
            yield
            service.stop()
            await running

    app = FastAPI(title="Preship", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(AnswersHead)
    if settings.public_url and settings.public_url.startswith("https://"):
        app.add_middleware(OnlyHttps)
    app.include_router(
        webhook_router(
            Intake(
                service.webhook_secrets,
                BodyLimits(settings.body_limit_bytes),
                service.accept,
                service.answered,
            )
        )
    )
    gate = Gate(service, settings.public_url)
    handle_problems(app)
    app.include_router(pages_router(service, gate, settings.metrics_token))
    app.include_router(rules_router())
    app.include_router(setup_router(gate, Defaults(settings.git_url, settings.api_url, settings.request_seconds)))
    app.include_router(sign_in_router(gate, settings.request_seconds))
    visitor = visitors(gate, Visibility(service, settings.request_seconds, seen))
    app.include_router(review_router(gate, visitor))
    app.include_router(inventory_router(gate, visitor))
    app.include_router(delivery_router(gate, visitor))
    app.include_router(operation_router(gate, service, visitor, settings.stalled_seconds))
    return app


@contextmanager
def _figures_shown(settings: Settings, service: Service) -> Iterator[None]:
    """Show figures on a port of their own, where one is named."""
    if settings.metrics_port is None:
        yield
        return
    from prometheus_client import start_http_server

    server, thread = start_http_server(settings.metrics_port, settings.host, service.metrics.registry)
    log.info(f"figures are shown on http://{settings.host}:{server.server_port}/metrics")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _service(settings: Settings, context_of: ContextOf | None) -> Service:
    url = settings.database_url.get_secret_value() if settings.database_url else None
    pace = Pace(settings.concurrency, settings.heartbeat_seconds, settings.stalled_seconds)
    return Service(
        DatabaseServer(url, settings.data_directory),
        app_of(settings),
        context_of,
        _hook_of(settings),
        lambda store: _say_how_to_set_up(settings, store),
        pace,
        settings.missed_seconds,
        settings.reconcile_seconds,
        settings.probe_seconds,
        lambda store: _tidied(settings, store),
        Room(settings.data_directory.expanduser(), settings.scarce_megabytes * _MEGABYTE),
    )


def _tidied(settings: Settings, store: Store) -> Mapping[str, int]:
    """Drop what has been kept for long enough."""
    from preship.bot.git.retention import tidy_mirrors

    dropped = {}
    with suppress(Busy), store.scheduled_tasks.due("retention", 0):
        store.sessions.forget_expired()
        terms = Terms(settings.keep_deliveries_days, settings.keep_reviews_days, settings.keep_lost_days)
        dropped = store.retention.forget(terms)
    most, unused = settings.mirrors_megabytes * _MEGABYTE, settings.keep_mirrors_days * _DAY_SECONDS
    mirrors = tidy_mirrors(settings.data_directory / "mirrors", store.retention.known(), unused, most)
    return {**dropped, "mirrors": mirrors} if mirrors else dropped


def _say_how_to_set_up(settings: Settings, store: Store) -> None:
    """Show the link that opens the set-up page, until there is an administrator."""
    if not store.registration.has_administrator():
        address = settings.public_url or f"http://{_seen_from_here(settings.host)}:{settings.port}"
        log.info(f"set up Preship: open {address}/setup?key={store.registration.key(SETUP_KEY)}")


def _seen_from_here(host: str) -> str:
    """How a browser on this machine writes an address to listen on: every address of the machine is none to it."""
    try:
        given = ip_address(host)
    except ValueError:
        return host
    if given.is_unspecified:
        return "localhost"
    return f"[{host}]" if given.version == 6 else host


def _hook_of(settings: Settings) -> HookOf:
    """Our webhook on GitHub, imported only by processes that ask for it."""

    def hook(app: App, store: Store, observe: ObserveForge) -> Hook:
        from preship.bot.github.hook import AppHook

        return AppHook(_access(app, settings, observe), store.turns)

    return hook


def _access(app: App, settings: Settings, observe: ObserveForge) -> GitHubAccess:
    """Who we are on GitHub."""
    from preship.bot.github.access import GitHubAccess

    return GitHubAccess(
        str(app.app_id),
        app.private_key.get_secret_value(),
        api_url=app.api_url,
        git_url=app.git_url,
        timeout_seconds=settings.request_seconds,
        write_interval_seconds=settings.write_interval_seconds,
        writes_per_minute=settings.writes_per_minute,
        writes_per_hour=settings.writes_per_hour,
        observe=observe,
    )


def _context_of(settings: Settings) -> ContextOf:
    """Everything that reviews need, imported only by processes that make reviews."""

    def worker_context(app: App, store: Store, stopping: threading.Event, observe: ObserveForge) -> WorkerContext:
        from preship.bot.github.forge import github_forges
        from preship.bot.jobs.analyst import Limits, MirrorAnalyst
        from preship.bot.jobs.planner import ReviewPlanner, marker_key

        access = _access(app, settings, observe)
        key = marker_key(access.private_key)
        public_url = settings.public_url or app.public_url
        rules_url = f"{public_url}/rules" if public_url else None
        limits = Limits(settings.analysis_memory_megabytes * _MEGABYTE, settings.analysis_seconds)
        analyst = MirrorAnalyst(settings.data_directory / "mirrors", limits)
        return WorkerContext(
            store=store,
            forge_of=github_forges(access, store.turns, with_organizations=settings.organization_configuration),
            analyst=analyst,
            counter=analyst.count,
            planner=ReviewPlanner(key, app.git_url, rules_url),
            marker_key=key,
            stopping=stopping,
            attempts=settings.attempts,
            retry_seconds=settings.retry_seconds,
            review_drafts=settings.review_drafts,
            drafts_wanted=analyst.wants_drafts,
            rules_url=rules_url,
            cooldown_seconds=settings.cooldown_seconds,
            settled_seconds=settings.settled_seconds,
        )

    return worker_context
