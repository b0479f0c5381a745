"""Hosted identity: Auth0, Kinde, Stack, Logto, PropelAuth, Descope and their kind."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.flow.effects import Client, EffectKind
from analyzers.flow.facts import Role
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.operators import opaque
from analyzers.flow.values import (
    PLAIN,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    obj,
    of,
    text_of,
)
from analyzers.knowledge.identities import described, whether
from analyzers.knowledge.managed import managed
from analyzers.knowledge.rows import (
    CHANGES_SESSION,
    LEAVES,
    Handler,
    LibraryModel,
    effect,
    ends,
    guard,
    identity,
    is_absent,
    made,
    option,
    proof,
    session,
    session_or_null,
)

Rows = Mapping[tuple[str, ...], Handler]


# --- words of this file --------------------------------------------------------------------------------------------


def begins(what: str = "the caller's session") -> Handler:
    """A call that begins a session, mostly by redirecting to the provider."""
    return effect(EffectKind.IDENTIFY, what)


# --- Kinde ---------------------------------------------------------------------------------------------------------

KINDE = "Kinde"


def kinde_permission(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getPermission('posts:write')`: `{ isGranted }`."""
    calling.may_fail()
    facts = proof(KINDE, calling) | {Role(text_of(given.at(0)) or "permission", calling.span)}
    granted = of(Unknown(frozenset(), Truth.MAYBE, facts, is_primitive=True))
    return of(Promise(obj(PLAIN, isGranted=granted)))


KINDE_ROWS: Rows = {
    ("getUser",): session(KINDE),
    ("isAuthenticated",): whether(KINDE),
    ("getOrganization",): session(KINDE),
    ("getUserOrganizations",): session(KINDE),
    ("getAccessToken",): session(KINDE),
    ("getAccessTokenRaw",): session(KINDE),
    ("getIdToken",): session(KINDE),
    ("getIdTokenRaw",): session(KINDE),
    ("getClaim",): session(KINDE),
    ("getPermissions",): session(KINDE),
    ("getRoles",): session(KINDE),
    ("getPermission",): kinde_permission,
}

# --- Stack ---------------------------------------------------------------------------------------------------------

STACK = "Stack Auth"


