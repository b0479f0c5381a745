"""Auth.js and NextAuth.js: sessions and sign-in."""

from __future__ import annotations

from preship.analyzers.flow.collections import spread_into
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Closure,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    of,
    origins_of,
    with_field,
)
from preship.analyzers.knowledge.rows import (
    name_of,
    native,
    session_or_null,
)

PROVIDER = "Auth.js"


def auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth()` gives the session; `auth(handler)` wraps a route handler."""
    wrapped = given.at(0)
    if any(isinstance(a.shape, Closure) for a in wrapped.alternatives):
        return native("auth", lambda inner, rest: _handled(wrapped, inner, rest))
    calling.may_fail()
    return of(Promise(session_or_null(PROVIDER, calling)))


def begun(library: Library, given: Arguments, calling: Calling) -> Value:
    """`signIn(provider, options)`: what it is given becomes the fields of a form, each of them a text.

    https://github.com/nextauthjs/next-auth/blob/main/packages/next-auth/src/lib/actions.ts
    """
    calling.may_fail()
    fields = Unknown(origins_of(given.at(1)), is_checked=True, is_primitive=True)
    calling.emit(EffectKind.IDENTIFY, "the caller's session", name_of(library), data=of(fields))
    return of(Promise(PLAIN))


def _handled(wrapped: Value, calling: Calling, given: Arguments) -> Value:
    session_of_now = session_or_null(PROVIDER, calling)
    request = of(with_field(spread_into(Object(()), given.at(0)), "auth", session_of_now))
    return calling.call(wrapped, Arguments((request, *given.values[1:])))
