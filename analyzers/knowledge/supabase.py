"""Supabase: clients that speak as the caller or as the service, and their storage, functions and channels."""

from __future__ import annotations

from preship.analyzers.conventions.settings import ANONYMOUS_KEY_SETTING, SERVICE_KEY_SETTING
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Request, Secret, Session, Unfollowed
from preship.analyzers.flow.values import (
    PLAIN,
    Constant,
    Library,
    Object,
    Promise,
    Value,
    field_of,
    obj,
    of,
    origins_of,
    primitive_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge import supabase_auth, supabase_queries
from preship.analyzers.knowledge.managed import managed
from preship.analyzers.knowledge.rows import Handler, record
from preship.analyzers.knowledge.supabase_auth import answered

CLIENT = "supabase#client"
BUCKET = "supabase#bucket"
CHANNEL = "supabase#channel"

# --- clients -------------------------------------------------------------------------------------------------------


def client_for(key: Value, options: Value, *, has_cookies: bool) -> Client:
    """As whom a client speaks: the public key leaves the judgement to row-level security, a secret one overrules it.

    https://supabase.com/docs/guides/database/postgres/row-level-security#bypassing-row-level-security
    """
    bearers = [field_of(a.shape, "global") for a in options.alternatives if isinstance(a.shape, Object)]
    if any(isinstance(o, Request | Session) for bearer in bearers if bearer for o in origins_of(bearer)):
        return Client.CALLER
    secrets = [o.name for o in origins_of(key) if isinstance(o, Secret)]
    if has_cookies:
        # `SUPABASE_KEY` of a client with the caller's cookies: the public one, unless it says otherwise.
        return Client.SERVER if any(SERVICE_KEY_SETTING.matches(name) for name in secrets) else Client.CALLER
    if any(not ANONYMOUS_KEY_SETTING.matches(name) for name in secrets):
        return Client.SERVER
    return Client.UNSEEN if any(isinstance(o, Unfollowed) for o in origins_of(key)) else Client.CALLER


def made_with_key(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createClient(url, key, options)`."""
    has_cookies = library.path[-1] == "createServerClient"
    client = client_for(given.at(1), given.at(2), has_cookies=has_cookies)
    is_nobodys = library.path[-1] == "createClient" and not is_told_who_calls(given.at(2))
    return of(Library(CLIENT, (), (client, *((supabase_auth.NOBODYS,) if is_nobodys else ()))))


def is_told_who_calls(options: Value) -> bool:
    """Whether a client's options may bring a session along: headers, a token, a storage, or what cannot be seen.

    https://supabase.com/docs/reference/javascript/initializing
    """
    shapes = [a.shape for a in options.alternatives]
    if all(isinstance(shape, Constant) for shape in shapes):
        return False
    auth = [part for s in shapes if isinstance(s, Object) and (part := field_of(s, "auth")) is not None]
    return any(
        not isinstance(s, Object) or s.rest is not None or any(name in TELLS_WHO_CALLS for name, _ in s.fields)
        for s in (*shapes, *(a.shape for part in auth for a in part.alternatives))
    )


TELLS_WHO_CALLS = frozenset({"global", "accessToken", "storage"})


def made_with_options(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createServerActionClient({ cookies }, { supabaseKey })` of the auth helpers."""
    keys = [field_of(a.shape, "supabaseKey") for a in given.at(1).alternatives if isinstance(a.shape, Object)]
    return of(Library(CLIENT, (), (client_for(next((k for k in keys if k), PLAIN), PLAIN, has_cookies=True),)))


def speaker(library: Library) -> Client:
    """As whom a thing of a client speaks."""
    client = library.state[0]
    assert isinstance(client, Client)  # noqa: S101
    return client


def table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`from(table)`."""
    return supabase_queries.started(speaker(library), given.at(0))


def database_function(library: Library, given: Arguments, calling: Calling) -> Value:
    """`rpc(name, arguments)`."""
    return supabase_queries.function_called(speaker(library), given)


def in_schema(library: Library, given: Arguments, calling: Calling) -> Value:
    """`schema(name)`."""
    return of(Library(CLIENT, (), library.state))


def edge_function(library: Library, given: Arguments, calling: Calling) -> Value:
    """`functions.invoke(name, { body })`."""
    name = text_of(given.at(0)) or "an edge function"
    calling.may_fail()
    calling.emit(EffectKind.FETCH, name, "supabase.functions.invoke", data=given.at(1), client=speaker(library))
    return answered(calling, unknown(origins_of(given.at(1))))


# --- storage and channels ------------------------------------------------------------------------------------------


def bucket(library: Library, given: Arguments, calling: Calling) -> Value:
    """`storage.from(bucket)`."""
    return of(Library(BUCKET, (), (speaker(library), text_of(given.at(0)) or "a bucket")))


def stored(kind: EffectKind, *, data: int | None = None) -> Handler:
    """A call on the objects of a bucket, which their paths choose."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        name = str(library.state[1])
        what = f"supabase.storage.{library.path[-1]}"
        calling.may_fail()
        # The contents of a file have no columns that somebody could add.
        body = primitive_of(given.at(data)) if data is not None else None
        calling.emit(kind, name, what, key=given.at(0), data=body, client=speaker(library))
        return answered(calling, record(name, given.at(0), calling))

    return handle


def channel(library: Library, given: Arguments, calling: Calling) -> Value:
    """`channel(name)`."""
    return of(Library(CHANNEL, (), library.state))


def broadcast(library: Library, given: Arguments, calling: Calling) -> Value:
    """`channel.send({ payload })`."""
    calling.emit(EffectKind.SEND, "a channel", "supabase.channel.send", data=given.at(0), client=speaker(library))
    return of(Promise(PLAIN))


def on_client(library: Library, given: Arguments, calling: Calling) -> Value:
    """Any other call on a client."""
    if library.path[:2] == ("auth", "admin"):
        return supabase_auth.administered(library, given, calling)
    if library.path[:2] == ("auth", "mfa"):
        return supabase_auth.own_account(library, given, calling)
    if library.path[:1] == ("storage",):
        return managed("buckets", speaker(library))(library, given, calling)
    return of(Promise(PLAIN))


PUBLIC_URL = obj(data=obj(publicUrl=PLAIN))
