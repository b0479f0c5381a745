"""Hashes, signatures and ciphers of Node.js and of the Web Crypto API: what is made with a key of the server's own."""

from __future__ import annotations

from preship.analyzers.flow.configuration import is_setting
from preship.analyzers.flow.facts import NO_FACTS, Facts
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import by_a_secret, vouched_for
from preship.analyzers.flow.origins import Origins, Request
from preship.analyzers.flow.texts import harmless
from preship.analyzers.flow.values import Library, Promise, Truth, Unknown, Value, of, origins_of
from preship.analyzers.knowledge.rows import sealed
from preship.analyzers.knowledge.tokens import claims

HASH = "crypto#hash"


def digest(library: Library, given: Arguments, calling: Calling) -> Value:
    """What cryptography gives, into which nobody writes."""
    return harmless(sealed(library, given, calling))


def digest_later(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same, promised: `subtle.digest(algorithm, data)`, `subtle.sign(algorithm, key, data)`."""
    return of(Promise(digest(library, given, calling)))


def more(library: Library, given: Arguments, calling: Calling) -> Value:
    """`hash.update(data, encoding)`."""
    return of(Library(HASH, (), (*library.state, *given.all()[:1])))


def digest_of_all(library: Library, given: Arguments, calling: Calling) -> Value:
    """`hash.digest()`: a signature of all that was put in, where it was begun with a key."""
    made_of = tuple(part for part in library.state if isinstance(part, Value))
    return digest(library, Arguments(made_of), calling)


def key_made(library: Library, given: Arguments, calling: Calling) -> Value:
    """`subtle.importKey(format, data, …)`, `subtle.deriveKey(algorithm, key, …)`: as secret as what it is made of."""
    return of(Promise(of(Unknown(_of_all(given), Truth.TRUTHY))))


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`subtle.verify(algorithm, key, signature, data)`: promised, whether the signature is right."""
    signature, sent = _of_all(Arguments(given.values[1:2] + given.values[3:4])), origins_of(given.at(2))
    signed = vouched_for(signature, sent, calling.span)
    facts = signed and signed | by_a_secret(signed, calling.span)
    return of(Promise(of(Unknown(sent, Truth.MAYBE, facts, is_primitive=True))))


def deciphered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`decipher.update(text)`: what was sealed, or a throw by `final()`."""
    key = next((part for part in library.state[1:2] if isinstance(part, Value)), None)
    found, facts = _opened(given.at(0), key, calling)
    calling.may_fail()
    calling.prove(facts)
    return found


def deciphered_later(library: Library, given: Arguments, calling: Calling) -> Value:
    """`subtle.decrypt(algorithm, key, data)`: promised, or a rejection."""
    found, facts = _opened(given.at(2), given.at(1), calling)
    return of(Promise(found, facts))


def _opened(data: Value, key: Value | None, calling: Calling) -> tuple[Value, Facts]:
    """What a cipher text holds, and what that proves: a cookie that the server has sealed speaks of who brings it.

    What an argument holds may as well be an id that everybody is given.
    """
    found = origins_of(data)
    is_ours = key is not None and any(map(is_setting, origins_of(key)))
    if is_ours and found and all(isinstance(o, Request) for o in found):
        return claims(data, calling, is_verified=True)
    return of(Unknown(found, Truth.TRUTHY, is_primitive=True)), NO_FACTS


def _of_all(given: Arguments) -> Origins:
    return frozenset(origin for value in given.all() for origin in origins_of(value))