def stack_user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getUser()` gives the user or `null`; `{ or: 'redirect' }` and `{ or: 'throw' }` go on with a user only."""
    asked = given.at(0)
    if not is_absent(asked) and not any(isinstance(a.shape, Object) for a in asked.alternatives):
        return managed("users", Client.SERVER)(library, given, calling)
    if text_of(option(asked, "or")) in {"redirect", "throw"}:
        return of(Promise(identity(STACK), proof(STACK, calling), PLAIN))
    calling.may_fail()
    return of(Promise(session_or_null(STACK, calling)))


# --- SuperTokens ---------------------------------------------------------------------------------------------------

SUPERTOKENS = "SuperTokens"


def unread(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call of which nothing is known."""
    return opaque((of(library), *given.all()), f"{'.'.join((library.root, *library.path))}()", calling.span)


MODELS = (
    LibraryModel(
        frozenset({"@auth0/nextjs-auth0", "@auth0/nextjs-auth0/edge", "@auth0/nextjs-auth0/server"}),
        "https://github.com/auth0/nextjs-auth0/blob/main/EXAMPLES.md",
        {("getSession",): session("Auth0"), ("getAccessToken",): guard("Auth0"), ("updateSession",): CHANGES_SESSION},
        makers={("Auth0Client",): made("auth0#client")},
    ),
    LibraryModel(
        frozenset({"auth0#client"}),
        "https://github.com/auth0/nextjs-auth0/blob/main/EXAMPLES.md",
        {("getSession",): session("Auth0"), ("getAccessToken",): guard("Auth0"), ("updateSession",): CHANGES_SESSION},
        otherwise=unread,
    ),
    LibraryModel(
        frozenset({"auth0"}),
        "https://auth0.github.io/node-auth0/",
        makers={("ManagementClient",): made("auth0#management")},
    ),
    LibraryModel(
        frozenset({"auth0#management"}),
        "https://auth0.github.io/node-auth0/",
        otherwise=managed(client=Client.SERVER),
    ),
    LibraryModel(
        frozenset({"@kinde-oss/kinde-auth-nextjs/server", "@kinde-oss/kinde-auth-nextjs"}),
        "https://docs.kinde.com/developer-tools/sdks/backend/nextjs-sdk/",
        {("getKindeServerSession",): made("kinde#session"), ("createKindeManagementAPIClient",): made("kinde#api")},
    ),
    LibraryModel(
        frozenset({"kinde#session"}),
        "https://docs.kinde.com/developer-tools/sdks/backend/nextjs-sdk/",
        KINDE_ROWS,
        otherwise=session(KINDE),
    ),
    LibraryModel(
        frozenset({"kinde#api", "@kinde/management-api-js"}),
        "https://docs.kinde.com/developer-tools/kinde-api/",
        otherwise=managed(client=Client.SERVER),
    ),
    LibraryModel(
        frozenset({"@stackframe/stack", "@stackframe/js", "@hexclave/next"}),
        "https://docs.stack-auth.com/docs/sdk/objects/stack-app",
        makers={("StackServerApp",): made("stack#app"), ("StackClientApp",): made("stack#app")},
    ),
    LibraryModel(
        frozenset({"stack#app"}),
        "https://docs.stack-auth.com/docs/sdk/objects/stack-app",
        {("getUser",): stack_user, ("useUser",): stack_user, ("signOut",): LEAVES, ("redirectToSignIn",): ends()},
        otherwise=managed(client=Client.SERVER),
    ),
    LibraryModel(
        frozenset({"@logto/next/server-actions"}),
        "https://docs.logto.io/quick-starts/next-app-router",
        {
            ("getLogtoContext",): described("Logto", "claims", flag="isAuthenticated"),
            ("getAccessToken",): guard("Logto"),
            ("getOrganizationToken",): guard("Logto"),
            ("signIn",): begins(),
            ("signOut",): LEAVES,
            ("handleSignIn",): begins(),
        },
    ),
    LibraryModel(
        frozenset({"@propelauth/nextjs/server/app-router", "@propelauth/nextjs/server"}),
        "https://docs.propelauth.com/reference/fullstack-apis/nextjsapp",
        {
            ("getUser",): session("PropelAuth"),
            ("getUserOrRedirect",): guard("PropelAuth"),
            ("getAccessToken",): session("PropelAuth"),
            ("getAccessTokenAsync",): session("PropelAuth"),
        },
    ),
    LibraryModel(
        frozenset({"@descope/nextjs-sdk/server"}),
        "https://docs.descope.com/getting-started/nextjs",
        {("session",): session("Descope")},
    ),
    LibraryModel(
        frozenset({"supertokens-node/nextjs"}),
        "https://supertokens.com/docs/quickstart/integrations/nextjs/app-directory/session-helpers",
        {("getSSRSession",): described(SUPERTOKENS, "accessTokenPayload")},
    ),
    LibraryModel(
        frozenset({"@convex-dev/auth/nextjs/server"}),
        "https://labs.convex.dev/auth/authz/nextjs",
        {("isAuthenticatedNextjs",): whether("Convex Auth"), ("convexAuthNextjsToken",): session("Convex Auth")},
    ),
    LibraryModel(
        frozenset({"next-firebase-auth-edge", "next-firebase-auth-edge/lib/next/tokens"}),
        "https://next-firebase-auth-edge-docs.vercel.app/docs/usage/server-components",
        {("getTokens",): session("Firebase")},
    ),
    LibraryModel(
        frozenset({"@ory/nextjs/app"}),
        "https://www.ory.sh/docs/getting-started/integrate-auth/nextjs-app-router-quickstart",
        {("getServerSession",): session("Ory"), ("getLogoutFlow",): LEAVES},
    ),
    LibraryModel(
        frozenset({"@frontegg/nextjs/app"}),
        "https://developers.frontegg.com/sdks/frontend/nextjs/hosted-login",
        {("getAppUserSession",): session("Frontegg"), ("getAppUserTokens",): session("Frontegg")},
    ),
    LibraryModel(
        frozenset({"@civic/auth/nextjs", "@civic/auth-web3/nextjs"}),
        "https://docs.civic.com/integration/nextjs",
        {("getUser",): session("Civic"), ("isLoggedIn",): whether("Civic")},
    ),
    LibraryModel(
        frozenset({"@privy-io/server-auth", "@privy-io/node"}),
        "https://docs.privy.io/authentication/user-authentication/access-tokens",
        makers={("PrivyClient",): made("privy#client")},
    ),
    LibraryModel(
        frozenset({"privy#client"}),
        "https://docs.privy.io/authentication/user-authentication/access-tokens",
        methods={
            **dict.fromkeys(("verifyAuthToken", "verifyAccessToken"), guard("Privy")),
            **dict.fromkeys(("utils", "auth"), made("privy#client")),
        },
        otherwise=managed(client=Client.SERVER),
    ),
)
