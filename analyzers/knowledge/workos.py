"""WorkOS: the session of AuthKit, and the management interface."""

from __future__ import annotations

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import NULL_VALUE, PLAIN, Constant, Library, Promise, Value, obj, of, unknown
from preship.analyzers.knowledge.identities import described, part
from preship.analyzers.knowledge.rows import (
    option,
    proof,
)

WORKOS = "WorkOS"


def with_auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withAuth()` gives `{ user }`, `withAuth({ ensureSignedIn: true })` redirects where there is none."""
    ensured = option(given.at(0), "ensureSignedIn")
    if any(isinstance(a.shape, Constant) and a.shape.value is True for a in ensured.alternatives):
        fields = {name: part(WORKOS, name) for name in ("user", "sessionId", "accessToken")}
        there = obj(unknown({Session(WORKOS, True)}), **fields)
        return of(Promise(there, proof(WORKOS, calling), PLAIN))
    return described(WORKOS, "user", "sessionId", "accessToken", absent=NULL_VALUE)(library, given, calling)
