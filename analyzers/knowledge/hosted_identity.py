"""Hosted identity: Auth0, Kinde, Stack, WorkOS, Logto, PropelAuth, Descope and their kind."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client
from preship.analyzers.flow.facts import Role, Unnamed
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import opaque
from preship.analyzers.flow.origins import Session, Unfollowed
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Constant,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    obj,
    of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.identities import described, part
from preship.analyzers.knowledge.managed import managed
from preship.analyzers.knowledge.rows import (
    identity,
    is_absent,
    option,
    proof,
    session_or_null,
)

# --- words of this file --------------------------------------------------------------------------------------------


# --- Kinde ---------------------------------------------------------------------------------------------------------

KINDE = "Kinde"


def kinde_permission(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getPermission('posts:write')`: `{ isGranted }`."""
    calling.may_fail()
    facts = proof(KINDE, calling) | {Role((text_of(given.at(0)) or Unnamed.PERMISSION,), calling.span)}
    granted = of(Unknown(frozenset(), Truth.MAYBE, facts, is_primitive=True))
    return of(Promise(obj(PLAIN, isGranted=granted)))


# --- Stack ---------------------------------------------------------------------------------------------------------

STACK = "Stack Auth"


def stack_user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getUser()` gives the user or `null`; `{ or: 'redirect' }` and `{ or: 'throw' }` go on with a user only."""
    asked = given.at(0)
    if not is_absent(asked) and not any(isinstance(a.shape, Object) for a in asked.alternatives):
        return managed("users", Client.SERVER)(library, given, calling)
    if text_of(option(asked, "or")) in {"redirect", "throw"}:
        return of(Promise(identity(STACK), proof(STACK, calling), PLAIN))
    calling.may_fail()
    return of(Promise(session_or_null(STACK, calling)))


# --- SuperTokens ---------------------------------------------------------------------------------------------------


def unread(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call of which nothing is known."""
    why = f"{'.'.join((library.root, *library.path))}()"
    return opaque((of(library), *given.all()), Unfollowed(why), calling.span)


# --- WorkOS ---------------------------------------------------------------------------------------------------------

WORKOS = "WorkOS"


def with_auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withAuth()` gives `{ user }`, `withAuth({ ensureSignedIn: true })` redirects where there is none."""
    ensured = option(given.at(0), "ensureSignedIn")
    if any(isinstance(a.shape, Constant) and a.shape.value is True for a in ensured.alternatives):
        fields = {name: part(WORKOS, name) for name in ("user", "sessionId", "accessToken")}
        there = obj(unknown({Session(WORKOS, True)}), **fields)
        return of(Promise(there, proof(WORKOS, calling), PLAIN))
    return described(WORKOS, "user", "sessionId", "accessToken", absent=NULL_VALUE)(library, given, calling)
