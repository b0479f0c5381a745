"""Calls every Server Action of a running build as those who should not be served, and keeps what came of it.

Requests go to the host that was named and to no other: no redirect is followed, and no proxy is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from preship.analyzers import analysis
from preship.analyzers.analysis import Endpoint, Files, Key, made
from preship.bot.configuration.reading import configured
from preship.bot.local import CannotRead, around, right
from preship.bot.probe.build import Build, address_of, functions_of, read_build
from preship.bot.probe.database import CannotWatch, Witness
from preship.bot.probe.request import Reply, Request, encoded
from preship.bot.probe.sessions import forged, read_cookies, tampered
from preship.bot.probe.statements import Seen, same_table
from preship.bot.probe.transcript import call_line, digests_of, opening, verdict_line
from preship.bot.probe.verdict import Call, Caller, Outcome, Taken, Target, Verdict, judged

TIMEOUT_SECONDS = 30.0
LONGEST_REPLY = 200_000
"""Bytes of an answer that are read."""

SHORTEST_TEXT = 6
"""Characters of a text that is known again in an answer."""

KEPT_HEADERS = frozenset({"content-type", "location", "x-action-redirect", "x-nextjs-action-not-found", "server"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for."""

    url: str
    build: Path
    host: str | None = None
    """The host that whoever asks confirms to be theirs; needed for any that is not this machine."""

    cookies: Path | None = None
    other_cookies: Path | None = None
    database: str | None = None
    user: str | None = None
    """The first user's id in the database."""

    records: Mapping[str, str] = field(default_factory=dict)
    """By table, the key of a record of the first user's."""

    may_write: bool = False
    rate: float = 5.0
    """Requests a second, at most."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One call that is to be made."""

    target: Target
    caller: Caller
    tried: str
    request: Request


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to one action."""

    target: Target
    calls: tuple[Planned, ...]
    why_not: str = ""
    """Why it is not called, if it is not."""

    with_records_of: tuple[str, ...] = ()
    """The tables of which another user is to send the key of a record of the first user's."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An action with what is proven of it."""

    target: Target
    verdict: Verdict


def checked_url(url: str, host: str | None) -> str:
    """The address of a server that may be probed, without a path's last slash. Raises `CannotRead`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise CannotRead(f"{url} is no address of a server: `http://localhost:3000`")
    if not _is_this_machine(parts.hostname) and host != parts.hostname:
        raise CannotRead(
            f"{parts.hostname} is not this machine: `--host {parts.hostname}` says that it is yours to probe"
        )
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Probe:
    """All that is known before the first request."""

    asked: Asked
    url: str
    build: Build
    files: Files
    targets: tuple[Target, ...]
    cookie_names: tuple[str, ...]
    first: Mapping[str, str]
    """The first user's cookies; empty where none were given."""

    other: Mapping[str, str]


def prepared(asked: Asked) -> Probe:
    """Read build, code and cookies. Raises `CannotRead` and `WrongConfiguration`."""
    url = checked_url(asked.url, asked.host)
    build = read_build(asked.build)
    files, inside = around(asked.build.resolve().parent)
    named = {each.file for each in build.actions if each.file is not None}

    def is_meant(path: str) -> bool:
        return path.startswith(inside) or path in named

    found = analysis.endpoints(files, right(configured(files)).policy, is_meant)
    endpoints = {id(action): endpoint for action, endpoint in found}
    targets = tuple(
        Target(built, action, endpoints[id(action)] if action is not None else None)
        for built, action in functions_of(build, [action for action, _ in found], inside)
    )
    first = read_cookies(asked.cookies) if asked.cookies is not None else {}
    other = read_cookies(asked.other_cookies) if asked.other_cookies is not None else {}
    return Probe(asked, url, build, files, targets, analysis.cookies_of(files), first, other)


# --- the plan ------------------------------------------------------------------------------------------------------


