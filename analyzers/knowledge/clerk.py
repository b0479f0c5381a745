"""Clerk: the session object whose fields are there together, its guards, and its management interface."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Claimed, Facts, Role, Unnamed
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    NULL_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Closure,
    Library,
    Native,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    choice,
    obj,
    of,
    text_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.knowledge.rows import native, proof, session_or_null

PROVIDER = "Clerk"
DECISION = (PROVIDER, True)
"""The choice that ties every answer about one request's session together, as `session_or_null` names it."""

ORGANIZATION = (PROVIDER, "organization")


def part(*path: str) -> Value:
    """A part of the session that is there."""
    return unknown({Session(PROVIDER, True, path)}, Truth.TRUTHY)


def when_signed_in(value: Value, absent: Value, proven: Facts) -> Value:
    """A field of the session object."""
    return choice(DECISION, (value, proven), (absent, NO_FACTS))


def in_organization(*path: str) -> Value:
    """A part of the session that only members of an active organization have; to others it is `undefined`.

    https://clerk.com/docs/reference/backend/types/auth-object
    """
    return choice(ORGANIZATION, (part(*path), NO_FACTS), (UNDEFINED_VALUE, NO_FACTS))


def signed_in(calling: Calling) -> dict[str, Value]:
    """The fields of the session object of someone signed in."""
    return {
        "userId": part("userId"),
        "sessionId": part("sessionId"),
        "sessionClaims": part("sessionClaims"),
        "actor": part("actor"),
        "tokenType": part("tokenType"),
        "orgId": in_organization("orgId"),
        "orgSlug": in_organization("orgSlug"),
        "orgRole": in_organization("orgRole"),
        "orgPermissions": in_organization("orgPermissions"),
        "isAuthenticated": TRUE_VALUE,
        "isSignedIn": TRUE_VALUE,
    }


def auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth()`: an object for everybody, whose fields tell who is signed in. Synchronous before version 6.

    https://clerk.com/docs/reference/nextjs/app-router/auth
    """
    calling.emit(EffectKind.ASK, PROVIDER, "auth() of Clerk")
    proven = proof(PROVIDER, calling)
    fields = {
        name: when_signed_in(value, FALSE_VALUE if value == TRUE_VALUE else NULL_VALUE, proven)
        for name, value in signed_in(calling).items()
    }
    return of(Object(tuple({**fields, **methods(proven)}.items())))


def methods(proven: Facts) -> dict[str, Value]:
    """The functions of the session object."""
    token = of(Promise(when_signed_in(part("token"), NULL_VALUE, proven)))
    return {
        "has": native("has", has),
        "protect": native("protect", protect_now),
        "redirectToSignIn": native("redirectToSignIn", leave),
        "redirectToSignUp": native("redirectToSignUp", leave),
        "getToken": of(Native("getToken", None, Answer(token))),
    }


class Answer:
    """A function that always gives the same; equal to another of the same, so that values with it compare."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """Give it."""
        return self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answer) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def leave(calling: Calling, given: Arguments) -> Value:
    """Redirects to Clerk's own pages."""
    calling.emit(EffectKind.REDIRECT, PROVIDER, "redirectToSignIn() of Clerk")
    calling.end()
    return PLAIN


def asked(given: Arguments, calling: Calling) -> Facts:
    """The permission that `{ role: 'org:admin' }` or `has => has({ role })` asks for."""
    found = [
        Role((text_of(value) or name,), calling.span)
        for a in given.at(0).alternatives
        if isinstance(a.shape, Object)
        for name, value in a.shape.fields
        if name in {"role", "permission", "feature", "plan"}
    ]
    if any(isinstance(a.shape, Closure) for a in given.at(0).alternatives):
        found.append(Role((Unnamed.CONDITION,), calling.span))
    return frozenset(found)


def has(calling: Calling, given: Arguments) -> Value:
    """`has({ permission })`: only somebody signed in has one."""
    facts = asked(given, calling) | proof(PROVIDER, calling)
    return of(Unknown(frozenset({Session(PROVIDER, True, ("has",))}), Truth.MAYBE, facts, is_primitive=True))


def protect_now(calling: Calling, given: Arguments) -> Value:
    """`auth().protect()` of version 5."""
    calling.may_fail()
    calling.prove(proof(PROVIDER, calling) | asked(given, calling))
    return of(Object(tuple(signed_in(calling).items())))


def protect(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.protect()`: throws or redirects, once it is awaited."""
    facts = proof(PROVIDER, calling) | asked(given, calling)
    session = {**signed_in(calling), **methods(proof(PROVIDER, calling))}
    return of(Promise(of(Object(tuple(session.items()))), facts, PLAIN))


def current_user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`currentUser()`: the user, or `null`."""
    calling.may_fail()
    return of(Promise(session_or_null(PROVIDER, calling, part=("user",))))


def from_request(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getAuth(request)`, as in `auth()`."""
    return auth(library, given, calling)


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verifyToken(token)`: its claims, or a throw."""
    return of(Promise(part("sessionClaims"), proof(PROVIDER, calling), PLAIN))


def authenticated_request(library: Library, given: Arguments, calling: Calling) -> Value:
    """`clerkClient.authenticateRequest(request)`."""
    state = auth(library, given, calling)
    fields = {name: calling.member(state, name) for name in ("isSignedIn", "isAuthenticated")}
    return of(Promise(obj(**fields, toAuth=of(Native("toAuth", None, Answer(state))))))


def password_verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`users.verifyPassword({ userId, password })`: throws unless it is right."""
    calling.emit(EffectKind.IDENTIFY, "a password", "users.verifyPassword() of Clerk", key=given.at(0))
    return of(Promise(obj(verified=TRUE_VALUE), proof("a password", calling), PLAIN))


def claimed(library: Library, given: Arguments, calling: Calling) -> Value:
    """A client-side hook, which on the server has not verified anything."""
    user = under(unknown({Session(PROVIDER, False)}, Truth.TRUTHY), frozenset({Claimed(PROVIDER, calling.span)}))
    return unite(user, NULL_VALUE)
