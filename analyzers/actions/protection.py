"""What stops an anonymous caller on the way to a page: a layout around it, the page itself, or code in front of it.

Only a refusal counts. Where a visitor without a session is let through by one way, the page is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from preship.analyzers.actions.browser_gates import waits_in_browsers
from preship.analyzers.actions.demand import Demand, Quoted, asks, demand_among, demand_of, joined, without
from preship.analyzers.actions.gate_elements import component_of, demand_of_markup
from preship.analyzers.actions.rendering import Rendering, Renderings
from preship.analyzers.actions.requests import Sent
from preship.analyzers.conventions.requests import SESSION_COOKIE
from preship.analyzers.conventions.routes import SIGN_IN_ROUTE
from preship.analyzers.flow.answers import lets_pass
from preship.analyzers.flow.budget import OutOfSteps
from preship.analyzers.flow.effects import Effect, EffectKind, Trace
from preship.analyzers.flow.facts import (
    NO_FACTS,
    Authenticated,
    Case,
    Claimed,
    Configured,
    Facts,
    Role,
    Strength,
    has_right,
    perhaps_authenticated,
)
from preship.analyzers.flow.interpreter import Interpreter
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame
from preship.analyzers.flow.paths import matches
from preship.analyzers.flow.texts import opening_of
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Object,
    Value,
    field_of,
    text_of,
)
from preship.analyzers.project.project import Project
from preship.analyzers.project.routes import Entry, RouterFile
from preship.analyzers.source.tree import Span

MIDDLEWARE_EXPORTS = ("proxy", "middleware", "default")

MOST_PAGES = 12
"""Pages beneath a layout that are asked whether anybody may visit them."""


MOST_SAMPLES = 40
"""Pages that are asked whom they refuse, to learn who is refused everywhere."""


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

    leads_to: str | None = None
    """Where visitors are sent, where only that tells; without what follows the path."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether an anonymous caller is kept from a page."""

    entry: Entry
    is_protected: bool | None
    """None: could not be seen."""

    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Barrier:
    """What code in front of the pages does with somebody whom nothing identifies, at one address."""

    is_protected: bool | None
    """None: could not be seen."""

    gate: Gate | None = None
    demand: Demand | None = None
    """The role without which nobody gets past it."""

    proves: Facts = NO_FACTS
    """What holds of everybody whom it lets pass: who they are, and what they may do."""


OPEN, UNSEEN = Barrier(False), Barrier(None)


