"""What an action does to the world, in order, each with the facts that held there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

from preship.analyzers.flow.facts import NO_FACTS, Facts, agreed, proofs_among
from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import Object, Value, of, origins_of, under, unite
from preship.analyzers.source.tree import Span

MOST_EFFECTS = 400
"""Per action; the largest real one seen has about sixty."""

MOST_UNSEEN = 200
"""So many effects leave no room for places that could not be seen: they must not push out what was."""

CHOSEN = "a table of the caller's choice"
"""The target of an effect on a store, where an input names the table."""

ISSUED = "a session that the program issues"
"""The target of what begins a session without asking anybody else: the program itself must have proven for whom."""

SET_BY_ITS_OWNER = "what its owner sets"
"""The target of a look at an account some of whose fields, its data, its owner writes without asking anybody."""

KEY_VALUE = "redis"
"""The target of what a store keeps under keys of its own, caches and counters above all, whichever store it is."""

LANGUAGE_MODEL = "a language model"
"""The target of what a model is asked, whichever service runs it: its answer tells of what it was shown."""

EMAIL = "an email"
"""The target of a mail, whichever service takes it."""


class EffectKind(StrEnum):
    """The kinds of effects."""

    READ = "read"
    INSERT = "insert"
    WRITE = "write"
    DELETE = "delete"
    SQL = "sql"
    SEND = "send"
    PAY = "pay"
    FETCH = "fetch"
    FILE = "file"
    RUN = "run"
    REDIRECT = "redirect"
    COOKIE = "cookie"
    REVALIDATE = "revalidate"
    LOG = "log"
    DIAL = "dial"
    """Opens a connection to a host that the program does not know by itself; what is said to it is another effect."""

    SCREEN = "screen"
    """Not an effect on the world: what the caller sends is held against the networks that only the server reaches."""

    IDENTIFY = "identify"
    """Begins a session or proves a credential: what sign-in, sign-up and a reset by mail do."""

    SIGN = "sign"
    """Signs or seals something with a key of the server's: whoever has it signed can show it as the server's word."""

    HUMAN = "human"
    """Asks whether a person is calling, and not who: what a form for anonymous callers does."""

    LEAVE = "leave"
    """Ends the caller's session. A guard may do so to whom it refuses: that excuses nothing else."""

    ASK = "ask"
    """Asks who is calling, which by itself stops nobody."""

    RETURN = "return"
    THROW = "throw"
    PROOF = "proof"
    """Not an effect on the world: from here on, the path knows more of its caller."""

    OWN = "own"
    """Not an effect on the world either: from here on, something is known to be the caller's."""

    STOP = "stop"
    """Nor is this: here ended the path on which something was not known to be the caller's."""

    CLAIM = "claim"
    """Nor is this: from here on, the path relies on an identity that nothing has verified."""

    PARSE = "parse"
    """Not an effect on the world either: a schema looks at a value."""

    FILTER = "filter"
    """Not an effect on the world either: a store reads conditions from a text, of which a caller may write a part."""

    LOAD = "load"
    """Runs a module at a computed path: what the program has written there, above all. By itself it does nothing."""

    UNSEEN = "unseen"
    """Code that could not be followed, which may do anything."""


CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE})
"""What is done to the records of a store."""


class Client(StrEnum):
    """As whom a store or service is spoken to."""

    SERVER = "server"
    """With the server's own rights: it does what it is told."""

    CALLER = "caller"
    """With the caller's own credentials: the other side judges."""

    SIGNED_IN = "signed-in"
    """With the caller's own credentials, to a side that asks no more than that there are some."""

    UNSEEN = "unseen"
    """With the caller's own credentials, to a side whose judgement cannot be seen from here."""


class Sink(StrEnum):
    """What the key of an effect is to the one who reads it, where a caller who writes into it says what is done."""

    COMMAND = "command"
    """A command line, or the program that runs."""

    CODE = "code"
    """Code, or a template that is compiled to it."""

    PATH = "path"
    """A path on the disk of the server."""


