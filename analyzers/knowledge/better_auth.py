"""Better Auth: sessions by headers, and endpoints that judge the caller by the headers they are handed."""

from __future__ import annotations

import re

from preship.analyzers.flow.effects import SET_BY_ITS_OWNER, Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Facts, Role, Unnamed, owns
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import Input, Origins, Request, Session, Stored
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Array,
    Constant,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    field_of,
    obj,
    of,
    origins_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.knowledge.managed import kind_of, managed
from preship.analyzers.knowledge.rows import proof, session_or_null

PROVIDER = "Better Auth"
INSTANCE = "better-auth#instance"

BEGINS = re.compile(
    r"sign(In|Up)|(forget|forgot|reset|requestReset|requestPassword)|verif(y|ication)|sendVerification"
    r"|oneTimeToken|OneTimeToken|consume|callback|OTP|[Mm]agicLink"
)
"""Endpoints that begin a session, or prove a credential. https://www.better-auth.com/docs/concepts/api"""

NEEDS_NO_SESSION = frozenset({"getSession", "getInvitation", "ok", "error", "getJwks", "getOpenIdConfig"})
"""Endpoints that answer everybody."""

ASKS_NOBODY = {"addMember": "member", "viewBackupCodes": "twoFactor"}
"""Endpoints for code of the server alone, which ask nobody for a right, headers or not; what each works on.

https://www.better-auth.com/docs/plugins/organization#add-member,
https://www.better-auth.com/docs/plugins/2fa#viewing-backup-codes
"""


INTERNAL = managed("Better Auth's own records", Client.SERVER)
"""What `(await auth.$context).internalAdapter` does to users, accounts and sessions, whoever asks.

https://github.com/better-auth/better-auth/blob/main/packages/better-auth/src/db/internal-adapter.ts
"""


def part(options: Value, name: str) -> Value | None:
    """An option of a call."""
    found = [
        under(value, a.under)
        for a in options.alternatives
        if isinstance(a.shape, Object) and (value := field_of(a.shape, name)) is not None
    ]
    return unite(*found) if found else None


