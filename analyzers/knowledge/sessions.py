"""Sessions that an application keeps itself: Lucia, iron-session, and what hashes and encodes their tokens."""

from __future__ import annotations

from preship.analyzers.conventions.sessions import SIGNED_IN_FLAG
from preship.analyzers.flow.effects import ISSUED, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Request, Session, Stored
from preship.analyzers.flow.values import (
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
from preship.analyzers.knowledge.rows import effect, name_of, proof, session_or_null
from preship.analyzers.source.tree import Span

LUCIA = "Lucia"
IRON = "iron-session"


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
    there = TRUE_VALUE if SIGNED_IN_FLAG.matches(name) else unknown({Session(IRON, True, (name,))}, Truth.TRUTHY)
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
password_used = effect(EffectKind.IDENTIFY, "a password", gives=part("key"))
user_made = effect(EffectKind.INSERT, "user", data=0, gives=part("user"))
