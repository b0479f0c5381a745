"""Parts of a session or of a token."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention

FINE_GRAINED_PART = Convention(
    id="fine-grained-part",
    means="Parts of a session that say in detail what its owner may do, as the standards and libraries for "
    "rights call them.",
    pattern=r"permissions?|scopes?|grants?|privileges?|entitlements?|abilit(y|ies)|capabilit(y|ies)|can_?[A-Z]?\w*",
    examples=("permissions", "scope", "canEdit", "abilities"),
    others=("role", "user"),
    used_in=("actions/permissions",),
)

TENANT_PART = Convention(
    id="tenant-part",
    means="Parts of a session that name the tenant in which its owner works.",
    pattern=r"(active_?|current_?)?(org(anization)?|team|workspace|tenant)(_?(id|slug))?",
    examples=("orgId", "activeOrganizationId", "tenant"),
    others=("userId", "role"),
    used_in=("flow/operators",),
)

TOKEN_CLAIM = Convention(
    id="token-claim",
    means="Claims by which a token or a session tells of itself: who made it, for whom, when, what for and how surely.",
    source="https://www.iana.org/assignments/jwt/jwt.xhtml",
    pattern=r"iss(uer)?|aud(ience)?|azp|jti|typ|alg|kid|nonce|exp|iat|nbf|auth_?time|aal|amr|acr|sid"
    r"|token_?(use|usage|type|kind|version)|(token_?)?purpose|version|ver",
    examples=("aud", "token_use", "aal", "tokenType", "purpose"),
    others=("role", "scope", "type", "sub"),
    used_in=("flow/operators",),
)

KIND_CLAIM = Convention(
    id="kind-claim",
    means="Claims that say of which kind something is: a token, or an account.",
    pattern=r"type|kind|use|usage|for",
    examples=("type", "kind"),
    others=("role", "userType"),
    used_in=("flow/operators",),
)

TOKEN_KIND = Convention(
    id="token-kind",
    means="What kinds of tokens are called, in a claim that says of which kind one is.",
    pattern=r"(access|refresh|session|id|auth(entication)?|bearer|login|sign_?in|jwt|api|magic_?link|reset|verif(y|ication)"
    r"|invit(e|ation)|impersonation)([_-]?(token|session))?",
    examples=("access", "refresh_token", "session", "id-token"),
    others=("admin", "staff", "accessor"),
    used_in=("flow/operators",),
)

SUBJECT_CLAIM = Convention(
    id="subject-claim",
    means="Claims of a token that say for whom it is.",
    pattern=r"id|sub|uid|subject|user(_?id)?|account_?id|e?_?mail",
    examples=("sub", "userId", "email"),
    others=("role", "exp"),
    used_in=("actions/issuing",),
)

CALLER_OBJECT = Convention(
    id="caller-object",
    means="The object that stands for who is calling.",
    pattern=r"(current|auth|session|signed_?in)?_?(user|viewer)",
    examples=("user", "currentUser", "session_user", "viewer"),
    others=("customer", "users"),
    used_in=("actions/recipients",),
)

CALLER_FIELD = Convention(
    id="caller-field",
    means="Fields by which the object that stands for the caller says who they are.",
    pattern=r"id|e_?mail(_?address)?",
    examples=("id", "email", "emailAddress"),
    others=("name", "role"),
    used_in=("actions/recipients",),
)

SIGNED_IN_FLAG = Convention(
    id="signed-in-flag",
    means="Flags that say that there is a session, and nothing of what it may do.",
    pattern=r"isAuth|isAuthenticated|isLoggedIn|isSignedIn",
    case=Case.AS_WRITTEN,
    examples=("isLoggedIn", "isAuth"),
    others=("isAdmin", "user"),
    used_in=("knowledge/sessions",),
)

OWN_ID_PART = Convention(
    id="own-id-part",
    means="Parts of a session, or of the caller's own row, that say who they are, and not what they are part of.",
    pattern=r"id|uid|uuid|sub|(user|auth|account|profile)_?id",
    examples=("id", "userId", "sub"),
    others=("teamId", "email"),
    used_in=("flow/operators",),
)