def call(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth.api.endpoint({ headers, body, query, params })`."""
    name = library.path[-1]
    if library.path[:-1] == ("$context", "internalAdapter"):
        return INTERNAL(library, given, calling)
    if library.path[:1] != ("api",):
        return PLAIN
    if name in {"hasPermission", "userHasPermission"}:
        return permitted(name, given, calling)
    if name == "verifyApiKey":
        return api_key(given, calling)
    if BEGINS.search(name):
        return identified(name, given, calling)
    return endpoint(name, given, calling)


def identified(name: str, given: Arguments, calling: Calling) -> Value:
    """Sign-in, sign-up, reset: the library proves the credential itself, or throws."""
    calling.emit(EffectKind.IDENTIFY, "the caller's session", f"auth.api.{name}", data=part(given.at(0), "body"))
    user = unknown({Session(PROVIDER, True, ("user",))}, Truth.TRUTHY)
    is_proof = name.startswith(("signIn", "verify"))
    facts = proof(PROVIDER, calling) if is_proof else NO_FACTS
    return of(Promise(obj(PLAIN, user=user), facts, PLAIN))


def api_key(given: Arguments, calling: Calling) -> Value:
    """`verifyApiKey({ body: { key } })`: `{ valid, key }`."""
    calling.emit(EffectKind.IDENTIFY, "an API key", "auth.api.verifyApiKey", data=part(given.at(0), "body"))
    valid = of(Unknown(frozenset(), Truth.MAYBE, proof("an API key", calling), is_primitive=True))
    return of(Promise(obj(unknown({Session(PROVIDER, True, ("key",))}), valid=valid)))


def endpoint(name: str, given: Arguments, calling: Calling) -> Value:
    """Any other endpoint: with the caller's headers the library judges; without them it does what it is told."""
    options = given.at(0)
    headers = part(options, "headers")
    body = part(options, "body")
    key = unite(*[v for v in (body, part(options, "query"), part(options, "params")) if v is not None])
    is_judged = headers is not None and name not in ASKS_NOBODY
    client = Client.CALLER if is_judged else Client.SERVER
    target = ASKS_NOBODY.get(name, "Better Auth")
    calling.may_fail()
    calling.emit(kind_of(name), target, f"auth.api.{name}", key=key or None, data=body, client=client)
    facts: Facts = NO_FACTS
    found = origins_of(key)
    if is_judged and name not in NEEDS_NO_SESSION:
        facts = proof(PROVIDER, calling)
        found = of_the_tenant(name, found) or found or of_the_caller(name)
    return of(Promise(unknown(found), facts, PLAIN))


def of_the_tenant(name: str, given: Origins) -> Origins:
    """What an endpoint tells of the organization that is named, or of the one in which the caller works just now."""
    tenant = frozenset(o for o in given if isinstance(o, Input | Request)) or ACTIVE_ORGANIZATION
    if name in OF_THE_CALLER:
        return frozenset({Stored("member", tenant | CALLER, is_whole=False)})
    return frozenset({Stored("organization", tenant, is_whole=False)}) if name in OF_ALL_MEMBERS else frozenset()


def of_the_caller(name: str) -> Origins:
    """What an endpoint of this name tells that is given the caller's headers alone: what they have, or work in."""
    return frozenset({Session(PROVIDER, True, (name,))}) if name.startswith(("list", "getActive")) else frozenset()


OF_THE_CALLER = frozenset({"getActiveMember", "getActiveMemberRole"})
"""Endpoints that answer with the caller's own membership. https://www.better-auth.com/docs/plugins/organization"""

OF_ALL_MEMBERS = frozenset({"getFullOrganization", "listMembers"})
"""Endpoints that answer with the organization and its members."""

CALLER: Origins = frozenset({Session(PROVIDER, True, ("user", "id"))})
"""Who is calling."""


def permitted(name: str, given: Arguments, calling: Calling) -> Value:
    """`hasPermission({ headers, body: { permissions } })`: whether the caller, or a named user, may."""
    options = given.at(0)
    facts: Facts = NO_FACTS
    if part(options, "headers") is not None:
        facts = proof(PROVIDER, calling) | permissions(name, options, calling)
    elif is_identity(origins_of(options)):
        facts = frozenset({Role((Unnamed.PERMISSION,), calling.span)})
    success = of(Unknown(frozenset(), Truth.MAYBE, facts, is_primitive=True))
    calling.may_fail()
    return of(Promise(obj(success=success, error=NULL_VALUE)))


def permissions(name: str, options: Value, calling: Calling) -> Facts:
    """What a permission covers: everything, or one organization, which is the active one where none is named.

    https://www.better-auth.com/docs/plugins/organization#access-control
    """
    if name == "userHasPermission":
        return frozenset({Role((Unnamed.PERMISSION,), calling.span)})
    body = part(options, "body")
    named = part(body, "organizationId") if body is not None else None
    chosen = frozenset(o for o in origins_of(named) if isinstance(o, Input | Request))
    within = chosen if named is not None else ACTIVE_ORGANIZATION
    return owns(chosen, calling.span) | {Role((Unnamed.PERMISSION,), calling.span, within)}


ACTIVE_ORGANIZATION: Origins = frozenset({Session(PROVIDER, True, ("session", "activeOrganizationId"))})
"""The tenant that the session names."""


def user_or_null(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getSession()`: `{ session, user }`, or `null`."""
    calling.may_fail()
    found = session_or_null(PROVIDER, calling)
    for fields in library.state:
        if isinstance(fields, Value):
            calling.emit(EffectKind.ASK, SET_BY_ITS_OWNER, INSTANCE, data=fields)
    return of(Promise(found))


def instance(library: Library, given: Arguments, calling: Calling) -> Value:
    """`betterAuth({ user: { additionalFields } })`: who signs up sends these, but for those with `input: false`.

    https://www.better-auth.com/docs/concepts/database#extending-core-schema
    """
    user = part(given.at(0), "user")
    added = part(user, "additionalFields") if user is not None else None
    shapes = [a.shape for a in added.alternatives if isinstance(a.shape, Object)] if added is not None else []
    own = ADMINS if may_have_admins(part(given.at(0), "plugins")) else frozenset()
    names = {name for shape in shapes for name, value in shape.fields if is_sent(value)} - own
    return of(Library(INSTANCE, (), (obj(None, **dict.fromkeys(sorted(names), PLAIN)),) if names else ()))


ADMIN = "better-auth/plugins#admin"

ADMINS = frozenset({"role", "banned", "banReason", "banExpires"})
"""Fields that the plugin for administrators adds itself, which nobody else sets.

https://www.better-auth.com/docs/plugins/admin#schema
"""


def may_have_admins(plugins: Value | None) -> bool:
    """Whether the plugin for administrators is among these, or may be."""
    for a in plugins.alternatives if plugins is not None else ():
        items = a.shape.items if isinstance(a.shape, Array) else None
        if items is None or ADMIN in {
            o.shape.root for i in items for o in i.alternatives if isinstance(o.shape, Library)
        }:
            return True
    return False


def is_sent(field: Value) -> bool:
    """Whether an additional field is one that users send themselves."""
    sent = part(field, "input")
    return sent is None or not any(isinstance(a.shape, Constant) and a.shape.value is False for a in sent.alternatives)
