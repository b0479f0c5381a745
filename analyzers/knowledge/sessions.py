"""Sessions that an application keeps itself: Lucia, iron-session, and what hashes and encodes their tokens."""

from __future__ import annotations

from analyzers.flow.effects import ISSUED, EffectKind
from analyzers.flow.facts import NO_FACTS, authenticated
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Request, Session, Stored
from analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Library,
    Promise,
    Truth,
    Unknown,
    Value,
    choice,
    obj,
    of,
    origins_of,
    unknown,
)
from analyzers.knowledge.rows import LibraryModel, effect, gives, made, name_of, proof, session_or_null, text
from analyzers.source.tree import Span

LUCIA = "Lucia"
IRON = "iron-session"

SAYS_SIGNED_IN = frozenset({"isLoggedIn", "isAuthenticated", "isSignedIn", "isAuth"})
"""Flags that say that there is a session, and nothing of what it may do."""


def validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`lucia.validateSession(id)`: `{ session, user }`, both there or both `null`."""
    calling.may_fail()
    calling.emit(EffectKind.ASK, LUCIA, LUCIA)
    there = obj(session=part("session"), user=part("user"))
    absent = obj(session=NULL_VALUE, user=NULL_VALUE)
    return of(Promise(choice((LUCIA, True), (there, proof(LUCIA, calling)), (absent, NO_FACTS))))


def part(name: str) -> Value:
    """A part of a session that is there."""
    return unknown({Session(LUCIA, True, (name,))}, Truth.TRUTHY)


def validated_request(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.handleRequest(…).validate()` of version 2: the session, or `null`."""
    calling.may_fail()
    return of(Promise(session_or_null(LUCIA, calling)))


