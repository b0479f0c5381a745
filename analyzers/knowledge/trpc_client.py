"""tRPC's clients: a procedure of a remote server is a request, and React Query asks when it is told to."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, UNDEFINED_VALUE, Library, Promise, Value, obj, of
from preship.analyzers.knowledge.rows import is_absent, native, option
from preship.analyzers.knowledge.services import answer, functions_in, spoken_as
from preship.analyzers.knowledge.trpc import CALLER, routed

REMOTE, OPTIONS, QUERIES = "trpc#remote", "trpc#options", "react-query#client"


def remote_client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createTRPCClient({ links })`: the headers that its links make go with every call."""
    made_of: list[Value] = list(given.all())
    for value in given.all():
        made_of += [calling.settle(calling.aside(f, Arguments((PLAIN,)))) for f in functions_in(value, 5)]
    return of(Library(REMOTE, (), tuple(made_of)))


def remote_link(library: Library, given: Arguments, calling: Calling) -> Value:
    """`httpLink({ url, headers })`."""
    made_of = [calling.aside(f, Arguments((PLAIN,))) for value in given.all() for f in functions_in(value, 3)]
    return of(Library("trpc#link", (), (*given.all(), *[v for v in made_of if v.alternatives])))


def remote_call(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.post.create.mutate(input)`."""
    *path, verb = library.path or ("",)
    name = ".".join(path)
    if verb not in {"query", "mutate", "subscribe"}:
        return PLAIN
    calling.may_fail()
    client = spoken_as(library, given)
    calling.emit(EffectKind.FETCH, name or "a tRPC server", f"trpc.{name}", data=given.at(0), client=client)
    return of(Promise(answer("the tRPC server", client, calling)))


def options_proxy(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createTRPCOptionsProxy({ client })`, or of a router and a context."""
    client = option(given.at(0), "client")
    if is_absent(client):
        client = of(Library(CALLER, (), (option(given.at(0), "router"), option(given.at(0), "ctx"))))
    return of(Library(OPTIONS, (), (client,)))


def query_options(library: Library, given: Arguments, calling: Calling) -> Value:
    """`trpc.post.byId.queryOptions(input)`: how React Query is to ask."""
    client = library.state[0].alternatives[0].shape if isinstance(library.state[0], Value) else None
    if not isinstance(client, Library):
        return PLAIN
    verb = () if client.root == CALLER else ("mutate" if library.path[-1].startswith("mutation") else "query",)
    asked = Library(client.root, (*library.path[:-1], *verb), client.state)
    ask = routed if client.root == CALLER else remote_call

    def run_query(inner: Calling, more: Arguments) -> Value:
        return ask(asked, given, inner)

    return obj(queryKey=PLAIN, queryFn=native("queryFn", run_query), mutationFn=native("mutationFn", run_query))


def fetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`queryClient.fetchQuery({ queryFn })`."""
    return calling.call(option(given.at(0), "queryFn"), Arguments((PLAIN,)))


def prefetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`queryClient.prefetchQuery({ queryFn })`, which never fails."""
    calling.aside(option(given.at(0), "queryFn"), Arguments((PLAIN,)))
    return of(Promise(UNDEFINED_VALUE))


def hydration(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createHydrationHelpers(caller, getQueryClient)` gives the caller back as `trpc`."""
    return obj(trpc=given.at(0), HydrateClient=PLAIN)
