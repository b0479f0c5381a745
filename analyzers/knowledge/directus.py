"""Directus: commands that a client sends, as a guest, with a token of the caller's, or with one of the server's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Captured, Input, Remote, Request, Session, Unfollowed
from preship.analyzers.flow.values import (
    PLAIN,
    Closure,
    Library,
    Object,
    Promise,
    Value,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.entities import columns_of
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, equal, filtered
from preship.analyzers.knowledge.queries import MANY, NONE, SURELY, Query, perform
from preship.analyzers.knowledge.rows import identity, is_absent, option, proof
from preship.analyzers.knowledge.words import part

PROVIDER = "Directus"
CLIENT, COMMAND, TOKEN = (f"directus#{name}" for name in ("client", "command", "token"))

FILTERS = Dialect(
    all_of=frozenset({"_and"}),
    any_of=frozenset({"_or"}),
    equal=frozenset({"_eq", "_in"}),
    within=frozenset({"_some"}),
    other=frozenset(
        {
            *("_neq", "_nin", "_lt", "_lte", "_gt", "_gte", "_between", "_nbetween", "_contains", "_ncontains"),
            *("_icontains", "_starts_with", "_ends_with", "_null", "_nnull", "_empty", "_nempty", "_none"),
        }
    ),
)
"""https://directus.io/docs/guides/connect/filter-rules"""

KINDS = {
    "read": EffectKind.READ,
    "create": EffectKind.INSERT,
    "update": EffectKind.WRITE,
    "updated": EffectKind.WRITE,
    "delete": EffectKind.DELETE,
}
VERB = re.compile(r"(read|create|updated?|delete)([A-Z]\w*)")
PROVES = frozenset(
    {
        *("login", "refresh", "passwordRequest", "passwordReset", "registerUser", "registerUserVerify"),
        *("acceptUserInvite", "authenticateShare"),
    }
)
OF_COLLECTIONS = frozenset({"Item", "Items", "Singleton", "ItemsBatch", "ItemPermissions"})
"""Of these, the first argument names the collection; every other command is of a collection of Directus itself."""

TWO_FACTORS = frozenset({"generateTwoFactorSecret", "enableTwoFactor", "disableTwoFactor"})


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createDirectus(url)`: a guest."""
    return of(Library(CLIENT, (), (Client.CALLER,)))


def with_feature(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.with(staticToken(token))`, `client.with(rest())`."""
    tokens = [a.shape for a in given.at(0).alternatives if isinstance(a.shape, Library) and a.shape.root == TOKEN]
    known = speaks_for(tokens[0].state[0]) if tokens and isinstance(tokens[0].state[0], Value) else speaker(library)
    return of(Library(CLIENT, (), (known,)))


def token(library: Library, given: Arguments, calling: Calling) -> Value:
    """`staticToken(token)`."""
    return of(Library(TOKEN, (), (given.at(0),)))


def speaks_for(*credentials: Value) -> Client:
    """For whom a client with these credentials speaks: the caller who brought them, or the server."""
    found = {o for value in credentials for o in origins_of(value)}
    is_brought = any(isinstance(o, Input | Request | Session | Captured | Unfollowed) for o in found)
    return Client.CALLER if is_brought else Client.SERVER


def becomes(library: Library, given: Arguments) -> Library | None:
    """Who the client speaks for once it was given a token, or has signed in."""
    if library.path[-1:] in {("setToken",), ("login",)}:
        return Library(CLIENT, (), (speaks_for(*given.values[:2]),))
    return None


def speaker(library: Library) -> Client:
    """As whom a client speaks."""
    found = library.state[0]
    return found if isinstance(found, Client) else Client.CALLER


def command(library: Library, given: Arguments, calling: Calling) -> Value:
    """`readItems('posts', query)`, which does nothing until it is sent."""
    return of(Library(COMMAND, library.path[-1:], given.all()))


def with_token(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withToken(token, command)`."""
    return of(Library(COMMAND, ("withToken",), (given.at(0), given.at(1))))


