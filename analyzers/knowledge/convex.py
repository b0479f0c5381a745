"""Convex from a server: a function of the repository is run as it stands; any other judges its caller by itself.

What it does to its tables it does with rights of its own: who calls, only `ctx.auth` tells it, and only where a token
is sent along. An admin key speaks for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import Client, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote, Stored
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Library,
    Object,
    Promise,
    Value,
    is_nullish,
    obj,
    of,
    origins_of,
    text_of,
    unite,
    unknown,
)
from preship.analyzers.knowledge.keys import both, equal
from preship.analyzers.knowledge.queries import FIRST, MANY, NONE, SURELY, Query, perform
from preship.analyzers.knowledge.rows import (
    Handler,
    LibraryModel,
    gives,
    native,
    option,
    promises,
    same,
    session_or_null,
)

CLIENT, ADMIN, TOKEN = "convex#client", "admin", "token"
FUNCTION, DATABASE, AUTH, STEPS, FIELD, CONDITION = (
    f"convex#{name}" for name in ("function", "db", "auth", "query", "field", "condition")
)
SERVER, VALUES = "convex/server", "convex/values"
PROVIDER = "Convex"
A_DOCUMENT = "a document"
"""The target of what an id chooses, whose table only Convex knows."""

Sources = Callable[[], Sequence[str]]
"""The source files of the repository."""


# --- calls from a server ---------------------------------------------------------------------------------------------


def called(kind: EffectKind, sources: Sources) -> Handler:
    """`fetchMutation(api.posts.remove, { id })`, `client.mutation(api.posts.remove, { id })`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        function = function_of(given.at(0), sources, calling)
        if function is not None:
            calling.may_fail(is_told=False)
            return run(function, given.at(1), has_token(library, given), sources, calling)
        target = name_of(given.at(0))
        calling.may_fail(is_told=False)
        calling.emit(
            kind,
            target,
            ".".join(library.path),
            key=given.at(1),
            data=None if kind is EffectKind.READ else given.at(1),
            client=Client.SERVER if ADMIN in library.state else Client.CALLER,
        )
        return of(Promise(unknown({Remote(f"Convex {target}")}), NO_FACTS, PLAIN))

    return handle


def names_in(function: Value) -> tuple[str, ...]:
    """The names behind `api`: `posts`, `remove`."""
    for a in function.alternatives:
        if isinstance(a.shape, Library) and a.shape.path:
            return a.shape.path[1:] or a.shape.path
    return ()


def name_of(function: Value) -> str:
    """The function that `api.posts.remove` names."""
    return ".".join(names_in(function)) or "a Convex function"


def function_of(named: Value, sources: Sources, calling: Calling) -> Library | None:
    """The function of the repository that `api.posts.remove` names: `remove` of `convex/posts.ts`."""
    *folders, name = names_in(named) or ("",)
    place = "/".join(("convex", *folders))
    found = [path for path in sources() if path.rpartition(".")[0].endswith(place) and is_whole_name(path, place)]
    value = calling.exported(min(found, key=len), name) if folders and found else PLAIN
    shapes = [a.shape for a in value.alternatives]
    return next((s for s in shapes if isinstance(s, Library) and s.root == FUNCTION), None)


def is_whole_name(path: str, place: str) -> bool:
    """Whether a path ends with whole names of folders."""
    before = path.rpartition(".")[0].removesuffix(place)
    return before == "" or before.endswith("/")


