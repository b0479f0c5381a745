"""Auth.js and NextAuth.js: sessions and sign-in."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import PLAIN, Array, Closure, Library, Promise, Value, obj, of
from analyzers.knowledge.rows import LEAVES, Shelf, effect, made, native, promises, session, session_or_null

PROVIDER = "Auth.js"


def auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth()` gives the session; `auth(handler)` wraps a route handler."""
    wrapped = given.at(0)
    if any(isinstance(a.shape, Closure) for a in wrapped.alternatives):
        return native("auth", lambda inner, rest: _handled(wrapped, inner, rest))
    calling.may_fail()
    return of(Promise(session_or_null(PROVIDER, calling)))


def _handled(wrapped: Value, calling: Calling, given: Arguments) -> Value:
    request = obj(given.at(0), auth=session_or_null(PROVIDER, calling))
    return calling.call(wrapped, Arguments((request, *given.values[1:])))


SHELVES = (
    Shelf(
        frozenset({"next-auth", "next-auth/next", "@auth/core"}),
        "https://authjs.dev/getting-started/session-management/get-session",
        {
            ("default",): made("next-auth#instance"),
            ("NextAuth",): made("next-auth#instance"),
            ("getServerSession",): session(PROVIDER),
            ("unstable_getServerSession",): session(PROVIDER),
        },
    ),
    Shelf(
        frozenset({"next-auth#instance"}),
        "https://authjs.dev/reference/nextjs",
        {
            ("auth",): auth,
            ("signIn",): effect(EffectKind.IDENTIFY, "the caller's session", data=1),
            ("signOut",): LEAVES,
            ("unstable_update",): effect(EffectKind.COOKIE, "the caller's session", data=0),
        },
    ),
    Shelf(
        frozenset({"next-auth/jwt"}),
        "https://authjs.dev/reference/core/jwt",
        {("getToken",): session(PROVIDER), ("decode",): session(PROVIDER), ("encode",): promises(PLAIN)},
    ),
)
__all__ = ["SHELVES", "Array"]