class Trait(StrEnum):
    """What else is known of a call, by the model of its library."""

    NEEDS_A_ROW = "needs a row"
    """It fails where there is no such row."""

    IS_A_FUNCTION = "is a function"
    """It runs a function of the database, which the target names."""

    SENDS_ANYWHERE = "sends anywhere"
    """It calls whatever address it is given."""

    SUMS_UP = "sums up"
    """It tells of rows together, and not what stands in them."""

    TAKES_ALL = "takes all"
    """It changes or deletes all rows of a table: no condition leaves any out."""

    TAKES_A_FILE = "takes a file"
    """It deletes, hands out or opens a file that is there."""

    DELETES = "deletes"
    """It is a request that asks for the deletion of what its address names."""

    EXPIRES = "expires"
    """It has a store forget a value after some time."""

    FAILS_MUTE = "fails mute"
    """What it throws says nothing of the cause."""


NO_TRAITS: frozenset[Trait] = frozenset()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What of a key the other side reads as a condition of its own where an object stands there, and not as a value."""

    value: Value
    matches_all: str
    """Such an object that matches every record, as a request carries it: `{"not": ""}`."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing an action does."""

    kind: EffectKind
    span: Span
    target: str
    """The model, table, host or file, in words; empty where it is not known."""

    what: str
    """The call in words: `prisma.post.delete`."""

    key: Value | None = None
    """What chooses the records."""

    data: Value | None = None
    """What is written or sent."""

    client: Client = Client.SERVER
    facts: Facts = NO_FACTS
    trail: tuple[Span, ...] = ()
    """The calls that lead here, from the action down."""

    conditions: Conditions | None = None
    """None where whatever stands in the key is bound as a value."""

    brings: tuple[str, ...] = ()
    """The relations whose records come along with all their columns: `guest`, `members.user`."""

    shows: tuple[str, ...] = ()
    """The relations, and the tables joined by name, of which at least some columns come along."""

    sink: Sink | None = None
    """What its key is to the one who reads it; None where it names a record, or says nothing of what is done."""

    traits: frozenset[Trait] = NO_TRAITS
    """What else is known of the call."""

    _kept: dict[object, object] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def kept(self) -> dict[object, object]:
        """The answers of questions about it that are asked often; see `once`. Of most, none is ever asked."""
        if self._kept is None:
            object.__setattr__(self, "_kept", {})
        return cast("dict[object, object]", self._kept)

    def __eq__(self, other: object) -> bool:
        """The same in all that it is; mostly, the place tells already that it is not."""
        if self is other:
            return True
        return isinstance(other, Effect) and self.span == other.span and self._parts() == other._parts()

    def _parts(self) -> tuple[object, ...]:
        what = (self.kind, self.target, self.what, self.key, self.data, self.client)
        return (*what, self.facts, self.trail, self.conditions, self.brings, self.shows, self.sink, self.traits)

    def at(self, facts: Facts, trail: tuple[Span, ...]) -> Effect:
        """The same where these facts hold, behind these calls."""
        what = (self.kind, self.span, self.target, self.what, self.key, self.data, self.client)
        return Effect(*what, facts, trail, self.conditions, self.brings, self.shows, self.sink, self.traits)


def both(before: Effect, now: Effect) -> Effect:
    """What stands for an effect that happens twice at one place: it itself, where the second time tells no more."""
    facts = agreed(before.facts, now.facts)
    key, data = either_key(before, now, facts), either(before.data, now.data)
    if facts is before.facts and key is before.key and data is before.data:
        return before
    what = (before.kind, before.span, before.target, before.what, key, data, before.client)
    more = (before.conditions, before.brings, before.shows, before.sink, before.traits)
    return Effect(*what, facts, before.trail, *more)


def exception_in(effect: Effect) -> Value | None:
    """What tells the exceptions apart that leave at one place."""
    return effect.data if effect.kind is EffectKind.THROW else None


def either(before: Value | None, now: Value | None) -> Value | None:
    """What an effect is given that happens twice at one place: a query that is put together in steps, a loop."""
    if before == now or now is None:
        return before
    return unite(before if before is not None else NOTHING, now)


def either_key(before: Effect, now: Effect, facts: Facts) -> Value | None:
    """What chooses the records of an effect that happens twice, each with what was proven beyond these facts then."""
    if before.key == now.key:
        return before.key
    return either(beyond(before, facts), beyond(now, facts))