def has_token(library: Library, given: Arguments) -> bool:
    """Whether a call may say who calls: by an option, or by what its client was told."""
    token = option(given.at(2), "token")
    return TOKEN in library.state or (
        len(given.values) > 2 and not all(is_nullish(a.shape) for a in token.alternatives)
    )


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new ConvexHttpClient(url)`."""
    return of(Library(CLIENT))


def becomes(library: Library, given: Arguments) -> Library | None:
    """`client.setAuth(token)`, `client.setAdminAuth(key)`."""
    by = {"setAuth": TOKEN, "setAdminAuth": ADMIN}.get(".".join(library.path))
    return Library(CLIENT, (), (by,)) if by is not None else None


# --- functions of the repository -------------------------------------------------------------------------------------


def function(library: Library, given: Arguments, calling: Calling) -> Value:
    """`query({ args, handler })`, `mutation(async (ctx, args) => …)`."""
    handler = (
        option(given.at(0), "handler") if any(isinstance(a.shape, Object) for a in given.at(0).alternatives) else None
    )
    return of(Library(FUNCTION, (), (handler if handler is not None else given.at(0),)))


def run(made: Library, arguments: Value, is_told: bool, sources: Sources, calling: Calling) -> Value:
    """A function of the repository, called with these arguments."""
    handler = made.state[0]
    assert isinstance(handler, Value)  # noqa: S101

    def again(inner: Calling, given: Arguments) -> Value:
        found = function_of(given.at(0), sources, inner)
        return run(found, given.at(1), is_told, sources, inner) if found is not None else of(Promise(PLAIN))

    def later(inner: Calling, given: Arguments) -> Value:
        inner.aside(native("run", lambda here, _: again(here, given.without_first())), Arguments())
        return of(Promise(PLAIN))

    runs = dict.fromkeys(("runQuery", "runMutation", "runAction"), native("run", again))
    scheduler = obj(PLAIN, runAfter=native("later", later), runAt=native("later", later))
    auth = of(Library(AUTH, (), (is_told,)))
    return calling.call(
        handler, Arguments((obj(PLAIN, db=of(Library(DATABASE)), auth=auth, scheduler=scheduler, **runs), arguments))
    )


def identity(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ctx.auth.getUserIdentity()`."""
    return of(Promise(session_or_null(PROVIDER, calling) if library.state == (True,) else NULL_VALUE))


def user_id(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getAuthUserId(ctx)`: https://labs.convex.dev/auth/api_reference/server"""
    shapes = [a.shape for a in calling.member(given.at(0), "auth").alternatives]
    is_told = any(isinstance(s, Library) and s.root == AUTH and s.state == (True,) for s in shapes)
    found = session_or_null(PROVIDER, calling, part=("subject",)) if is_told else NULL_VALUE
    return of(Promise(found))


# --- their database --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A query under construction."""

    table: str
    key: Value | None = None


