"""Hosted identity: Auth0, Kinde, Stack, Logto, PropelAuth, Descope and their kind."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client
from preship.analyzers.flow.facts import Role
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import opaque
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.values import (
    PLAIN,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    obj,
    of,
    text_of,
)
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
    facts = proof(KINDE, calling) | {Role(text_of(given.at(0)) or "permission", calling.span)}
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