def second(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withOptions(command, options)`, `withSearch(command)`, `withCookies(command)`: the command."""
    return given.at(0)


def requested(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.request(command)`."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == COMMAND:
            return sent(a.shape, speaker(library), calling)
        if isinstance(a.shape, Closure):
            return custom(calling.call(of(a.shape), Arguments()), speaker(library), calling)
    return custom(given.at(0), speaker(library), calling)


def custom(request: Value, client: Client, calling: Calling) -> Value:
    """A request of any kind: `() => ({ path, method, body })`, `customEndpoint({ path, method, body })`."""
    calling.may_fail()
    calling.emit(
        EffectKind.FETCH,
        PROVIDER,
        "directus.request",
        key=option(request, "path"),
        data=option(request, "body"),
        client=client,
    )
    return of(Promise(unknown({Remote(PROVIDER)})))


@dataclass(frozen=True, slots=True)
class Sent:
    """A command that is being sent."""

    name: str
    given: Arguments
    client: Client


def sent(library: Library, client: Client, calling: Calling) -> Value:
    """Do what a command says."""
    given = Arguments(tuple(value for value in library.state if isinstance(value, Value)))
    name = library.path[0]
    if name == "withToken":
        inner = next((a.shape for a in given.at(1).alternatives if isinstance(a.shape, Library)), None)
        return sent(inner, speaks_for(given.at(0)), calling) if inner is not None else of(Promise(PLAIN))
    found = VERB.fullmatch(name)
    if name in {"readMe", "updateMe", *TWO_FACTORS, *PROVES, "logout"}:
        return own_account(Sent(name, given, client), calling)
    if found is None:
        return acted(Sent(name, given, client), calling)
    return of_records(KINDS[found.group(1)], found.group(2), Sent(name, given, client), calling)


def own_account(said: Sent, calling: Calling) -> Value:
    """A command that is about who sends it."""
    calling.may_fail()
    if said.name == "readMe":
        known = said.client is Client.CALLER
        return of(Promise(identity(PROVIDER), proof(PROVIDER, calling), PLAIN)) if known else of(Promise(PLAIN))
    if said.name == "logout":
        calling.emit(EffectKind.LEAVE, "the caller's session", "directus.logout")
        return of(Promise(PLAIN))
    if said.name in PROVES:
        calling.emit(EffectKind.IDENTIFY, "the caller's session", f"directus.{said.name}")
        return of(Promise(unknown({Remote(PROVIDER)})))
    what = f"directus.{said.name}"
    calling.emit(EffectKind.WRITE, "the account in use", what, data=said.given.at(0), client=said.client)
    return of(Promise(identity(PROVIDER) if said.client is Client.CALLER else PLAIN))


def acted(said: Sent, calling: Calling) -> Value:
    """Any other command: `inviteUser(email, role)`, `uploadFiles(form)`, `triggerFlow(method, id, body)`."""
    calling.may_fail()
    kind, target = OTHERS.get(said.name, (EffectKind.FETCH, PROVIDER))
    data = said.given.at(len(said.given.values) - 1) if said.given.values else None
    calling.emit(kind, target, f"directus.{said.name}", key=said.given.at(0), data=data, client=said.client)
    return of(Promise(unknown({Remote(PROVIDER)})))


OTHERS = {
    "inviteUser": (EffectKind.INSERT, "users"),
    "uploadFiles": (EffectKind.FILE, "files"),
    "importFile": (EffectKind.FILE, "files"),
    "triggerFlow": (EffectKind.RUN, "a flow"),
    "aggregate": (EffectKind.READ, "a total"),
}


def of_records(kind: EffectKind, noun: str, said: Sent, calling: Calling) -> Value:
    """A command that reads, makes, changes or deletes records."""
    given, is_many = said.given, noun.endswith("s") or noun == "ItemsBatch"
    model = noun[0].lower() + noun[1:]
    if noun in OF_COLLECTIONS:
        model, given = text_of(given.at(0)) or "items", given.without_first()
    chooses = noun != "Singleton" and kind is not EffectKind.INSERT and not noun.endswith("Batch")
    key = key_of(given.at(0), is_many) if chooses else None
    query = given.at(1 if chooses and not (is_many and kind is EffectKind.READ) else 0)
    at = 1 if chooses else 0
    found = Query(
        kind,
        f"directus.{said.name}",
        model,
        calling.span,
        None if key == EVERYTHING else key,
        None if kind in {EffectKind.READ, EffectKind.DELETE} else given.at(at),
        columns=columns(model, query) if kind is EffectKind.READ else None,
        answers=NONE if kind is EffectKind.DELETE else MANY if is_many else SURELY,
        is_single=not is_many,
        client=said.client,
    )
    return of(Promise(perform(found, calling), NO_FACTS, PLAIN))


def key_of(chosen: Value, is_many: bool) -> Value:
    """What chooses records: a key, some keys, or a query with a filter."""
    if is_absent(chosen):
        return EVERYTHING
    if is_many and any(isinstance(a.shape, Object) for a in chosen.alternatives):
        where = part(chosen, "filter")
        return EVERYTHING if where is None else filtered(where, FILTERS)
    return equal("id", chosen)


def columns(model: str, query: Value) -> Value | None:
    """The fields that a query names; `*` stands for all."""
    found = columns_of(model, query)
    names = (
        {name for a in found.alternatives if isinstance(a.shape, Object) for name, _ in a.shape.fields}
        if found
        else set()
    )
    return None if "*" in names else found


def signed_in(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.login(email, password)`: the caller's sign-in, or the server's own."""
    calling.may_fail()
    if speaks_for(*given.values[:2]) is Client.CALLER:
        calling.emit(EffectKind.IDENTIFY, "the caller's session", "directus.login")
    return of(Promise(unknown({Remote(PROVIDER)})))


def left(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.logout()`."""
    calling.emit(EffectKind.LEAVE, "the caller's session", "directus.logout")
    return of(Promise(PLAIN))


def queried(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.query(text)`, in GraphQL."""
    return custom(PLAIN, speaker(library), calling)