def opened(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getIronSession(cookies, options)`: an object for everybody, sealed by the server."""
    calling.may_fail()
    calling.emit(EffectKind.ASK, IRON, IRON)
    return of(Promise(of(Library("iron-session#session", (), (calling.span,)))))


def sealed_part(library: Library, name: str) -> Value | None:
    """A field of the sealed cookie: only the server can have put it there."""
    if library.path or name in {"save", "destroy", "updateConfig"}:
        return None
    span = library.state[0]
    assert isinstance(span, Span)  # noqa: S101
    there = TRUE_VALUE if name in SAYS_SIGNED_IN else unknown({Session(IRON, True, (name,))}, Truth.TRUTHY)
    return choice((IRON, True), (there, authenticated(IRON, span)), (UNDEFINED_VALUE, NO_FACTS))


def kept(library: Library, given: Arguments, calling: Calling) -> Value:
    """`session.user = record` begins a session; `session.theme = input` is a cookie."""
    name = library.path[-1].removesuffix("=")
    value = given.at(0)
    begins = value == TRUE_VALUE or any(isinstance(o, Stored) for o in origins_of(value))
    kind, target = (EffectKind.IDENTIFY, ISSUED) if begins else (EffectKind.COOKIE, IRON)
    calling.emit(kind, target, f"session.{name}", data=value)
    return UNDEFINED_VALUE


def ended(library: Library, given: Arguments, calling: Calling) -> Value:
    """`session.destroy()`."""
    calling.emit(EffectKind.LEAVE, IRON, name_of(library))
    return UNDEFINED_VALUE


def unsealed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`unsealData(seal, { password })`: an empty object for what the server has not sealed."""
    calling.may_fail()
    calling.emit(EffectKind.ASK, IRON, IRON)
    return of(Promise(of(Library("iron-session#session", (), (calling.span,)))))


def sealed_data(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sealData(data, { password })`."""
    calling.emit(EffectKind.SIGN, "a seal", name_of(library), data=given.at(0))
    return of(Promise(PLAIN))


COOKIE = obj(name=PLAIN, value=of(Unknown(frozenset(), is_primitive=True)), attributes=PLAIN)

SESSION_COOKIE = choice(
    ("cookie", "better-auth.session_token"),
    (unknown({Request("cookie", "better-auth.session_token")}, Truth.TRUTHY), NO_FACTS),
    (NULL_VALUE, NO_FACTS),
)


created = effect(EffectKind.IDENTIFY, ISSUED, data=0, gives=part("session"))
session_cookie = gives(COOKIE)
password_used = effect(EffectKind.IDENTIFY, "a password", gives=part("key"))
user_made = effect(EffectKind.INSERT, "user", data=0, gives=part("user"))
cookie_of_session = gives(SESSION_COOKIE)


MODELS = (
    LibraryModel(
        frozenset({"lucia"}),
        "https://v3.lucia-auth.com/reference/main/",
        {
            ("lucia",): made("lucia#instance"),
            ("generateId",): gives(PLAIN),
            ("generateIdFromEntropySize",): gives(PLAIN),
        },
        makers={("Lucia",): made("lucia#instance")},
        otherwise=text,
    ),
    LibraryModel(
        frozenset({"lucia#instance"}),
        "https://v3.lucia-auth.com/reference/main/Lucia",
        {
            ("validateSession",): validated,
            ("createSession",): created,
            ("invalidateSession",): effect(EffectKind.LEAVE, "the caller's session", key=0),
            ("invalidateUserSessions",): effect(EffectKind.DELETE, "sessions", key=0),
            ("invalidateAllUserSessions",): effect(EffectKind.DELETE, "sessions", key=0),
            ("getUserSessions",): effect(EffectKind.READ, "sessions", key=0),
            ("createSessionCookie",): session_cookie,
            ("createBlankSessionCookie",): session_cookie,
            ("readSessionCookie",): text,
            ("readBearerToken",): text,
            ("handleRequest",): made("lucia#request"),
            ("useKey",): password_used,
            ("createUser",): user_made,
            ("updateUserAttributes",): effect(EffectKind.WRITE, "user", key=0, data=1),
            ("deleteUser",): effect(EffectKind.DELETE, "user", key=0),
        },
        members={("sessionCookieName",): PLAIN},
    ),
    LibraryModel(
        frozenset({"lucia#request"}),
        "https://v2.lucia-auth.com/reference/lucia/interfaces/authrequest/",
        {
            ("validate",): validated_request,
            ("validateBearerToken",): validated_request,
            # With a session, or with `null` to end it.
            ("setSession",): effect(EffectKind.COOKIE, "the caller's session", data=0),
        },
    ),
    LibraryModel(
        frozenset({IRON, "iron-session/edge"}),
        "https://github.com/vvo/iron-session#api",
        {("getIronSession",): opened, ("unsealData",): unsealed, ("sealData",): sealed_data},
    ),
    LibraryModel(
        frozenset({"iron-session#session"}),
        "https://github.com/vvo/iron-session#api",
        {
            ("save",): effect(EffectKind.COOKIE, IRON),
            ("destroy",): ended,
            ("updateConfig",): gives(UNDEFINED_VALUE),
        },
        otherwise=kept,
        read=sealed_part,
    ),
    LibraryModel(
        frozenset({"better-auth/cookies"}),
        "https://www.better-auth.com/docs/integrations/next#auth-protection",
        # Whether there is a cookie, and nothing of whether it is a session's.
        {("getSessionCookie",): cookie_of_session},
    ),
    LibraryModel(
        frozenset({"arctic"}),
        "https://arcticjs.dev/",
        {("generateState",): gives(PLAIN), ("generateCodeVerifier",): gives(PLAIN)},
        otherwise=text,
    ),
    LibraryModel(
        frozenset(
            {
                "@oslojs/encoding",
                "@oslojs/binary",
                "@oslojs/crypto/sha1",
                "@oslojs/crypto/sha2",
                "@oslojs/crypto/sha3",
                "@oslojs/crypto/random",
                "@oslojs/crypto/hmac",
                "oslo",
                "oslo/encoding",
                "oslo/crypto",
                "@noble/hashes/sha256",
                "@noble/hashes/utils",
            }
        ),
        "https://oslojs.dev/",
        otherwise=text,
    ),
)
