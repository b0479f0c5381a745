"""Where values come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from preship.analyzers.source.tree import Span

MOST_ORIGINS = 32
"""Of one value. Where everything has been mixed with everything, its parts tell nothing more."""

DEEPEST_PATH = 5
"""Property paths are cut here: deeper ones tell nothing more about who chose a value."""


@dataclass(frozen=True, slots=True)
class Input:
    """Chosen by the caller: an argument of the action, or a part of it."""

    parameter: str
    path: tuple[str, ...] = ()
    place: int | None = field(default=None, compare=False, repr=False)
    """Which argument it is, from 0, where the code gives the parameter no name; `parameter` tells it apart then."""


REST = "arguments"
"""The parameter of what a wrapper takes as `...args`; its parts bear the names that the function behind gives them."""


ALL = "*"


@dataclass(frozen=True, slots=True)
class Request:
    """Sent by the caller beside the arguments: a cookie, a header, a search parameter."""

    kind: str
    """`cookie`, `header` or `search`."""

    name: str
    field: str = ""
    """Of what a cookie holds as JSON, the field that was read: `id` of an account; `ALL` for the whole of it."""


@dataclass(frozen=True, slots=True)
class Session:
    """Derived from the caller's identity."""

    provider: str
    is_verified: bool
    """False for what a client can forge."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """Read from a store."""

    model: str
    key: frozenset[Origin]
    """What it was looked up by; records inside are reduced to their own keys."""

    is_whole: bool = True
    """False where the columns were named."""

    path: tuple[str, ...] = ()
    is_exact: bool = True
    """False for one row of a filtered list."""

    is_fresh: bool = False
    """Whether this call has made it: nobody else's, whatever it was made of."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not leave the server."""

    name: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A call of code that is not the project's, which fails and says why."""

    call: Span
    is_for_callers: bool = False
    """Whether it says so to whoever calls it, as services do in their answers, and not to those who run the program."""

    is_unread: bool = False
    """Whether nothing is known of what it does."""


def answered(call: Span) -> Caught:
    """The error that a call answers with."""
    return Caught(by=call, sources=frozenset({Failure(call, is_for_callers=True)}))


@dataclass(frozen=True, slots=True)
class Caught:
    """A caught exception, or a part of it."""

    path: tuple[str, ...] = ()
    by: Span | None = None
    """Where it was caught, or the call that answered with it."""

    sources: frozenset[Failure] = frozenset()
    """What may have failed, beside the code of the project; empty: nothing that says more than that code."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A variable of the render, captured by an inline action."""

    name: str


@dataclass(frozen=True, slots=True)
class Remote:
    """Answered by another service."""

    host: str
    path: tuple[str, ...] = ()
    is_wrapped: bool = False
    """Whether the answer only wraps a record by its name: `{ order }`."""


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Came from code that could not be followed."""

    what: str
    """The code; of a library, the call, `decode()`, and empty where the library itself is called."""

    package: str = ""
    """The library that nothing is known of, or the module that is not in the tree, where it is one's code."""

    is_settled: bool = False
    """Whether it was waited for."""

    may_refuse: bool = False
    """Whether it is what a function of that library promises, and the function may refuse by throwing."""

    @property
    def why(self) -> str:
        """What could not be followed, in words."""
        return of_package(self.what, self.package)


def of_package(what: str, package: str) -> str:
    """What a sentence calls something of a package: `decode() of a-library`; or the package, where it is called."""
    return f"{what} of {package}" if what and package else what or f"{package}()"


PUT_LATER, GIVEN_BEFORE = "what other code puts there later", "what an earlier call was given"
"""Why it is not known what a variable holds that outlives a call."""

SETTINGS = "its own settings"
"""The host of what a program reads from a file at a path that it knows itself, or tells by a look at a secret."""

SEALED = Remote(SETTINGS, ("sealed",))
"""In what was hashed, signed or encrypted: a secret of the program's that cannot be read there, and nobody else has."""

DISK = "a file"
"""The host of what a file holds whose path is not the program's own."""

Origin = Input | Request | Session | Stored | Secret | Caught | Captured | Remote | Unfollowed
Origins = frozenset[Origin]
NOTHING: Origins = frozenset()


def all_of(some: Origins, others: Origins) -> Origins:
    """Both; where one holds the other, that very set, because most values come from where their parts do."""
    if some is others or not others or others <= some:
        return some
    return others if some <= others else some | others


def gathered(origins: Iterable[Origin]) -> Origins:
    """These origins; where they are very many, what they are parts of."""
    found = frozenset(origins)
    for kept in (1, 0):
        if len(found) <= MOST_ORIGINS:
            break
        found = frozenset(shortened(origin, kept) for origin in found)
    return found


def shortened(origin: Origin, kept: int) -> Origin:
    """What an origin is a part of, so many properties deep."""
    if not isinstance(origin, Input | Session | Stored) or len(origin.path) <= kept:
        return origin
    return replace(origin, path=origin.path[:kept])


@lru_cache(maxsize=16384)
def all_deeper(origins: Origins, name: str) -> Origins:
    """The origins of a property of a value of these origins; how long a secret is does not tell it."""
    told = (o for o in origins if not isinstance(o, Secret)) if name in LENGTHS else origins
    return gathered(deeper(origin, name) for origin in told)


LENGTHS = frozenset({"length", "byteLength"})


def deeper(origin: Origin, name: str) -> Origin:
    """The origin of a property of a value of this origin."""
    if isinstance(origin, Input):
        return (
            origin if len(origin.path) >= DEEPEST_PATH else Input(origin.parameter, (*origin.path, name), origin.place)
        )
    if isinstance(origin, Session):
        if len(origin.path) >= DEEPEST_PATH:
            return origin
        return Session(origin.provider, origin.is_verified, (*origin.path, name))
    if isinstance(origin, Stored):
        if len(origin.path) >= DEEPEST_PATH:
            return origin
        return replace(origin, path=(*origin.path, name))
    if isinstance(origin, Remote):
        if origin.is_wrapped:
            return Remote(origin.host, origin.path)
        return origin if len(origin.path) >= DEEPEST_PATH else Remote(origin.host, (*origin.path, name))
    if isinstance(origin, Caught):
        return origin if len(origin.path) >= DEEPEST_PATH else replace(origin, path=(*origin.path, name))
    if isinstance(origin, Request) and origin.field:
        return replace(origin, field=name)
    return origin


def roots(origins: Iterable[Origin]) -> Origins:
    """The origins that a lookup key consists of: records are replaced by what they were looked up by.

    A record that was just made is nobody's choice of another: what it was made of does not name it.
    """
    found: set[Origin] = set()
    for origin in origins:
        if isinstance(origin, Stored):
            found |= origin.key if not origin.is_fresh else NOTHING
        else:
            found.add(origin)
    return frozenset(found)
