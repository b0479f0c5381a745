"""Platforms that a program works on with its key: code, documents, customers, video, rooms; verbs say what is done."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.texts import opening_of
from preship.analyzers.flow.values import PLAIN, Library, Object, Promise, Value, of, text_of, unknown
from preship.analyzers.knowledge import words
from preship.analyzers.knowledge.managed import WORD, chosen_and_carried, kind_of
from preship.analyzers.knowledge.rows import Handler, is_absent, name_of
from preship.analyzers.knowledge.services import run_inside, spoken_as
from preship.analyzers.knowledge.tokens import TOKEN

VERBS = {
    "archive": EffectKind.DELETE,
    "do": EffectKind.READ,
    "show": EffectKind.READ,
    "me": EffectKind.READ,
    "verify": EffectKind.READ,
    "send": EffectKind.SEND,
}
"""First words that such platforms use besides those of every management interface."""


def done_by(name: str) -> EffectKind:
    """What a method of this name does."""
    found = WORD.match(name)
    return VERBS.get(found.group().lower() if found else "") or kind_of(name)


def as_whom(library: Library, given: Arguments) -> Client:
    """As the caller, where the client holds a token of theirs, or one that the program keeps under their name."""
    kept = any(isinstance(value, Value) and names_the_caller(value) for value in library.state)
    return Client.CALLER if kept else spoken_as(library, given)


def is_empty(value: Value) -> bool:
    """Whether nothing names a record by an id: a repository is named by its owner and its name."""
    return all(isinstance(a.shape, Object) and not a.shape.fields and a.shape.rest is None for a in value.alternatives)


def worked_on(platform: str, kind: EffectKind | None = None) -> Handler:
    """An asynchronous call that does what its name says; what names a record chooses, the rest is sent."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        done = kind or done_by(library.path[-1] if library.path else "")
        named, body = chosen_and_carried(given)
        key = given.at(0) if is_empty(named) else named
        calling.may_fail()
        calling.emit(
            done,
            platform,
            name_of(library),
            key=None if done is EffectKind.INSERT or is_absent(key) else key,
            data=None if done is EffectKind.READ else body,
            client=as_whom(library, given),
        )
        run_inside(given, calling)
        return of(Promise(unknown({Remote(platform)}), rejection=PLAIN))

    return handle


# --- GitHub --------------------------------------------------------------------------------------------------------

ROUTES = {"GET": EffectKind.READ, "POST": EffectKind.INSERT, "DELETE": EffectKind.DELETE}


def routed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`octokit.request('POST /repos/{owner}/{repo}/issues', parameters)`."""
    method = opening_of(given.at(0)).split(" ", maxsplit=1)[0]
    kind = ROUTES.get(method, EffectKind.WRITE)
    calling.may_fail()
    calling.emit(kind, "GitHub", name_of(library), key=given.at(0), data=given.at(1), client=as_whom(library, given))
    return of(Promise(unknown({Remote("GitHub")}), rejection=PLAIN))


def graph(library: Library, given: Arguments, calling: Calling) -> Value:
    """`octokit.graphql(query, variables)`."""
    kind = EffectKind.WRITE if (text_of(given.at(0)) or "").lstrip().startswith("mutation") else EffectKind.READ
    calling.may_fail()
    calling.emit(kind, "GitHub", name_of(library), key=given.at(1), client=as_whom(library, given))
    return of(Promise(unknown({Remote("GitHub")}), rejection=PLAIN))


# --- tokens for rooms and chats ------------------------------------------------------------------------------------

A_SESSION, A_ROOM = "the session of a user", "access to a room"


def for_user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createToken(userId)`: whoever holds it speaks for that user."""
    key = words.part(given.at(0), "user_id") or given.at(0)
    calling.emit(EffectKind.WRITE, A_SESSION, name_of(library), key=key)
    return TOKEN


def granting(library: Library, given: Arguments, calling: Calling) -> Value:
    """`token.addGrant({ room })`, `session.allow(room, access)`: one more thing that it opens."""
    return of(Library(library.root, (), (*library.state, *given.values)))


def issued(library: Library, given: Arguments, calling: Calling) -> Value:
    """`token.toJwt()`, `session.authorize()`, with what was granted before."""
    granted = [value for value in library.state if isinstance(value, Value)]
    rooms = [room for value in granted if (room := words.part(value, "room")) is not None and room is not value]
    room = rooms[0] if rooms else granted[-1] if granted else None
    calling.emit(EffectKind.WRITE, A_ROOM, name_of(library), key=room)
    return of(Promise(TOKEN))


def identified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`identifyUser(id)`, promised."""
    return of(Promise(for_user(library, given, calling)))