def started(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ctx.db.query('posts')`."""
    return of(Library(STEPS, (), (Step(text_of(given.at(0)) or "a table"),)))


def step_of(library: Library) -> Step:
    """The query that a builder holds."""
    step = library.state[0]
    assert isinstance(step, Step)  # noqa: S101
    return step


def narrowed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.withIndex('by_owner', (q) => q.eq('ownerId', id))`, `.filter((q) => q.eq(q.field('ownerId'), id))`."""
    step, last = step_of(library), given.values[-1] if given.values else PLAIN
    found = calling.call(last, Arguments((of(Library(CONDITION)),)))
    keys = [a.shape.state[0] for a in found.alternatives if isinstance(a.shape, Library) and a.shape.state]
    added = [key for key in keys if isinstance(key, Value)]
    key = both(*((step.key,) if step.key is not None else ()), unite(*added)) if added else step.key
    return of(Library(STEPS, (), (replace(step, key=key),)))


def compared(library: Library, given: Arguments, calling: Calling) -> Value:
    """`q.eq(field, value)`."""
    shapes = [a.shape for a in given.at(0).alternatives]
    fields = [s.state[0] for s in shapes if isinstance(s, Library) and s.root == FIELD]
    name = next((str(each) for each in fields), None) or text_of(given.at(0)) or "*"
    before = [part for part in library.state if isinstance(part, Value)]
    return of(Library(CONDITION, (), (both(*before, equal(name, given.at(1))),)))


def all_of(library: Library, given: Arguments, calling: Calling) -> Value:
    """`q.and(a, b)`."""
    shapes = [a.shape for value in given.all() for a in value.alternatives]
    keys = [s.state[0] for s in shapes if isinstance(s, Library) and s.root == CONDITION and s.state]
    return of(Library(CONDITION, (), (both(*(key for key in keys if isinstance(key, Value))),)))


REDACTED = frozenset({Trait.FAILS_MUTE})
"""The exceptions of what a function at Convex does arrive without their text: `Server Error`.

https://docs.convex.dev/functions/error-handling/
"""


def read(answers: str) -> Handler:
    """`.collect()`, `.first()`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        step = step_of(library)
        query = Query(EffectKind.READ, f"ctx.db.{step.table}", step.table, calling.span, step.key, traits=REDACTED)
        return of(Promise(perform(replace(query, answers=answers, absent=NULL_VALUE), calling)))

    return handle


def paged(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.paginate(options)`."""
    found = calling.settle(read(MANY)(library, given, calling))
    return of(Promise(obj(page=found, isDone=PLAIN, continueCursor=PLAIN)))


def by_id(kind: EffectKind, answers: str) -> Handler:
    """`ctx.db.get(id)`, `ctx.db.patch(id, fields)`, `ctx.db.delete(id)`; each with its table in front, or without.

    https://docs.convex.dev/database/writing-data
    """

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        least = 2 if kind is EffectKind.WRITE else 1
        table = text_of(given.at(0)) if len(given.values) > least else None
        given = given if table is None else given.without_first()
        data = given.at(1) if kind is EffectKind.WRITE else None
        what, key = f"ctx.db.{library.path[-1]}", equal("_id", given.at(0))
        target = table or table_of(given.at(0))
        query = Query(kind, what, target, calling.span, key, data, is_single=True, traits=REDACTED)
        return of(Promise(perform(replace(query, answers=answers, absent=NULL_VALUE), calling)))

    return handle


def table_of(document: Value) -> str:
    """The table of the document that an id names, where the id was read from it."""
    found = {o.model if isinstance(o, Stored) and o.path[-1:] == ("_id",) else A_DOCUMENT for o in origins_of(document)}
    return found.pop() if len(found) == 1 else A_DOCUMENT


def inserted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ctx.db.insert('posts', fields)` gives the id of the new document."""
    table = text_of(given.at(0)) or "a table"
    new = given.at(1)
    query = Query(EffectKind.INSERT, f"ctx.db.{table}", table, calling.span, None, new, answers=SURELY, traits=REDACTED)
    return of(Promise(calling.member(perform(query, calling), "_id")))


MAKERS = ("query", "mutation", "action", "internalQuery", "internalMutation", "internalAction")
KINDS = {"query": EffectKind.READ, "mutation": EffectKind.WRITE, "action": EffectKind.WRITE}


def generated(specifier: str, name: str) -> Value | None:
    """What a name of the code is that Convex generates and that is seldom committed.

    https://docs.convex.dev/generated-api/
    """
    if specifier.endswith("_generated/api") and name in {"api", "internal"}:
        return of(Library(SERVER, ("anyApi",)))
    if specifier.endswith("_generated/server") and name in MAKERS:
        return of(Library(SERVER, (f"{name}Generic",)))
    return None


def library_models(sources: Sources) -> tuple[LibraryModel, ...]:
    """What is known of Convex where these files are the repository's."""
    return (
        LibraryModel(
            frozenset({"convex/nextjs"}),
            "https://docs.convex.dev/client/react/nextjs/server-rendering",
            {
                **{(f"fetch{name.capitalize()}",): called(kind, sources) for name, kind in KINDS.items()},
                ("preloadQuery",): called(EffectKind.READ, sources),
                ("preloadedQueryResult",): gives(PLAIN),
            },
        ),
        LibraryModel(
            frozenset({"convex/browser"}),
            "https://docs.convex.dev/api/classes/browser.ConvexHttpClient",
            makers={("ConvexHttpClient",): client, ("ConvexClient",): client},
        ),
        LibraryModel(
            frozenset({CLIENT}),
            "https://docs.convex.dev/api/classes/browser.ConvexHttpClient",
            {(name,): called(kind, sources) for name, kind in KINDS.items()},
            otherwise=promises(PLAIN),
            changes_in_place=True,
            becomes=becomes,
        ),
        LibraryModel(
            frozenset({SERVER}),
            "https://docs.convex.dev/api/modules/server",
            {(f"{name}Generic",): function for name in MAKERS},
        ),
        LibraryModel(
            frozenset({AUTH}), "https://docs.convex.dev/api/interfaces/server.Auth", {("getUserIdentity",): identity}
        ),
        LibraryModel(
            frozenset({"@convex-dev/auth/server"}),
            "https://labs.convex.dev/auth/api_reference/server",
            {("getAuthUserId",): user_id},
        ),
        LibraryModel(
            frozenset({DATABASE}),
            "https://docs.convex.dev/api/interfaces/server.GenericDatabaseWriter",
            {
                ("query",): started,
                ("get",): by_id(EffectKind.READ, FIRST),
                ("insert",): inserted,
                ("patch",): by_id(EffectKind.WRITE, NONE),
                ("replace",): by_id(EffectKind.WRITE, NONE),
                ("delete",): by_id(EffectKind.DELETE, NONE),
            },
            otherwise=promises(PLAIN),
        ),
        LibraryModel(
            frozenset({STEPS}),
            "https://docs.convex.dev/api/interfaces/server.OrderedQuery",
            {
                ("withIndex",): narrowed,
                ("withSearchIndex",): narrowed,
                ("filter",): narrowed,
                **dict.fromkeys((("collect",), ("take",)), read(MANY)),
                **dict.fromkeys((("first",), ("unique",)), read(FIRST)),
                ("paginate",): paged,
            },
            otherwise=same,
        ),
        LibraryModel(
            frozenset({CONDITION}),
            "https://docs.convex.dev/api/interfaces/server.FilterBuilder",
            {
                ("eq",): compared,
                ("search",): compared,
                ("and",): all_of,
                ("field",): lambda library, given, calling: of(Library(FIELD, (), (text_of(given.at(0)) or "*",))),
            },
            otherwise=same,
        ),
    )