def plans(probe: Probe) -> Iterator[Plan]:
    """What is to be done to each action, but for calls with somebody's ids, which are looked up when they are made."""
    for target in probe.targets:
        why_not = _why_not(target, probe.asked.may_write)
        calls = () if why_not else tuple(_calls(probe, target))
        tables = dict.fromkeys(key.table for key in target.endpoint.keys) if target.endpoint and calls else {}
        yield Plan(target, calls, why_not, tuple(tables) if probe.asked.may_write and probe.other else ())


def _why_not(target: Target, may_write: bool) -> str:
    if target.endpoint is None:
        return "no function of the code is known to be it"
    if target.endpoint.is_bound:
        return "its page seals values into it, which a caller cannot make up"
    happening = target.endpoint.whatever_it_names
    if happening and not may_write:
        return f"it {happening[0]}, whatever it is called with: `--allow-writes` calls it"
    return ""


def _calls(probe: Probe, target: Target) -> Iterator[Planned]:
    yield _planned(probe, target, Caller.NOBODY, "", {})
    if probe.first:
        yield _planned(probe, target, Caller.FORGED, "the first user's cookies, altered", tampered(probe.first))
    for tried, cookies in forged(name for name in probe.cookie_names if name not in probe.first):
        yield _planned(probe, target, Caller.FORGED, tried, cookies)
    if probe.first:
        yield _planned(probe, target, Caller.FIRST, "", probe.first)


def _planned(
    probe: Probe,
    target: Target,
    caller: Caller,
    tried: str,
    cookies: Mapping[str, str],
    making: made.Made = made.MADE_UP,
) -> Planned:
    address = address_of(target.built, made.nowhere())
    parts = urlsplit(probe.url)
    arguments = making.arguments(target.endpoint) if target.endpoint is not None else []
    url = f"{probe.url.removesuffix(probe.build.base_path)}{probe.build.base_path}{address}"
    request = Request(url, f"{parts.scheme}://{parts.netloc}", target.built.id, encoded(arguments), cookies)
    return Planned(target, caller, tried, request)


# --- the calls -----------------------------------------------------------------------------------------------------


def probed(probe: Probe, write: Callable[[str], object]) -> Iterator[Proven]:
    """Make the calls, one after the other, and tell what each action's prove; `write` is given the transcript.

    Raises `CannotRead` where the server or the database does not answer, or rows change that should not.
    """
    witness = _witness(probe.asked.database)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    digests = digests_of(probe.files, [each.action.path for each in probe.targets if each.action is not None])
    write(opening(probe.url, at, {"may_write": probe.asked.may_write, "database": witness is not None}))
    with httpx.Client(follow_redirects=False, trust_env=False, timeout=TIMEOUT_SECONDS) as client:
        runner = _Runner(probe, client, witness)
        try:
            for plan in _least_harm_first(plans(probe)):
                calls = []
                for call in runner.calls(plan):
                    calls.append(call)
                    write(call_line(plan.target, call))
                verdict = judged(plan.target, calls) if calls else Verdict(Outcome.NOT_TRIED, None, plan.why_not)
                write(verdict_line(plan.target, verdict, at, digests))
                yield Proven(plan.target, verdict)
        except (httpx.HTTPError, CannotWatch) as error:
            raise CannotRead(f"{probe.url}: {str(error) or type(error).__name__}") from error
        finally:
            if witness is not None:
                witness.close()


def _witness(url: str | None) -> Witness | None:
    try:
        return Witness(url) if url is not None else None
    except CannotWatch as error:
        raise CannotRead(str(error)) from error


def _least_harm_first(todo: Iterable[Plan]) -> list[Plan]:
    """Those last that may take away what others are tried with."""
    return sorted(todo, key=lambda plan: bool(plan.target.endpoint and plan.target.endpoint.whatever_it_names))


