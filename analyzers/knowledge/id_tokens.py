"""Tokens and signatures that identity providers' own packages verify: who brings a good one is who it names."""

from __future__ import annotations

from collections.abc import Callable

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Library,
    Promise,
    Value,
    choice,
    obj,
    of,
    unknown,
)
from preship.analyzers.knowledge.managed import managed
from preship.analyzers.knowledge.rows import (
    Handler,
    effect,
    identity,
    is_absent,
    native,
    option,
    proof,
)
from preship.analyzers.knowledge.tokens import claims

Wrapped = Callable[[Value], Value]
"""How a verified payload is handed over."""


def brought_in(index: int, name: str | None) -> Callable[[Arguments], Value]:
    """Where the token stands among the arguments."""
    return lambda given: given.at(index) if name is None else option(given.at(index), name)


def itself(payload: Value) -> Value:
    """The payload alone."""
    return payload


def with_claims(payload: Value) -> Value:
    """As `{ claims }`."""
    return obj(PLAIN, claims=payload)


def verifies(wrapped: Wrapped = itself, *, name: str | None = None) -> Handler:
    """An asynchronous call that fails unless a token is good: its first argument, or a field of it."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        payload, facts = claims(brought_in(0, name)(given), calling, is_verified=True)
        return of(Promise(wrapped(payload), facts, PLAIN))

    return handle


def verifies_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same at once."""
    payload, facts = claims(given.at(0), calling, is_verified=True)
    calling.may_fail()
    calling.prove(facts)
    return payload


def only_reads(library: Library, given: Arguments, calling: Calling) -> Value:
    """What a token claims, without a look at its signature."""
    calling.may_fail()
    payload, facts = claims(given.at(0), calling, is_verified=False)
    calling.prove(facts)
    return payload


def only_asks(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same, promised: what a provider knows of who a token claims to be from."""
    payload, facts = claims(given.at(0), calling, is_verified=False)
    return of(Promise(payload, facts, PLAIN))


def ticket(payload: Value) -> Value:
    """Google's `LoginTicket`."""
    return obj(PLAIN, getPayload=native("getPayload", lambda calling, given: payload), payload=payload)


def given_credentials(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.setCredentials(tokens)`: it speaks for whom they are from."""
    return of(Library(library.root, (), (*library.state, *given.values)))


# --- wallets -------------------------------------------------------------------------------------------------------

WALLET = "a wallet's signature"


def signed_message(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new SiweMessage(message).verify({ signature })` fails unless the address in the message has signed it.

    With `suppressExceptions`, its `success` says so.
    """
    calling.may_fail()
    good = obj(PLAIN, success=TRUE_VALUE, data=identity(WALLET))
    if is_absent(option(given.at(1), "suppressExceptions")):
        return of(Promise(good, proof(WALLET, calling), PLAIN))
    bad = obj(PLAIN, success=FALSE_VALUE, data=PLAIN)
    return of(Promise(choice((calling.span, "success"), (good, proof(WALLET, calling)), (bad, NO_FACTS))))


def told(name: str) -> Handler:
    """`verifyPayload({ payload, signature })`, `verifyJWT({ jwt })`: `{ valid }`, and who has signed where it is."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        good = obj(PLAIN, valid=TRUE_VALUE, **{name: identity(WALLET)})
        bad = obj(PLAIN, valid=FALSE_VALUE, **{name: UNDEFINED_VALUE})
        place = (calling.span, name)
        return of(Promise(choice(place, (good, proof(WALLET, calling)), (bad, NO_FACTS))))

    return handle


# --- Stytch --------------------------------------------------------------------------------------------------------

STYTCH = "Stytch"
SIGN_IN = effect(EffectKind.IDENTIFY, "the caller's session")


def stytch_session(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sessions.authenticate({ session_token })` fails unless the session is good."""
    known = identity(STYTCH)
    names = ("session", "user", "member", "member_session", "organization")
    return of(Promise(obj(known, **dict.fromkeys(names, known)), proof(STYTCH, calling), PLAIN))


STYTCH_PROVES = ("magicLinks", "otps", "oauth", "passwords", "webauthn", "totps", "cryptoWallets", "sso", "discovery")


def stytch(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any other call: ways to prove who one is, and users and organizations that are administered."""
    handler = SIGN_IN if library.path[0] in STYTCH_PROVES else managed(client=Client.SERVER)
    return handler(library, given, calling)


def granted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`authorizationCodeGrant(config, url, checks)` gives tokens whose claims the provider has signed."""
    calling.may_fail()
    calling.emit(EffectKind.IDENTIFY, "the caller's session", "openid-client.authorizationCodeGrant")
    who = native("claims", lambda inner, more: identity("OpenID Connect"))
    tokens = obj(unknown({Remote("OpenID Connect")}), claims=who)
    return of(Promise(tokens, proof("OpenID Connect", calling), PLAIN))
