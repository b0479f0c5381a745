"""WorkOS: the session of AuthKit, and the management interface."""

from __future__ import annotations

from analyzers.flow.effects import Client
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Session
from analyzers.flow.values import NULL_VALUE, PLAIN, Constant, Library, Promise, Value, obj, of, unknown
from analyzers.knowledge.hosted_identity import begins
from analyzers.knowledge.identities import described, part
from analyzers.knowledge.managed import managed
from analyzers.knowledge.rows import (
    CHANGES_SESSION,
    LEAVES,
    LibraryModel,
    gives,
    made,
    option,
    promises,
    proof,
    session,
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


MODELS = (
    LibraryModel(
        frozenset({"@workos-inc/authkit-nextjs"}),
        "https://github.com/workos/authkit-nextjs#readme",
        {
            ("withAuth",): with_auth,
            ("getUser",): with_auth,
            ("getSession",): session(WORKOS),
            ("signOut",): LEAVES,
            ("switchToOrganization",): CHANGES_SESSION,
            ("refreshSession",): with_auth,
            ("getSignInUrl",): promises(PLAIN),
            ("getSignUpUrl",): promises(PLAIN),
            ("getTokenClaims",): session(WORKOS),
            ("getWorkOS",): made("workos#client"),
        },
        members={("workos",): of(Library("workos#client"))},
    ),
    LibraryModel(
        frozenset({"@workos-inc/node"}),
        "https://workos.com/docs/reference",
        makers={("WorkOS",): made("workos#client"), ("default",): made("workos#client")},
    ),
    LibraryModel(
        frozenset({"workos#client"}),
        "https://workos.com/docs/reference/authkit",
        {
            **{
                ("userManagement", f"authenticateWith{how}"): begins()
                for how in (
                    "Password",
                    "Code",
                    "CodeAndVerifier",
                    "MagicAuth",
                    "TotpCode",
                    "RefreshToken",
                    "EmailVerification",
                    "OrganizationSelection",
                )
            },
            ("userManagement", "resetPassword"): begins(),
            ("userManagement", "createPasswordReset"): begins(),
            ("userManagement", "createMagicAuth"): begins(),
            ("userManagement", "getAuthorizationUrl"): gives(PLAIN),
            ("userManagement", "getLogoutUrl"): gives(PLAIN),
        },
        otherwise=managed(client=Client.SERVER),
    ),
)