class Protections:
    """The protection of each page of one tree, found out when it is first asked for."""

    def __init__(
        self,
        project: Project,
        interpreter: Interpreter,
        renderings: Renderings,
        ranks: Callable[[], Iterable[frozenset[str]]] = tuple,
    ) -> None:
        self._project, self._interpreter, self._renderings = project, interpreter, renderings
        self._ranks = ranks
        self._known: dict[str, Protection] = {}
        self._in_front: dict[tuple[str, str, str], Barrier] = {}
        self._demands: dict[str, Demand | None] = {}

    def of(self, entry: Entry) -> Protection:
        """Whether an anonymous caller is kept from what a file of the router shows."""
        if entry.path not in self._known:
            self._known[entry.path] = self._found(entry)
        return self._known[entry.path]

    def demand_on(self, entry: Entry) -> Demand | None:
        """The role that somebody needs to get to what a file of the router shows, and not to each page."""
        found = self._demand(entry)
        if found is not None and found.is_refusal:
            return without(found, self._refused_everywhere)
        return None if found is not None and self._is_anybodys(found) else found

    def _is_anybodys(self, demand: Demand) -> bool:
        """Whether each role there is will do, by all that the schema lets somebody be."""
        return len(demand.words) > 1 and any(ranks <= set(demand.words) for ranks in self._ranks())

    def _demand(self, entry: Entry) -> Demand | None:
        if entry.path not in self._demands:
            self._demands[entry.path] = self._demanded(entry)
        return self._demands[entry.path]

    @cached_property
    def _refused_everywhere(self) -> frozenset[str]:
        """Who is kept out of each page that asks for no role: that tells nothing of one of them."""
        routes = self._renderings.routes
        paths = sorted(routes.pages)
        # From all over the tree: those of one folder may refuse the same.
        pages = [routes.entries[path] for path in paths[:: len(paths) // MOST_SAMPLES + 1]]
        found = [self._demand(page) for page in pages if self.of(page).is_protected]
        refused = [frozenset(each.words) if each is not None else frozenset() for each in found if not asks(each)]
        return frozenset.intersection(*refused) if refused else frozenset()

    @property
    def protects_something(self) -> bool:
        """Whether any page of the tree is kept from anonymous callers."""
        pages = (entry for entry in self._renderings.routes.entries.values() if entry.kind is RouterFile.PAGE)
        return any(self.of(page).is_protected for page in sorted(pages, key=lambda e: e.path))

    def _found(self, entry: Entry) -> Protection:
        for path in self.files_to(entry):
            rendering = self._renderings.of(path)
            gate = gate_of(
                rendering, Guard.PAGE if path == entry.path and entry.kind is RouterFile.PAGE else Guard.LAYOUT
            )
            if gate is not None and not self._encloses(path, gate.leads_to):
                return Protection(entry, True, gate)
        if entry.kind is RouterFile.LAYOUT:
            return self._of_pages_beneath(entry)
        barrier = self._barrier(entry)
        gate = None if barrier.is_protected else self._gate_for_a_role(entry)
        if gate is not None:
            return Protection(entry, True, gate)
        is_unsaid = barrier.is_protected is False and self._waits_in_browsers(entry)
        return Protection(entry, None if is_unsaid else barrier.is_protected, barrier.gate)

    def _waits_in_browsers(self, entry: Entry) -> bool:
        """Whether a page loads something only once the browser knows somebody: it does not say what others see."""
        module = self._project.module(entry.path)
        component = component_of(module) if module is not None else None
        return component is not None and waits_in_browsers(component)

    def _gate_for_a_role(self, entry: Entry) -> Gate | None:
        """Where a page or a layout around it asks for a role, which nobody has who is not known.

        The element around it all may ask in the browser, of a session that is read there once the page is loaded.
        """
        demand = self._demand(entry)
        if demand is None or not asks(demand) or self._is_anybodys(demand):
            return None
        guard = Guard.PAGE if demand.at.path == entry.path else Guard.LAYOUT
        return Gate(guard, demand.at, "a role")

    def _encloses(self, path: str, address: str | None) -> bool:
        """Whether what a file sends its visitors to stands within it: it cannot send everybody there."""
        if address is None:
            return False
        routes = self._renderings.routes
        inside = routes.pages_beneath(path) if path in routes.layouts else (path,)
        return any(address.endswith(routes.entries[page].address) for page in inside if page in routes.entries)

    def files_to(self, entry: Entry) -> tuple[str, ...]:
        """The layouts around a file of the router, the outermost first, and the file."""
        return (*self._renderings.routes.layouts_above(entry.path)[::-1], entry.path)

    def _demanded(self, entry: Entry) -> Demand | None:
        files = self.files_to(entry)[::-1]
        found = (self._asked_in(path) for path in files)
        own = next((demand for demand in found if demand is not None), None)
        if own is not None or entry.kind is not RouterFile.LAYOUT:
            return own or self._barrier(entry).demand
        routes = self._renderings.routes
        beneath = routes.pages_beneath(entry.path)
        # Of very many pages the rest may ask for nothing.
        return joined(self._demand(routes.entries[page]) for page in beneath) if len(beneath) <= MOST_PAGES else None

    def _asked_in(self, path: str) -> Demand | None:
        """The role that a page or a layout asks for: before it gives its elements, or by the one around them all."""
        found = demand_of(self._renderings.of(path), self._quoted)
        module = self._project.module(path) if found is None or not asks(found) else None
        return (demand_of_markup(module) if module is not None else None) or found

    def _quoted(self, span: Span) -> str:
        blob = self._project.blob(span.path)
        return blob.content[span.start : span.end].decode("utf-8", "replace") if blob is not None else ""

    def _of_pages_beneath(self, layout: Entry) -> Protection:
        """Of a layout that asks nobody: it is seen with each page beneath it."""
        routes = self._renderings.routes
        found = [self.of(routes.entries[page]) for page in routes.pages_beneath(layout.path)[:MOST_PAGES]]
        if found and all(each.is_protected for each in found):
            return Protection(layout, True, found[0].gate)
        is_open = any(each.is_protected is False for each in found) or not found
        return Protection(layout, False if is_open else None)

    def proven_in_front(self, path: str, method: str) -> Facts:
        """What code in front of a route has proven of whoever gets to its handler of a method."""
        barrier = self._barrier(self._renderings.routes.entries[path], method)
        if barrier.is_protected is not None:
            return barrier.proves
        place = Span(self._renderings.routes.in_front_of(self._renderings.routes.entries[path]) or path, 1, 1, 0, 0)
        return frozenset({Authenticated(Strength.POSSIBLE, "code in front of it", place)})

    def _barrier(self, entry: Entry, method: str = "GET") -> Barrier:
        path = self._renderings.routes.in_front_of(entry)
        if path is None:
            return OPEN
        key = (path, entry.address, method)
        if key not in self._in_front:
            sent = Sent(entry.address, method)
            self._in_front[key] = in_front(self._project, self._interpreter, path, sent, self._quoted)
        return self._in_front[key]


def gate_of(rendering: Rendering, guard: Guard) -> Gate | None:
    """What a layout or page asks for before it gives its elements, or in the browser once it has."""
    check = asked_for(rendering.facts)
    if check is not None:
        return Gate(guard, rendering.asks_at, check)
    redirects = (effect for effect in rendering.effects if effect.kind is EffectKind.REDIRECT)
    sent = next(((effect, found) for effect in redirects if (found := sign_in_page(effect.key)) is not None), None)
    return Gate(guard, place_in(rendering.path, sent[0]), "a session", sent[1]) if sent is not None else None


def place_in(path: str, effect: Effect) -> Span:
    """Where a file itself does something: the call that leads there, if it stands elsewhere."""
    return next((span for span in (*effect.trail, effect.span) if span.path == path and span.end), effect.span)


def sign_in_page(address: Value | None) -> str | None:
    """The page on which a session begins to which somebody is sent."""
    found = (opening_of(Value((a,))) for a in address.alternatives) if address is not None else ()
    return next((re.split(r"[?#]", text)[0].rstrip("/") for text in found if SIGN_IN_ROUTE.matches(text)), None)


def asked_for(facts: Facts, *, with_cookies: bool = False) -> str | None:
    """What an anonymous caller does not have, among what some facts say; None where they hold for one, too.

    Of cookies those that hold a session, by their names, or any of them.
    """
    claimed = [f.source for f in facts if isinstance(f, Claimed)]
    proven = [f.source for f in facts if isinstance(f, Authenticated) and f.strength is Strength.PROVEN]
    found = claimed + proven
    sent = [str(f.choice[1]) for f in facts if isinstance(f, Case) and is_a_cookie(f)]  # type: ignore[index]
    cookies = [name for name in sent if with_cookies or SESSION_COOKIE.matches(name)]
    return min(found, default=None) or (f"the cookie {min(cookies)}" if cookies else None)


def is_a_cookie(fact: Case) -> bool:
    """Whether a fact says that a cookie was sent."""
    return isinstance(fact.choice, tuple) and fact.choice[:1] == ("cookie",) and fact.index == 0


# --- code in front of the pages --------------------------------------------------------------------------------------


def in_front(project: Project, interpreter: Interpreter, path: str, sent: Sent, quoted: Quoted) -> Barrier:
    """Whether the middleware or proxy at `path` keeps anonymous callers from an address; where, and whom besides."""
    interpreter.start()
    trace = Trace()
    frame = Frame(path, trace, (), 0)
    try:
        is_asked = runs_on(interpreter, path, sent.address, frame)
    except OutOfSteps:
        return UNSEEN
    if not is_asked:
        return Barrier(is_asked)
    names = project.export_names(path)
    name = next((name for name in MIDDLEWARE_EXPORTS if name in names), None)
    if name is None:
        return UNSEEN
    span, state = Span(path, 1, 1, 0, 0), interpreter.begun()
    try:
        handler = interpreter.exported(path, name, frame)
        given = Arguments((sent.request, PLAIN))
        answer = interpreter.settle(interpreter.invoke(handler, given, frame, state, span), frame, state, span)
    except (PathEnded, RecursionError, OutOfSteps):
        return UNSEEN
    return judged(answer, state.facts, path, trace, quoted)


def judged(answer: Value, facts: Facts, path: str, trace: Trace, quoted: Quoted) -> Barrier:
    """What the answers of a middleware come to for somebody whom nothing identifies.

    Where it lets nobody pass, it sends everybody elsewhere first: to the path in their language.
    """
    kept = {e.target for e in trace.effects.values() if e.kind is EffectKind.COOKIE and not is_renewed(e)}
    found = [
        (lets_pass(a), frozenset(f for f in a.under | facts if not is_cookie_of(f, kept))) for a in answer.alternatives
    ]
    known = [held for passes, held in found if passes and is_somebody(held)]
    others = [
        passes and (None if perhaps_authenticated(held) else True)
        for passes, held in found
        if not is_somebody(held) and not is_a_mode(held)
    ]
    if True in others:
        return OPEN
    asks = any(e.kind in {EffectKind.ASK, EffectKind.PROOF} for e in trace.effects.values())
    if None in others or not known:
        return UNSEEN if asks or None in others else OPEN
    gate, demand = gate_in_front(path, trace), joined(demand_among(held, quoted) for held in known)
    return Barrier(True, gate, demand, proven_of_all(known))


def proven_of_all(known: Sequence[Facts]) -> Facts:
    """What of callers is proven wherever a request passes."""
    return frozenset(fact for fact in frozenset.intersection(*known) if isinstance(fact, Authenticated | Role))


def is_somebody(facts: Facts) -> bool:
    """Whether some facts hold for nobody whom nothing identifies: they have shown who they are, or a role."""
    return asked_for(facts, with_cookies=True) is not None or has_right(facts)


def is_a_mode(facts: Facts) -> bool:
    """Whether the deployment has chosen a path, for all its callers: a mode for developers, without a login."""
    return any(isinstance(fact, Configured) and not fact.is_behind for fact in facts)


def is_cookie_of(fact: object, names: Collection[str]) -> bool:
    """Whether a fact says that a cookie was sent which the code itself hands out to everybody."""
    return isinstance(fact, Case) and is_a_cookie(fact) and fact.choice[1] in names  # type: ignore[index]


def is_renewed(effect: Effect) -> bool:
    """Whether a cookie is set again, or taken away, for who has sent it."""
    return any(is_cookie_of(fact, {effect.target}) for fact in effect.facts)


def gate_in_front(path: str, trace: Trace) -> Gate:
    """Where a middleware asks who is there."""
    asked = (e for e in trace.effects.values() if e.kind in {EffectKind.ASK, EffectKind.PROOF})
    spans = (span for e in asked for span in (*e.trail, e.span) if span.path == path and span.end)
    return Gate(Guard.MIDDLEWARE, next(spans, Span(path, 1, 1, 0, 0)), "a session")


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
