"""The running service: keeps the database open and a worker at work for as long as the process lives."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import psycopg
import structlog
from procrastinate.exceptions import ProcrastinateException
from pydantic import SecretStr

from preship.bot.credentials import App
from preship.bot.github.access import Exchange
from preship.bot.intake.events import Event
from preship.bot.intake.routes import UNVERIFIED, InboxUnavailable
from preship.bot.intake.signature import SignedDelivery
from preship.bot.jobs.contexts import WorkerContext
from preship.bot.jobs.inbox import take
from preship.bot.jobs.job import serve_delivery
from preship.bot.jobs.missed import fetch_missed
from preship.bot.jobs.reconciliation import reconcile
from preship.bot.jobs.worker import Later, Pace, ended, run_worker
from preship.bot.review.forge import ForgeError
from preship.bot.review.hook import Hook
from preship.bot.store.database import Busy, StoreError, StoreUnavailable
from preship.bot.store.embedded import EmbeddedDatabaseError
from preship.bot.store.store import DatabaseServer, Store, open_store
from preship.bot.watch import Room, Watch, measured, problems_of, reach_out
from preship.bot.web.metrics import Measured, Metrics
from preship.bot.web.pages import Problem, Row, Status

log = structlog.get_logger()

_CHECK_SECONDS = 2.0
_FAILURES_BORNE = 3
_REOPEN_SECONDS = 2.0
_HOUR_SECONDS = 3600.0

# Processes that start together fetch missed deliveries once; one that starts later may have missed others.
_STARTED_TOGETHER_SECONDS = 60.0
_LOOK_SECONDS = 60.0

ObserveForge = Callable[[Exchange], None]

ContextOf = Callable[[App, Store, threading.Event, ObserveForge], WorkerContext]
"""Sets up what reviews share, once the app is known; the event is set when the process is about to end."""

HookOf = Callable[[App, Store, ObserveForge], Hook]
"""Reaches our webhook on the forge, once the app is known."""

Tidying = Callable[[Store], Mapping[str, int]]
"""Drops what is over, and gives how much of each kind that was."""

Announce = Callable[[Store], None]
"""Says how to set up, where there is no administrator yet."""

# A notice that a kind of event came may be so old, while others of the kind come by.
_HEARD_SECONDS = 5.0
_MOST_EVENTS = 100


class Service:
    """Runs until it is stopped; a database that goes away is waited for, and the embedded one started again."""

    def __init__(
        self,
        server: DatabaseServer,
        app: App | None,
        context_of: ContextOf | None,
        hook_of: HookOf,
        announce: Announce,
        pace: Pace,
        missed_every_seconds: float,
        reconcile_every_seconds: float,
        probe_after_seconds: float,
        tidying: Tidying,
        room: Room,
    ) -> None:
        self._server = server
        self._given_app = app
        """What the environment describes; it goes before what the set-up page registered."""
        self._app = app
        self._announce = announce
        self._heard: dict[str, float] = {}
        self._context_of = context_of
        """None where workers run in processes of their own."""
        self._hook_of = hook_of
        self._pace = pace
        self._missed_every_seconds = missed_every_seconds
        self._reconcile_every_seconds = reconcile_every_seconds
        self._probe_after_seconds = probe_after_seconds
        self._watch = Watch()
        self._tidying = tidying
        self._room = room
        self._store: Store | None = None
        self._opens = "open"
        """What is said of the database when it is opened: the second time it was away in between."""
        self._stop = asyncio.Event()
        self._stopping = threading.Event()
        self.metrics = Metrics(self._measured)

    async def run(self) -> None:
        """Open the store and work, again and again, until `stop`."""
        while not self._stop.is_set():
            try:
                await self._run_once()
            except (StoreUnavailable, EmbeddedDatabaseError, psycopg.Error, ProcrastinateException, OSError) as error:
                log.warning("the database is away", error=str(error))
            except Exception:
                log.exception("the service met an error of its own and starts again")
            finally:
                self._close()
            await self._wait(_REOPEN_SECONDS)
        await asyncio.to_thread(self._server.close)

    def stop(self) -> None:
        """End soon: running jobs stop at their next step and are queued again."""
        self._stopping.set()
        self._stop.set()

    def accept(self, signed: SignedDelivery, event: Event) -> bool:
        """Store a delivery with its job; False if it is known. Raises `InboxUnavailable`."""
        if self._store is None:
            raise InboxUnavailable
        try:
            return take(self._store, signed, event)
        except StoreUnavailable as error:
            raise InboxUnavailable from error

    def store(self) -> Store:
        """What is remembered. Raises `StoreUnavailable`."""
        if self._store is None:
            raise StoreUnavailable("the database is not open yet")
        return self._store

    def app(self) -> App | None:
        """The GitHub App that we are; None before the set-up."""
        return self._app

    def webhook_secrets(self) -> tuple[SecretStr, ...]:
        """What deliveries may be signed with; none before the set-up."""
        return self._app.webhook_secrets if self._app else ()

    def renew_app(self) -> None:
        """Look whether the app was registered, or has another secret. Raises `StoreUnavailable`."""
        if self._given_app is None:
            self._app = self.store().registration.app()

    def answered(self, event: str, status: int) -> None:
        """Count an answer of the webhook, and note of a signed delivery that it came."""
        self.metrics.answered(event, status)
        now = time.monotonic()
        if event == UNVERIFIED or now - self._heard.get(event, -_HEARD_SECONDS) < _HEARD_SECONDS:
            return
        with suppress(StoreUnavailable):
            # Whoever signs with our secret may make events up: only so many are told apart.
            named = event if event in self._heard or len(self._heard) < _MOST_EVENTS else "other"
            self.store().registration.hear(named[:100])
            self._heard[named] = now

    def observe_forge(self, exchange: Exchange) -> None:
        """Count a call to the forge, and note for all processes whether it answers."""
        self.metrics.asked(exchange.outcome)
        if self._store is not None:
            self._watch.note(self._store.health, exchange)

    def takes_deliveries(self) -> str:
        """Why a delivery that comes now could not be stored; empty where it could."""
        if self._app is None:
            return "set-up mode: no GitHub App is registered"
        if self._server.is_embedded and self._room.holds_no_more():
            return "the disk is full: the database cannot store a delivery"
        try:
            self.store().queue()
        except StoreUnavailable as error:
            return str(error)
        return ""

    def status(self) -> Status:
        """How the service is, for its pages."""
        try:
            return self._status_of(self.store())
        except StoreUnavailable as error:
            away = Problem("database", f"{error}: webhooks are answered with 503")
            return Status((away, *self._room.problems()), {}, ())

    def _measured(self) -> Measured:
        """What Prometheus reads."""
        try:
            return measured(self.store(), self._pace.stalled_seconds, self._room)
        except StoreUnavailable:
            kinds = ("database", *(each.kind for each in self._room.problems()))
            return Measured(problems=kinds, disk_free_bytes=self._room.free_bytes())

    def _status_of(self, store: Store) -> Status:
        rows = [
            Row(record.received_at, f"{record.event} {record.action}", record.state, record.guid, record.cause)
            for record in store.deliveries.recent()
        ]
        vitals = store.health.vitals(self._pace.stalled_seconds)
        return Status((*self._room.problems(), *problems_of(vitals)), store.queue(), rows)

    async def _run_once(self) -> None:
        url = await asyncio.to_thread(self._server.url)
        store = await asyncio.to_thread(open_store, url)
        self._store = store
        await asyncio.to_thread(self.renew_app)
        log.info(f"the database is {self._opens}", worker=self._context_of is not None)
        self._opens = "back"
        await asyncio.to_thread(self._announce, store)
        guard = asyncio.create_task(self._until_the_database_is_gone(store))
        tidying = asyncio.create_task(self._tidy_hourly(store))
        try:
            await self._serve(url, store, guard)
        finally:
            guard.cancel()
            await ended([tidying])
            with suppress(asyncio.CancelledError):
                await guard

    async def _serve(self, url: str, store: Store, guard: asyncio.Task[None]) -> None:
        """Work until told to stop, or until the guard sees that the database is gone."""
        app = await self._registered(guard)
        if self._context_of is None or app is None:
            await guard
            return
        worker_context = self._context_of(app, store, self._stopping, self.observe_forge)
        gone = asyncio.Event()
        guard.add_done_callback(lambda _: gone.set())
        tasks = [
            asyncio.create_task(self._fetch_missed(app, store)),
            asyncio.create_task(self._reconcile(worker_context)),
            asyncio.create_task(self._keep_in_contact(app, store)),
        ]
        try:
            await run_worker(url, lambda guid: serve_delivery(worker_context, guid, self.metrics), self._pace, gone)
        finally:
            await ended(tasks)

    async def _registered(self, guard: asyncio.Task[None]) -> App | None:
        """The app, waited for until somebody has registered it; None where the guard or the service ends first.

        Once the service ends, waiting takes no turn of the loop from Python 3.12 on, and the guard would never get one.
        """
        while self._app is None and not guard.done() and not self._stop.is_set():
            await self._wait(_CHECK_SECONDS / 4)
        return self._app

    async def _until_the_database_is_gone(self, store: Store) -> None:
        """Ask it now and then, until it is gone for good or the service stops. Raises `StoreUnavailable`."""
        failures = 0
        while not self._stop.is_set():
            try:
                await asyncio.to_thread(self.renew_app if self._given_app is None else store.queue)
                if failures:
                    log.info("the database is back")
                failures = 0
            except StoreUnavailable as error:
                failures += 1
                log.warning("the database is away", error=str(error), failures=failures)
                if failures > _FAILURES_BORNE:
                    raise
                # Asking for its address starts an embedded one again; pools and worker then find it by themselves.
                await asyncio.to_thread(self._server.url)
            await self._wait(_CHECK_SECONDS)

    async def _tidy_hourly(self, store: Store) -> None:
        """Drop what is over, at once and then every hour: rows are dropped once, mirrors by each machine."""
        while not self._stop.is_set():
            # The guard tells of a database that is away; the next hour is early enough for this.
            with suppress(StoreUnavailable, OSError):
                if dropped := await asyncio.to_thread(self._tidying, store):
                    log.info("what is over is dropped", **dropped)
            await self._wait(_HOUR_SECONDS)

    async def _fetch_missed(self, app: App, store: Store) -> None:
        """Ask for deliveries that did not reach us, at once and then every hour; of all processes one does."""
        hook, every = (
            self._hook_of(app, store, self.observe_forge),
            min(_STARTED_TOGETHER_SECONDS, self._missed_every_seconds),
        )
        while not self._stop.is_set():
            try:
                if count := await asyncio.to_thread(fetch_missed, store, hook, every):
                    log.info("missed deliveries are asked for", deliveries=count)
            except (ForgeError, StoreUnavailable) as error:
                log.warning("missed deliveries could not be asked for", error=str(error))
            except Busy:
                pass
            every = self._missed_every_seconds
            await self._wait(min(_LOOK_SECONDS, every))

    async def _keep_in_contact(self, app: App, store: Store) -> None:
        """Where nobody has asked the forge anything for a while, see whether it is there; of all processes one does."""
        hook = self._hook_of(app, store, self.observe_forge)
        while not self._stop.is_set():
            await self._wait(self._probe_after_seconds)
            # What it says is noted by whoever watches over all calls.
            with suppress(ForgeError, StoreError):
                await asyncio.to_thread(reach_out, store, hook, self._probe_after_seconds)

    async def _reconcile(self, worker_context: WorkerContext) -> None:
        """Conclude check runs that nobody else will, at once and then now and then; of all processes one does."""
        every = self._reconcile_every_seconds
        while not self._stop.is_set():
            try:
                if count := await asyncio.to_thread(reconcile, worker_context, every, self.metrics.failed):
                    log.info("check runs are reconciled", checks=count)
            except StoreError as error:
                if not isinstance(error, Busy):
                    log.warning("check runs could not be reconciled", error=str(error))
            except Later:
                pass
            except Exception:
                log.exception("reconciliation met an error of its own")
            await self._wait(every)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    def _close(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            store.close()
