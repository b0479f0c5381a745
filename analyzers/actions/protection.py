"""What stops an anonymous caller on the way to a page: a layout around it, the page itself, or code in front of it.

Only a refusal counts. Where a visitor without a session is let through by one way, the page is open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from analyzers.actions.rendering import Rendering, Renderings
from analyzers.flow.answers import REQUEST, lets_pass
from analyzers.flow.budget import OutOfSteps
from analyzers.flow.effects import EffectKind, Trace
from analyzers.flow.facts import Authenticated, Case, Claimed, Facts, Role, Strength, perhaps_authenticated
from analyzers.flow.interpreter import Interpreter
from analyzers.flow.library import Arguments, PathEnded
from analyzers.flow.machine import Frame
from analyzers.flow.origins import Input, Request
from analyzers.flow.paths import matches
from analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Constant,
    Library,
    Object,
    Value,
    field_of,
    of,
    text_of,
    unknown,
)
from analyzers.project.project import Project
from analyzers.project.routes import Entry, RouterFile
from analyzers.source.tree import Span

MIDDLEWARE_EXPORTS = ("proxy", "middleware", "default")

MOST_PAGES = 12
"""Pages beneath a layout that are asked whether anybody may visit them."""


class Guard(Enum):
    """What stops an anonymous caller."""

    LAYOUT = "layout"
    PAGE = "page"
    MIDDLEWARE = "middleware"


@dataclass(frozen=True, slots=True)
class Gate:
    """Where an anonymous caller is refused."""

    guard: Guard
    at: Span
    asks: str
    """What it asks for, in words: `Auth.js`."""

    role: str | None = None
    """The role or permission that it asks for, where an account is not enough."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether an anonymous caller is kept from a page."""

    entry: Entry
    is_protected: bool | None
    """None: could not be seen."""

    gate: Gate | None = None


class Protections:
    """The protection of each page of one tree, found out when it is first asked for."""

    def __init__(self, project: Project, interpreter: Interpreter, renderings: Renderings) -> None:
        self._project, self._interpreter, self._renderings = project, interpreter, renderings
        self._known: dict[str, Protection] = {}
        self._in_front: dict[tuple[str, str], tuple[bool | None, Gate | None]] = {}

    def of(self, entry: Entry) -> Protection:
        """Whether an anonymous caller is kept from what a file of the router shows."""
        if entry.path not in self._known:
            self._known[entry.path] = self._found(entry)
        return self._known[entry.path]

    @property
    def protects_something(self) -> bool:
        """Whether any page of the tree is kept from anonymous callers."""
        pages = (entry for entry in self._renderings.routes.entries.values() if entry.kind is RouterFile.PAGE)
        return any(self.of(page).is_protected for page in sorted(pages, key=lambda e: e.path))

    def _found(self, entry: Entry) -> Protection:
        files = (*self._renderings.routes.layouts_above(entry.path)[::-1], entry.path)
        renderings = [self._renderings.of(path) for path in files]
        for path, rendering in zip(files, renderings, strict=True):
            gate = gate_of(
                rendering, Guard.PAGE if path == entry.path and entry.kind is RouterFile.PAGE else Guard.LAYOUT
            )
            if gate is not None:
                return Protection(entry, True, gate)
        if entry.kind is RouterFile.LAYOUT:
            return self._of_pages_beneath(entry)
        is_protected, gate = self._middleware(entry)
        return Protection(entry, is_protected, gate)

    def _of_pages_beneath(self, layout: Entry) -> Protection:
        """Of a layout that asks nobody: it is seen with each page beneath it."""
        routes = self._renderings.routes
        found = [self.of(routes.entries[page]) for page in routes.pages_beneath(layout.path)[:MOST_PAGES]]
        if found and all(each.is_protected for each in found):
            return Protection(layout, True, found[0].gate)
        is_open = any(each.is_protected is False for each in found) or not found
        return Protection(layout, False if is_open else None)

    def _middleware(self, entry: Entry) -> tuple[bool | None, Gate | None]:
        path = self._renderings.routes.in_front_of(entry)
        if path is None:
            return False, None
        key = (path, entry.address)
        if key not in self._in_front:
            self._in_front[key] = in_front(self._project, self._interpreter, path, entry.address)
        return self._in_front[key]


def gate_of(rendering: Rendering, guard: Guard) -> Gate | None:
    """What a layout or page asks for before it gives its elements."""
    check = asked_for(rendering.facts)
    return Gate(guard, rendering.asks_at, check, role_among(rendering.facts)) if check is not None else None


def asked_for(facts: Facts, *, with_cookies: bool = False) -> str | None:
    """What an anonymous caller does not have, among what some facts say; None where they hold for one, too."""
    claimed = [f.source for f in facts if isinstance(f, Claimed)]
    proven = [f.source for f in facts if isinstance(f, Authenticated) and f.strength is Strength.PROVEN]
    found = claimed + proven
    cookies = [f.choice[1] for f in facts if with_cookies and isinstance(f, Case) and is_a_cookie(f)]  # type: ignore[index]
    return min(found, default=None) or (f"the cookie {min(cookies)}" if cookies else None)


def is_a_cookie(fact: Case) -> bool:
    """Whether a fact says that a cookie was sent."""
    return isinstance(fact.choice, tuple) and fact.choice[:1] == ("cookie",) and fact.index == 0


