"""Supabase's authentication: who is calling, and what begins, ends and administers accounts."""

from __future__ import annotations

from preship.analyzers.flow import origins
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Claimed, Facts, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import NULL_VALUE, PLAIN, Library, Promise, Truth, Value, choice, obj, of, unknown
from preship.analyzers.knowledge.managed import kind_of
from preship.analyzers.knowledge.rows import record, records

PROVIDER = "Supabase"

NOBODYS = "nobody's"
"""The mark of a client that was made without any session: on a server, nobody has signed in with it."""


def answered(calling: Calling, found: Value, facts: Facts = NO_FACTS) -> Value:
    """`{ data, error }`, promised: one of them is there."""
    good = obj(data=found, error=NULL_VALUE)
    bad = obj(data=NULL_VALUE, error=unknown({origins.answered(calling.span)}, Truth.TRUTHY))
    return of(Promise(choice((calling.span, PROVIDER), (good, facts), (bad, NO_FACTS))))


def part(*path: str, is_verified: bool = True) -> Value:
    """A part of the session that is there."""
    return unknown({Session(PROVIDER, is_verified, path)}, Truth.TRUTHY)


def asked(there: Value, absent: Value, calling: Calling, *, is_verified: bool = True) -> Value:
    """`{ data, error }` of a question for the session; all answers of one request agree."""
    calling.may_fail(is_told=False)
    calling.emit(EffectKind.ASK, PROVIDER, PROVIDER)
    facts: Facts = frozenset({Claimed(PROVIDER, calling.span)})
    if is_verified:
        facts = authenticated(PROVIDER, calling.span)
    good = obj(data=there, error=NULL_VALUE)
    # No session is an error of `getUser`, and none of `getSession`.
    error = unknown({origins.answered(calling.span)}, Truth.TRUTHY) if is_verified else NULL_VALUE
    bad = obj(data=absent, error=error)
    return of(Promise(choice((PROVIDER, is_verified), (good, facts), (bad, NO_FACTS))))


def is_nobodys(library: Library, given: Arguments) -> bool:
    """Whether a client is asked who calls that has nobody to ask about, and is given no token either."""
    return NOBODYS in library.state and not given.values


def absent(there: Value, calling: Calling) -> Value:
    """The answer where there is no session."""
    calling.may_fail(is_told=False)
    return of(Promise(obj(data=there, error=unknown({origins.answered(calling.span)}, Truth.TRUTHY))))


def user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.getUser()`: asked of the server, which verifies the token."""
    if is_nobodys(library, given):
        return absent(obj(user=NULL_VALUE), calling)
    return asked(obj(user=part("user")), obj(user=NULL_VALUE), calling)


def claims(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.getClaims()`: verifies the token's signature."""
    return asked(obj(claims=part("claims"), header=PLAIN, signature=PLAIN), NULL_VALUE, calling)


def session(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.getSession()`: what the cookie says, unverified.

    https://supabase.com/docs/guides/auth/server-side/nextjs
    """
    found = part(is_verified=False)
    return asked(obj(session=found), obj(session=NULL_VALUE), calling, is_verified=False)


def identified(library: Library, given: Arguments, calling: Calling) -> Value:
    """Sign-in, sign-up, verification: on success there is a session."""
    name = library.path[-1]
    calling.may_fail(is_told=False)
    calling.emit(EffectKind.IDENTIFY, "the caller's session", f"supabase.auth.{name}", data=given.at(0))
    found = obj(PLAIN, user=part("user"), session=part("session"))
    return answered(calling, found, authenticated(PROVIDER, calling.span))


def begun(library: Library, given: Arguments, calling: Calling) -> Value:
    """Steps that send the caller a link, a code or to another site."""
    calling.may_fail(is_told=False)
    name = library.path[-1]
    calling.emit(EffectKind.IDENTIFY, "the caller's session", f"supabase.auth.{name}", data=given.at(0))
    return answered(calling, obj(unknown((), Truth.TRUTHY)))


def left(library: Library, given: Arguments, calling: Calling) -> Value:
    """`signOut()`."""
    calling.may_fail(is_told=False)
    calling.emit(EffectKind.LEAVE, "the caller's session", "supabase.auth.signOut")
    return answered(calling, NULL_VALUE)


def own_account(library: Library, given: Arguments, calling: Calling) -> Value:
    """What changes the account or the session that the client speaks for, and fails without one."""
    calling.may_fail(is_told=False)
    what = ".".join(("supabase", *library.path))
    calling.emit(EffectKind.WRITE, "the caller's account", what, data=given.at(0), client=Client.CALLER)
    found = obj(PLAIN, user=part("user"), session=part("session"))
    return answered(calling, found, authenticated(PROVIDER, calling.span))


def administered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.admin.*`: does what it is told, to any user."""
    name = library.path[-1]
    kind = kind_of(name)
    what = ".".join(("supabase", *library.path))
    key = None if kind in {EffectKind.INSERT} or name == "listUsers" else given.at(0)
    body = given.at(0) if kind is EffectKind.INSERT else given.at(1)
    calling.may_fail(is_told=False)
    calling.emit(kind, "users", what, key=key, data=None if kind is EffectKind.READ else body)
    if name == "listUsers":
        return answered(calling, obj(PLAIN, users=records("users", None, calling)))
    return answered(calling, obj(PLAIN, user=record("users", key, calling)))
