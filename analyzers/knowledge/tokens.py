"""JSON Web Tokens: verifying one proves who is calling, decoding one proves nothing."""

from __future__ import annotations

from preship.analyzers.conventions.settings import ADMIN_KEY_SETTING
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Claimed, Facts, Role, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Request, Secret, Session, Unfollowed
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Closure,
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
from preship.analyzers.knowledge.rows import name_of

PROVIDER = "a signed token"


def claims(token: Value, calling: Calling, *, is_verified: bool, key: Value = PLAIN) -> tuple[Value, Facts]:
    """What stands in a token, and what that proves: a token that the caller brought speaks of the caller.

    One that is signed with a key of the administrators' own says that they are one.
    """
    found = origins_of(token)
    brought = {o for o in found if isinstance(o, Input | Request | Unfollowed)}
    if found and not brought:
        return unknown(found, Truth.TRUTHY), NO_FACTS
    origins = (found - brought) | {Session(PROVIDER, is_verified)}
    if not is_verified:
        return unknown(origins, Truth.TRUTHY), frozenset({Claimed(PROVIDER, calling.span)})
    names = {o.name for o in origins_of(key) if isinstance(o, Secret)}
    is_of_admins = bool(names) and all(map(ADMIN_KEY_SETTING.matches, names))
    facts = frozenset({Role(tuple(sorted(names)), calling.span)}) if is_of_admins else NO_FACTS
    return unknown(origins, Truth.TRUTHY), facts | authenticated(PROVIDER, calling.span)


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`jwtVerify(token, key)` of jose: `{ payload, protectedHeader }`, or a throw."""
    payload, facts = claims(given.at(0), calling, is_verified=True, key=given.at(1))
    answer = obj(payload=payload, protectedHeader=PLAIN, plaintext=payload)
    return of(Promise(answer, facts, PLAIN))


def verified_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """`jwt.verify(token, secret)` of jsonwebtoken: the payload, or a throw; or both handed to a callback."""
    payload, facts = claims(given.at(0), calling, is_verified=True, key=given.at(1))
    for value in given.values[2:]:
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            failed = unknown((), Truth.TRUTHY)
            error = choice((calling.span, "verify"), (NULL_VALUE, facts), (failed, NO_FACTS))
            decoded = choice((calling.span, "verify"), (payload, facts), (NULL_VALUE, NO_FACTS))
            return calling.aside(value, Arguments((error, decoded)))
    calling.may_fail()
    calling.prove(facts)
    return payload


def validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validateJWT(algorithm, key, token)` of oslo: `{ payload, header, … }`, or a throw."""
    payload, facts = claims(given.at(2), calling, is_verified=True, key=given.at(1))
    return of(Promise(obj(payload=payload, header=PLAIN, subject=payload), facts, PLAIN))


def promised(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verify(token, secret)` of Hono: the payload, or a throw."""
    payload, facts = claims(given.at(0), calling, is_verified=True, key=given.at(1))
    return of(Promise(payload, facts, PLAIN))


def unsigned(library: Library, given: Arguments, calling: Calling) -> Value:
    """The parts of a token, without any look at its signature; a throw, or `null`, for what is no token."""
    payload, facts = claims(given.at(0), calling, is_verified=False)
    there = obj(payload=payload, header=PLAIN, subject=payload)
    return choice((calling.span, "decode"), (there, facts), (NULL_VALUE, NO_FACTS))


def decoded(library: Library, given: Arguments, calling: Calling) -> Value:
    """What a token claims, without any look at its signature."""
    payload, facts = claims(given.at(0), calling, is_verified=False)
    return choice((calling.span, "decode"), (payload, facts), (NULL_VALUE, NO_FACTS))


def decoded_surely(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same, with a throw for what is no token."""
    payload, facts = claims(given.at(0), calling, is_verified=False)
    calling.may_fail()
    calling.prove(facts)
    return payload


TOKEN = of(Unknown(frozenset(), Truth.TRUTHY, is_primitive=True))
"""A token of our own making: nobody outside chose its text."""


def sign(claimed: Value, library: Library, calling: Calling) -> Value:
    """A token that says this."""
    calling.emit(EffectKind.SIGN, "a token", name_of(library), data=claimed)
    return TOKEN


def signed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`jwt.sign(payload, secret)`."""
    return sign(given.at(0), library, calling)


def signed_later(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same, promised."""
    return of(Promise(sign(given.at(0), library, calling)))


def created(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createJWT(algorithm, key, payload)` of oslo."""
    return of(Promise(sign(given.at(2), library, calling)))


def built(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new SignJWT(payload).sign(key)`."""
    claimed = next((part for part in library.state if isinstance(part, Value)), PLAIN)
    return of(Promise(sign(claimed, library, calling)))