def role_among(facts: Facts) -> str | None:
    """The role among some facts, always the same one."""
    return min((f.name for f in facts if isinstance(f, Role)), default=None)


# --- code in front of the pages --------------------------------------------------------------------------------------


def in_front(project: Project, interpreter: Interpreter, path: str, address: str) -> tuple[bool | None, Gate | None]:
    """Whether the middleware or proxy at `path` keeps anonymous callers from an address; and where."""
    interpreter.start()
    trace = Trace()
    frame = Frame(path, trace, (), 0)
    try:
        is_asked = runs_on(interpreter, path, address, frame)
    except OutOfSteps:
        return None, None
    if not is_asked:
        return is_asked, None
    names = project.export_names(path)
    name = next((name for name in MIDDLEWARE_EXPORTS if name in names), None)
    if name is None:
        return None, None
    span, state = Span(path, 1, 1, 0, 0), interpreter.begun()
    try:
        handler = interpreter.exported(path, name, frame)
        given = Arguments((request_for(address), PLAIN))
        answer = interpreter.settle(interpreter.invoke(handler, given, frame, state, span), frame, state, span)
    except (PathEnded, RecursionError, OutOfSteps):
        return None, None
    return judged(answer, state.facts, path, trace)


def judged(answer: Value, facts: Facts, path: str, trace: Trace) -> tuple[bool | None, Gate | None]:
    """What the answers of a middleware come to for somebody whom nothing identifies.

    Where it lets nobody pass, it sends everybody elsewhere first: to the path in their language.
    """
    kept = {e.target for e in trace.effects.values() if e.kind is EffectKind.COOKIE}
    found = [
        (lets_pass(a), frozenset(f for f in a.under | facts if not is_cookie_of(f, kept))) for a in answer.alternatives
    ]
    known = [held for passes, held in found if passes and asked_for(held, with_cookies=True) is not None]
    others = [
        passes and (None if perhaps_authenticated(held) else True)
        for passes, held in found
        if asked_for(held, with_cookies=True) is None
    ]
    if True in others:
        return False, None
    asks = any(e.kind in {EffectKind.ASK, EffectKind.PROOF} for e in trace.effects.values())
    if None in others or not known:
        return None if asks or None in others else False, None
    return True, gate_in_front(path, trace, min(filter(None, map(role_among, known)), default=None))


def is_cookie_of(fact: object, names: Collection[str]) -> bool:
    """Whether a fact says that a cookie was sent which the code itself hands out to everybody."""
    return isinstance(fact, Case) and is_a_cookie(fact) and fact.choice[1] in names  # type: ignore[index]


def gate_in_front(path: str, trace: Trace, role: str | None = None) -> Gate:
    """Where a middleware asks who is there."""
    asked = (e for e in trace.effects.values() if e.kind in {EffectKind.ASK, EffectKind.PROOF})
    spans = (span for e in asked for span in (*e.trail, e.span) if span.path == path and span.end)
    return Gate(Guard.MIDDLEWARE, next(spans, Span(path, 1, 1, 0, 0)), "a session", role)


def runs_on(interpreter: Interpreter, path: str, address: str, frame: Frame) -> bool | None:
    """Whether the matcher of a middleware takes in an address; None where nobody can tell.

    https://nextjs.org/docs/app/api-reference/file-conventions/proxy#matcher
    """
    configuration = interpreter.exported(path, "config", frame)
    shape = configuration.alternatives[0].shape if len(configuration.alternatives) == 1 else None
    if not isinstance(shape, Object):
        return True
    matcher = field_of(shape, "matcher")
    if matcher is None or matcher == UNDEFINED_VALUE:
        return True
    found = [matches(text, address) if text is not None else None for text in map(source_of, items_of(matcher))]
    return True if True in found else None if None in found else False


def items_of(value: Value) -> tuple[Value, ...]:
    """The items of a list that is written out; the value itself where it is none."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    return shape.items if isinstance(shape, Array) and shape.items is not None else (value,)


def source_of(matcher: Value) -> str | None:
    """The pattern of one matcher, whatever headers it asks for besides."""
    shape = matcher.alternatives[0].shape if len(matcher.alternatives) == 1 else None
    if isinstance(shape, Object):
        source = field_of(shape, "source")
        return text_of(source) if source is not None else None
    return text_of(matcher)


HOST = "app.example"


def request_for(address: str) -> Value:
    """A visitor's request for a page, without a cookie that anybody would know."""
    path, url = of(Constant(address)), of(Constant(f"https://{HOST}{address}"))
    search = unknown({Request("search", "*")})
    nothing = of(Constant(""))
    fields = {
        "pathname": path, "href": url, "origin": of(Constant(f"https://{HOST}")), "search": nothing, "hash": nothing,
        "searchParams": search, "locale": of(Constant("en")), "basePath": nothing, "protocol": of(Constant("https:")),
    }  # fmt: skip
    next_url = of(Object(tuple(fields.items()), PLAIN, None))
    return of(
        Object(
            (
                ("nextUrl", next_url),
                ("url", url),
                ("method", of(Constant("GET"))),
                ("cookies", of(Library("next/headers#cookies"))),
                ("headers", of(Library("next/headers#headers"))),
            ),
            unknown({Input("request")}),
            REQUEST,
        )
    )
