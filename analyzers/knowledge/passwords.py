"""Passwords, one-time codes and other credentials: a comparison that holds proves who is calling."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import by_a_secret, vouched_for
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
)
from preship.analyzers.knowledge.rows import Handler, name_of, sealed

CODE = "a one-time code"
PASSKEY = "a passkey"


def is_right(what: str, library: Library, given: Arguments, calling: Calling) -> Value:
    """Whether a credential is right: its truth proves the caller's."""
    calling.emit(EffectKind.IDENTIFY, what, name_of(library))
    found = frozenset(o for v in given.all() for o in origins_of(v))
    return of(Unknown(found, Truth.MAYBE, authenticated(what, calling.span), is_primitive=True))


def compared(library: Library, given: Arguments, calling: Calling) -> Value:
    """`compare(password, hash)`: promised, or handed to a callback."""
    right = is_right("a password", library, given, calling)
    for value in given.values:
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            return calling.aside(value, Arguments((NULL_VALUE, right)))
    calling.may_fail()
    return of(Promise(right))


def compared_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """`compareSync(password, hash)`."""
    return is_right("a password", library, given, calling)


def hashed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`hash(password)`, promised."""
    return of(Promise(sealed(library, given, calling)))


def code(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verify({ token, secret })` of a one-time password."""
    return is_right(CODE, library, given, calling)


def passkey(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verifyAuthenticationResponse(…)`: `{ verified, authenticationInfo }`, or a throw."""
    calling.may_fail()
    right = is_right(PASSKEY, library, given, calling)
    return of(Promise(obj(PLAIN, verified=right)))


def discrepancy(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validate` gives how many periods a code is off, or `null`: zero is right, so that only `null` is wrong."""
    calling.emit(EffectKind.IDENTIFY, CODE, name_of(library))
    right = of(Unknown(frozenset(), Truth.MAYBE, is_primitive=True))
    return choice((calling.span, "code"), (right, authenticated(CODE, calling.span)), (NULL_VALUE, NO_FACTS))


def equal_bytes(library: Library, given: Arguments, calling: Calling) -> Value:
    """`timingSafeEqual(a, b)`: compares secrets, or what was made with them."""
    first, second = origins_of(given.at(0)), origins_of(given.at(1))
    signed = vouched_for(first, second, calling.span) | vouched_for(second, first, calling.span)
    facts = signed | by_a_secret(signed, calling.span)
    return of(Unknown(first | second, Truth.MAYBE, facts, is_primitive=True))


def later(handler: Handler) -> Handler:
    """The same, promised."""
    return lambda library, given, calling: of(Promise(handler(library, given, calling)))
