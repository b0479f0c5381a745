"""Convex from a server: its public functions judge their caller themselves, unless they are called as an admin."""

from __future__ import annotations

from analyzers.flow.effects import Client, EffectKind
from analyzers.flow.facts import NO_FACTS
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Remote
from analyzers.flow.values import PLAIN, Library, Promise, Value, of, unknown
from analyzers.knowledge.rows import Handler, Shelf, gives, promises

CLIENT, ADMIN = "convex#client", "admin"


def called(kind: EffectKind) -> Handler:
    """`fetchMutation(api.posts.remove, { id })`, `client.mutation(api.posts.remove, { id })`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        target = name_of(given.at(0))
        is_admin = library.state == (ADMIN,)
        calling.may_fail()
        calling.emit(
            kind,
            target,
            ".".join(library.path),
            key=given.at(1),
            data=None if kind is EffectKind.READ else given.at(1),
            client=Client.SERVER if is_admin else Client.CALLER,
        )
        return of(Promise(unknown({Remote(f"Convex {target}")}), NO_FACTS, PLAIN))

    return handle


def name_of(function: Value) -> str:
    """The function that `api.posts.remove` names."""
    for a in function.alternatives:
        if isinstance(a.shape, Library) and a.shape.path:
            return ".".join(a.shape.path[1:] or a.shape.path)
    return "a Convex function"


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new ConvexHttpClient(url)`."""
    return of(Library(CLIENT))


def as_admin(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.setAdminAuth(key)`."""
    return of(Library(CLIENT, (), (ADMIN,)))


METHODS: dict[tuple[str, ...], Handler] = {
    ("query",): called(EffectKind.READ),
    ("mutation",): called(EffectKind.WRITE),
    ("action",): called(EffectKind.WRITE),
}

SHELVES = (
    Shelf(
        frozenset({"convex/nextjs"}),
        "https://docs.convex.dev/client/react/nextjs/server-rendering",
        {
            ("fetchQuery",): called(EffectKind.READ),
            ("fetchMutation",): called(EffectKind.WRITE),
            ("fetchAction",): called(EffectKind.WRITE),
            ("preloadQuery",): called(EffectKind.READ),
            ("preloadedQueryResult",): gives(PLAIN),
        },
    ),
    Shelf(
        frozenset({"convex/browser"}),
        "https://docs.convex.dev/api/classes/browser.ConvexHttpClient",
        makers={("ConvexHttpClient",): client, ("ConvexClient",): client},
    ),
    Shelf(
        frozenset({CLIENT}),
        "https://docs.convex.dev/api/classes/browser.ConvexHttpClient",
        {
            **METHODS,
            ("setAuth",): lambda library, given, calling: of(Library(library.root)),
            ("setAdminAuth",): as_admin,
        },
        otherwise=promises(PLAIN),
        changes_in_place=True,
    ),
)
