"""PocketBase: a client is a guest until a token is put into its store, and its server judges guests and users.

What a token claims is not verified by looking at the store; `authRefresh` asks the server.
"""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Captured, Input, Remote, Request, Session, Unfollowed
from preship.analyzers.flow.texts import harmless
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    obj,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.keys import equal
from preship.analyzers.knowledge.rows import (
    Handler,
    identity,
    is_absent,
    name_of,
    note_filter,
    option,
    proof,
    text,
)
from preship.analyzers.knowledge.stores import (
    DELETE,
    INSERT,
    MANY,
    NONE,
    READ,
    WRITE,
    Call,
    asked,
    by_id,
    no_part,
    sent,
)

PROVIDER = "PocketBase"
CLIENT = "pocketbase#client"


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new PocketBase(url)`: a guest, until it is given a token; where none is seen, perhaps elsewhere."""
    return of(Library(CLIENT, (), (Client.UNSEEN,)))


def collection(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pb.collection('posts')`."""
    return of(Library(library.root, library.path, (library.state[0], text_of(given.at(0)) or "a collection")))


def is_brought(given: Arguments) -> bool:
    """Whether a credential is the caller's, and none that the server has of its own."""
    found = {o for value in given.values[:2] for o in origins_of(value)}
    return any(isinstance(o, Input | Request | Session | Captured | Unfollowed) for o in found)


def becomes(library: Library, given: Arguments) -> Library | None:
    """Who the client speaks for once it was given a token, or has signed in."""
    if library.path[:1] == ("authStore",) and library.path[-1] in {"save", "loadFromCookie"}:
        return Library(CLIENT, (), (Client.CALLER if is_brought(given) else Client.SERVER,))
    if library.path[-1] == "authWithPassword":
        return Library(CLIENT, (), (Client.CALLER if is_brought(given) else Client.SERVER,))
    return Library(CLIENT, (), (Client.UNSEEN,)) if library.path == ("authStore", "clear") else None


def speaker(library: Library, given: Arguments) -> Client:
    """As whom the client speaks."""
    found = library.state[0]
    return found if isinstance(found, Client) else Client.UNSEEN


def name(library: Library, given: Arguments) -> str:
    """The collection that the call is about."""
    return str(library.state[1]) if len(library.state) > 1 else "a collection"


def of_filter(library: Library, given: Arguments) -> Value | None:
    """`getFirstListItem(filter)`, `getList(page, size, { filter })`, `getFullList({ filter })`."""
    options = [value for value in given.values if any(isinstance(a.shape, Object) for a in value.alternatives)]
    found = (
        given.at(0) if library.path[-1] == "getFirstListItem" else option(options[-1], "filter") if options else None
    )
    return None if found is None or is_absent(found) else equal("filter", found)


def with_filter(handler: Handler) -> Handler:
    """A call that takes a filter, which is a text."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        chosen = of_filter(library, given)
        if chosen is not None:
            text = option(chosen, "filter")
            note_filter(text, name(library, given), name_of(library), calling, speaker(library, given))
        return handler(library, given, calling)

    return handle


def listed(answer: Value) -> Value:
    """A page of records."""
    return obj(PLAIN, items=answer, totalItems=PLAIN, totalPages=PLAIN, page=PLAIN, perPage=PLAIN)


def signed_in(library: Library, given: Arguments, calling: Calling) -> Value:
    """`collection('users').authWithPassword(email, password)`: the caller's sign-in, or the server's own."""
    calling.may_fail()
    if not is_brought(given):
        return of(Promise(obj(token=PLAIN, record=PLAIN, admin=PLAIN)))
    calling.emit(EffectKind.IDENTIFY, "the caller's session", name_of(library))
    return of(Promise(obj(PLAIN, token=PLAIN, record=identity(PROVIDER)), proof(PROVIDER, calling), PLAIN))


def proven(library: Library, given: Arguments, calling: Calling) -> Value:
    """A step of proving who one is."""
    calling.may_fail()
    calling.emit(EffectKind.IDENTIFY, "the caller's session", name_of(library))
    return of(Promise(obj(PLAIN, token=PLAIN, record=identity(PROVIDER))))


def refreshed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`authRefresh()`: fails unless the server accepts the token."""
    if speaker(library, given) is Client.SERVER:
        return of(Promise(PLAIN))
    answer = obj(PLAIN, token=PLAIN, record=identity(PROVIDER))
    return of(Promise(answer, proof(PROVIDER, calling), PLAIN))


def left(library: Library, given: Arguments, calling: Calling) -> Value:
    """`authStore.clear()`."""
    calling.emit(EffectKind.LEAVE, "the caller's session", name_of(library))
    return UNDEFINED_VALUE


def impersonated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`collection('users').impersonate(id, seconds)`: a client that speaks for any user."""
    calling.emit(EffectKind.WRITE, "the session of a user", name_of(library), key=given.at(0), client=Client.SERVER)
    return of(Promise(of(Library(CLIENT, (), (Client.CALLER,)))))


def remembered(library: Library, name: str) -> Value | None:
    """`authStore.record`, `authStore.isValid`: what the token claims, which nothing has verified."""
    if library.path != ("authStore",):
        return None
    if name in {"record", "model", "token"}:
        return unknown({Session(PROVIDER, False, (name,))}, Truth.MAYBE)
    if name in {"isValid", "isSuperuser", "isAdmin", "isAuthRecord"}:
        return of(Unknown(frozenset({Session(PROVIDER, False, (name,))}), Truth.MAYBE, is_primitive=True))
    return None


def batch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pb.createBatch()`: its calls are sent together."""
    return of(Library(CLIENT, (), library.state))


def custom(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pb.send('/api/custom', options)`, a request of any kind; `batch.send()`, whose calls were seen before."""
    if not given.values:
        return of(Promise(PLAIN))
    client = speaker(library, given)
    calling.may_fail()
    calling.emit(EffectKind.FETCH, PROVIDER, name_of(library), key=given.at(0), data=given.at(1), client=client)
    return of(Promise(unknown({Remote(PROVIDER)})))


CALLS = {
    "getFullList": Call(READ, MANY, of_filter),
    "getList": Call(READ, MANY, of_filter, shaped=listed),
    "getFirstListItem": Call(READ, key=of_filter),
    "getOne": Call(READ, key=by_id()),
    "create": Call(INSERT, data=sent(0)),
    "update": Call(WRITE, key=by_id(), data=sent(1)),
    "upsert": Call(WRITE, data=sent(0)),
    "delete": Call(DELETE, NONE, by_id(), no_part),
}

full_list, page, first = (
    with_filter(asked(CALLS[verb], name, speaker)) for verb in ("getFullList", "getList", "getFirstListItem")
)
one, created, updated, upserted, deleted = (
    asked(CALLS[verb], name, speaker) for verb in ("getOne", "create", "update", "upsert", "delete")
)


def filter_text(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pb.filter('a = {:a}', { a })`, which escapes what it is given."""
    return harmless(text(library, given, calling))
