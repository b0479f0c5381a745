"""Cookies, headers and arguments of a request."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

SESSION_ARGUMENT = Convention(
    id="session-argument",
    means="Arguments that carry a session, by the names that every protocol gives them.",
    pattern=r"(access|session|auth|bearer|refresh|id)[-_]?(token|jwt)|jwt(_?token)?|bearer|authorization|session[-_]?cookie",
    examples=("accessToken", "session_cookie", "jwt", "authorization"),
    others=("token", "userId", "sessionId"),
    used_in=("actions/validation",),
)

LIVE_VALUE = Convention(
    id="live-value",
    means="What code calls its connections and transactions, and the functions that make them: no request carries one.",
    pattern=r"(\w*_)?(db|database|prisma|orm|client|connection|conn|pool|transaction|tx|trx"
    r"|drizzle|supabase)|[a-z]\w*(Client|Db|DB|Database|Prisma|Connection|Pool|Transaction|Tx)",
    examples=("db", "prisma", "createClient", "getDb", "supabaseAdminClient", "tx"),
    others=("customerSchema", "customers", "ROLES", "getCustomer", "clients"),
    case=Case.AS_WRITTEN,
    used_in=("actions/unsendable",),
)

PUBLIC_WRAPPER = Convention(
    id="public-wrapper",
    means="Functions and clients that make an action for everybody, and say so by their names.",
    pattern=r"(create|make|define|build|with|safe)?_?(public(?!ation|ity)|anonymous|unauthenticated|no_?auth|(without_?)?auth_?less|guest)_?\w*|without_?auth\w*"
    r"|unauthed\w*|action_?client_?(public|without_?auth)",
    examples=("createPublicAction", "publicProcedure", "unauthenticatedAction", "withoutAuth", "noAuthClient"),
    others=("publish", "authAction", "actionClient", "createAction"),
    used_in=("actions/facts",),
)

SESSION_ID_ARGUMENT = Convention(
    id="session-id-argument",
    means="Arguments that carry a session where they are shown as such: lessons and games have sessions as well.",
    pattern=r"session[-_]?id",
    examples=("sessionId", "session_id"),
    others=("session", "userId"),
    used_in=("actions/validation",),
)

ADDRESS_HEADER = Convention(
    id="address-header",
    means="Headers that tell where a request comes from.",
    pattern=r"(^|[-_])(ip|forwarded|forwarded[-_]for|user[-_]agent)([-_]|$)",
    where=Where.INSIDE,
    examples=("x-forwarded-for", "cf-connecting-ip", "user-agent"),
    others=("x-zip", "host"),
    used_in=("actions/world",),
)

GUESSABLE_COOKIE = Convention(
    id="guessable-cookie",
    means="Cookies that anybody can guess.",
    pattern=r"user[-_]?(id|name)|^u?id$|e?mail|role",
    where=Where.INSIDE,
    examples=("userId", "uid", "email", "role"),
    others=("session", "theme"),
    used_in=("flow/identity",),
)

PREFERENCE_COOKIE = Convention(
    id="preference-cookie",
    means="Cookies and headers in which a client says how it wants to be answered, and nothing of who it is.",
    pattern=r"theme|locale|lang(uage)?s?([-_.]|$)|i18n|time[-_]?zone|(^|[-_.])tz$|currency|country|color|consent|sidebar|layout",
    where=Where.INSIDE,
    examples=("theme", "locale", "NEXT_LOCALE", "lang", "tz"),
    others=("session", "settings"),
    used_in=("flow/identity",),
)

REQUEST_HEADER = Convention(
    id="request-header",
    means="Headers that browsers, proxies and frameworks send with each request, by their registered or usual names.",
    source="https://www.iana.org/assignments/http-fields/http-fields.xhtml",
    pattern=r"accept(-.*)?|user-agent|host|origin|referr?er|forwarded|x-forwarded-(for|host|proto|port|prefix|server|uri)"
    r"|(x|cf|true|fly)-(.*-)?ip|(x|cf)-.*(geo|country|city|region|ray|visitor|request-id|path(name)?|url|nonce)(-.*)?"
    r"|sec-.*|content-.*|cache-control|if-.*|range|dnt|via|next-.*|purpose|connection",
    examples=("user-agent", "host", "x-forwarded-for", "accept-language"),
    others=("authorization", "x-user-id"),
    used_in=("flow/identity",),
)

SECRET_HEADER = Convention(
    id="secret-header",
    means="Headers that nobody can guess.",
    pattern=r"auth|token|secret|session|signature|api[-_]?key",
    where=Where.INSIDE,
    examples=("authorization", "x-api-key", "stripe-signature"),
    others=("host", "accept"),
    used_in=("flow/identity",),
)

USER_HEADER = Convention(
    id="user-header",
    means="Headers that say who somebody is.",
    pattern=r"user[-_]?(id|name|email)|e?mail",
    where=Where.INSIDE,
    examples=("x-user-id", "x-user-email"),
    others=("host", "x-request-id"),
    used_in=("flow/identity",),
)

SESSION_COOKIE = Convention(
    id="session-cookie",
    means="Cookies that hold who is signed in, by the names that applications give them.",
    pattern=r"session|auth|user|login|account|admin|role|identity",
    where=Where.INSIDE,
    examples=("session", "auth-token", "userId", "admin"),
    others=("theme",),
    used_in=(
        "actions/protection",
        "flow/language",
    ),
)