def beyond(effect: Effect, facts: Facts) -> Value | None:
    """The key of an effect, with what was proven where it happened and does not hold wherever it does."""
    more = proofs_among(effect.facts - facts)
    return under(effect.key, more) if effect.key is not None and more else effect.key


NOTHING = of(Object(()))
"""What chooses no records, and so all of them."""


@dataclass(frozen=True, slots=True)
class Crash:
    """Where a path ends because an expression is proven to be null or undefined, or no method of what was sent."""

    span: Span
    is_call: bool
    """Whether it is called; else a property of it is read."""

    is_certain: bool = False
    """Whether no request brings anything with which the path would go on."""


@dataclass(frozen=True, slots=True)
class History:
    """What one activation went through that is over: as small as can be, since very many are remembered."""

    effects: tuple[Effect, ...] = ()
    """In order."""

    visited: frozenset[Span] = frozenset()
    """The functions and module variables that were executed."""

    handed_over: frozenset[tuple[str, Stored]] = frozenset()
    crashes: frozenset[Crash] = frozenset()
    overflowed: bool = False


@dataclass(slots=True)
class Trace:
    """The effects of one activation, in order; the same effect twice keeps what held both times, and may be given
    what either was."""

    effects: dict[tuple[object, ...], Effect] = field(default_factory=dict)
    visited: set[Span] = field(default_factory=set)
    """The functions and module variables that were executed."""

    handed_over: set[tuple[str, Stored]] = field(default_factory=set)
    """The whole records that a module's functions gave to code of other modules, each with the module's path."""

    crashes: set[Crash] = field(default_factory=set)
    overflowed: bool = False
    known: dict[tuple[object, ...], list[Facts]] = field(default_factory=dict)
    """What had been proven each time that an effect happened, whatever calls led there."""

    def add(self, effect: Effect) -> None:
        """Note an effect; one that happened before with no more proven tells nothing new on another way to it."""
        place = (effect.kind, effect.span, effect.trail, effect.what, exception_in(effect))
        before = self.effects.get(place)
        if before is not None:
            self.effects[place] = both(before, effect)
        elif self._is_new(effect):
            if len(self.effects) < (MOST_UNSEEN if effect.kind is EffectKind.UNSEEN else MOST_EFFECTS):
                self.effects[place] = effect
            else:
                self.overflowed = True

    def undone_unless(self, facts: Facts, is_undone: Callable[[Effect], bool], since: int = 0) -> None:
        """The changes that the store undoes unless these facts come to hold, among the effects noted `since` then."""
        for place, effect in list(self.effects.items())[since:] if facts else ():
            if effect.kind in CHANGES and is_undone(effect):
                self.effects[place] = replace(effect, facts=effect.facts | facts)

    def hand_over(self, module: str, value: Value) -> None:
        """Note what leaves a module as the value of a call."""
        for origin in origins_of(value):
            if isinstance(origin, Stored) and origin.is_whole and not origin.path and not origin.is_fresh:
                self.handed_over.add((module, origin))

    def over(self, same: dict[frozenset[Span], frozenset[Span]]) -> History:
        """What is left to remember; `same` has the sets of visited places that others remember already."""
        visited = frozenset(self.visited)
        visited = same.setdefault(visited, visited)
        handed_over, crashes = frozenset(self.handed_over), frozenset(self.crashes)
        return History(tuple(self.effects.values()), visited, handed_over, crashes, self.overflowed)

    def include(self, inner: History) -> None:
        """Take over what another activation went through, its effects left out."""
        self.pass_through(inner)
        self.handed_over |= inner.handed_over
        self.overflowed |= inner.overflowed

    def pass_through(self, inner: History | Trace) -> None:
        """Take over which code another activation ran, and where its paths crashed."""
        self.visited |= inner.visited
        self.crashes |= inner.crashes

    def _is_new(self, effect: Effect) -> bool:
        same = (effect.kind, effect.span, effect.what, effect.key, effect.data, effect.client)
        proofs = proofs_among(effect.facts)
        known = self.known.setdefault(same, [])
        if any(weaker <= proofs for weaker in known):
            return False
        if len(known) < MOST_EFFECTS:
            known.append(proofs)
        return True
