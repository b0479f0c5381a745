"""Firebase: who is calling, by the Admin SDK's verified tokens, and the administration of users."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, authenticated
from preship.analyzers.flow.identity import is_credential
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Array,
    Library,
    Promise,
    Truth,
    Value,
    choice,
    of,
    origins_of,
    primitive_of,
    unknown,
)
from preship.analyzers.knowledge.rows import gives, option, proof
from preship.analyzers.knowledge.services import at, remote
from preship.analyzers.knowledge.storage import look_at
from preship.analyzers.knowledge.tokens import claims
from preship.analyzers.source.tree import Span

PROVIDER = "Firebase"
APP, CALLERS_APP, CALLERS_AUTH, PLACE = (f"firebase#{name}" for name in ("app", "app-of", "auth-of", "file"))


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verifyIdToken(token)`, `verifySessionCookie(cookie)`: the claims, or a throw."""
    found, facts = claims(given.at(0), calling, is_verified=True)
    return of(Promise(found, facts and proof(PROVIDER, calling), PLAIN))


def callers_app(library: Library, given: Arguments, calling: Calling) -> Value:
    """`initializeServerApp(config, { authIdToken })`: what it does, the caller does, if they sent a token."""
    token = option(given.at(1), "authIdToken")
    return of(Library(CALLERS_APP if any(map(is_credential, origins_of(token))) else APP))


def auth_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getAuth(app)`."""
    if speaks_for_the_caller(given.at(0)):
        calling.emit(EffectKind.ASK, PROVIDER, PROVIDER)
        return of(Library(CALLERS_AUTH, (), (calling.span,)))
    return of(Library("firebase#auth"))


def speaks_for_the_caller(app: Value) -> bool:
    """Whether an app bears the token of whoever sent the request."""
    return any(isinstance(a.shape, Library) and a.shape.root == CALLERS_APP for a in app.alternatives)


def current_user(library: Library, name: str) -> Value | None:
    """`auth.currentUser` of the caller's app, whose token the SDK has had verified."""
    if name != "currentUser" or library.path:
        return None
    span = library.state[0]
    assert isinstance(span, Span)  # noqa: S101
    there = unknown({Session(PROVIDER, True)}, Truth.TRUTHY)
    return choice((PROVIDER, True), (there, authenticated(PROVIDER, span)), (NULL_VALUE, NO_FACTS))


def file_at(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ref(storage, path)`, `ref(reference, path)`."""
    return of(Library(PLACE, (), (given.at(1),)))


def path_of(given: Arguments) -> Value | None:
    """The path that a reference names."""
    shapes = (a.shape for a in given.at(0).alternatives)
    found = (s.state[0] for s in shapes if isinstance(s, Library) and s.root == PLACE and s.state)
    return next((value for value in found if isinstance(value, Value)), None)


def address_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getDownloadURL(reference)`."""
    remote(look_at(path_of(given)), FILES, key=path_of)(library, given, calling)
    return of(Promise(primitive_of(given.at(0))))


FILES = "file storage"
KEPT = remote(EffectKind.FILE, FILES, key=path_of, data=at(1))


ADMIN = of(Library("firebase-admin", ("default",)))
"""An app of the Admin SDK: what the SDK does for one app by default, each app does."""

ADMINS = of(Array(None, ADMIN))

admin = gives(ADMIN)


deleted_file = remote(EffectKind.FILE, FILES, key=path_of, traits=frozenset({Trait.TAKES_A_FILE}))
all_apps = gives(of(Array(None, of(Library(APP)))))
