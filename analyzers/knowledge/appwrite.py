"""Appwrite's clients and identity: a session's client speaks as the caller, a key's as the server."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, of
from preship.analyzers.knowledge.managed import managed
from preship.analyzers.knowledge.rows import Handler, identity, name_of, proof, together

PROVIDER = "Appwrite"
CLIENT = "appwrite#client"

ASKS = frozenset(
    {"get", "getSession", "getPrefs", "listSessions", "listIdentities", "listLogs", "listMfaFactors", "createJWT"}
)
"""Methods of an account that fail unless the client has a session."""

CHANGES_OWN = ("update", "delete")
"""What methods that act on the signed-in account begin with, beside those that prove a credential."""

PROVES = frozenset(
    {
        "updateMagicURLSession",
        "updatePhoneSession",
        "updateRecovery",
        "updateVerification",
        "updatePhoneVerification",
        "updateMfaChallenge",
    }
)
ENDS = frozenset({"deleteSession", "deleteSessions"})


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new Client()`: a guest, until it is given a session or a key; where none is seen, perhaps elsewhere."""
    return of(Library(CLIENT, (), (Client.UNSEEN,)))


def with_key(library: Library, given: Arguments, calling: Calling) -> Value:
    """`setKey(key)`: speaks with the server's rights."""
    return of(Library(CLIENT, (), (Client.SERVER,)))


def with_session(library: Library, given: Arguments, calling: Calling) -> Value:
    """`setSession(secret)`, `setJWT(jwt)`: speaks as whom the credential was given to, unless it has a key as well."""
    is_server = library.state[0] is Client.SERVER
    return of(Library(CLIENT, (), (Client.SERVER if is_server else Client.CALLER,)))


def same_client(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any other setter."""
    return of(Library(CLIENT, (), library.state))


def spoken_by(value: Value) -> Client:
    """As whom a service speaks that was made with this client: `new Databases(client)`."""
    for a in value.alternatives:
        if isinstance(a.shape, Library) and a.shape.root == CLIENT and isinstance(a.shape.state[0], Client):
            return a.shape.state[0]
    return Client.SERVER


def service(root: str) -> Handler:
    """`new Users(client)`."""
    return lambda library, given, calling: of(Library(root, library.path, (spoken_by(given.at(0)),)))


def speaker(library: Library) -> Client:
    """As whom a service speaks."""
    found = library.state[0]
    assert isinstance(found, Client)  # noqa: S101
    return found


def account(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of `new Account(client)`."""
    name = library.path[-1]
    calling.may_fail()
    if name in ASKS:
        facts = proof(PROVIDER, calling) if speaker(library) is not Client.SERVER else frozenset()
        return of(Promise(identity(PROVIDER), facts, PLAIN))
    if name in ENDS:
        calling.emit(EffectKind.LEAVE, "the caller's session", name_of(library))
        return of(Promise(PLAIN))
    if name.startswith(CHANGES_OWN) and name not in PROVES:
        calling.emit(EffectKind.WRITE, "the caller's account", name_of(library), data=given.at(0), client=Client.CALLER)
        return of(Promise(identity(PROVIDER), proof(PROVIDER, calling), PLAIN))
    # Creating an account or a session, recovering a password, verifying an address.
    calling.emit(EffectKind.IDENTIFY, "the caller's session", name_of(library), data=together(given))
    return of(Promise(identity(PROVIDER)))


def administered(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of `new Users(client)` or `new Teams(client)`."""
    return managed(library.path[0].lower(), speaker(library))(library, given, calling)


__all__ = ["CLIENT", "spoken_by"]