class _Runner:
    """Sends requests at the pace that was asked for."""

    def __init__(self, probe: Probe, client: httpx.Client, witness: Witness | None) -> None:
        self._probe = probe
        self._client = client
        self._witness = witness
        self._next = 0.0

    def calls(self, plan: Plan) -> Iterator[Call]:
        """The calls of one action, as they are made."""
        for planned in plan.calls:
            call = self._made(planned)
            if call.seen is not None and call.seen.changed and not self._probe.asked.may_write:
                where = plan.target.action.path if plan.target.action is not None else plan.target.built.id
                raise CannotRead(
                    f"a call of {where} changed {', '.join(call.seen.changed)}, although it named no record:"
                    " nothing more was called"
                )
            yield call
        if plan.with_records_of and plan.target.endpoint is not None:
            yield from self._with_ids_of_the_first(plan.target, plan.target.endpoint)

    def _with_ids_of_the_first(self, target: Target, endpoint: Endpoint) -> Iterator[Call]:
        """Another user's call with the first user's ids; where that does nothing, the first user's own, as control."""
        record = next((found for key in endpoint.keys if (found := self._record(key)) is not None), None)
        if record is None:
            return
        making = made.Made(record.chosen(endpoint))
        for caller, cookies in ((Caller.OTHER, self._probe.other), (Caller.FIRST, self._probe.first)):
            planned = _planned(self._probe, target, caller, f"record {record.key} of {record.table}", cookies, making)
            call = self._made(planned)
            is_changed = self._witness is not None and record.row is not None and self._now(record) != record.row
            yield Call(
                call.caller,
                call.tried,
                call.request,
                call.reply,
                call.seen,
                Taken(record.table, record.key, record.texts, is_changed),
            )
            if is_changed:
                return

    def _record(self, key: Key) -> _Record | None:
        """A record of the first user's, of a table that an action's arguments choose from."""
        given = next((v for k, v in self._probe.asked.records.items() if same_table(k, key.table)), None)
        if self._witness is None:
            return _Record(key.table, given, "id", None) if given is not None else None
        table = self._witness.table_like(key.table)
        if table is None or (given is None and self._probe.asked.user is None):
            return None
        column = self._witness.key_of(table)
        found = {column: given} if given is not None else {"": self._probe.asked.user or ""}
        row = self._witness.record(table, found)
        return _Record(table, str(row[column]), column, row) if row is not None else None

    def _now(self, record: _Record) -> Mapping[str, object] | None:
        return self._witness.record(record.table, {record.column: record.key}) if self._witness is not None else None

    def _made(self, planned: Planned) -> Call:
        self._wait()
        mark = self._witness.mark() if self._witness is not None else None
        reply = self._sent(planned.request)
        seen: Seen | None = None
        if self._witness is not None and mark is not None:
            seen = self._witness.since(mark)
        return Call(planned.caller, planned.tried, planned.request, reply, seen)

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = time.monotonic() + 1 / self._probe.asked.rate

    def _sent(self, request: Request) -> Reply:
        with self._client.stream(
            "POST", request.url, headers=request.headers, content=request.body.text.encode()
        ) as answer:
            text = b""
            for part in answer.iter_bytes():
                text += part
                if len(text) > LONGEST_REPLY:
                    break
            headers = {name: value for name, value in answer.headers.items() if name in KEPT_HEADERS}
            return Reply(answer.status_code, headers, text.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class _Record:
    """A record of the first user's."""

    table: str
    key: str
    column: str
    row: Mapping[str, object] | None
    """None where no database shows it."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in it and is known again."""
        values = (self.row or {}).values()
        return tuple(v for v in values if isinstance(v, str) and len(v) >= SHORTEST_TEXT)

    def chosen(self, endpoint: Endpoint) -> dict[made.Place, object]:
        """What stands in the arguments, so that they choose this record."""
        return {(k.parameter, k.path): self._part(k.column) for k in endpoint.keys if same_table(k.table, self.table)}

    def _part(self, column: str) -> object:
        wanted = column.replace("_", "").lower()
        for name, value in (self.row or {}).items():
            if name.replace("_", "").lower() == wanted:
                return value if isinstance(value, int) else str(value)
        return self.key
