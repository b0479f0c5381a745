"""HTTP clients beside `fetch`."""

from __future__ import annotations

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind, Trait
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.texts import joined
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.abuse import note_captcha
from preship.analyzers.knowledge.keys import listed
from preship.analyzers.knowledge.rows import (
    Handler,
    LibraryModel,
    gives,
    is_absent,
    name_of,
    native,
    option,
    same,
)
from preship.analyzers.knowledge.services import answer, response, run_inside, spoken_as

METHODS_WITH_BODY = ("post", "put", "patch", "postForm", "putForm", "patchForm")
METHODS = ("get", "delete", "head", "options", "request", "stream")


def where(library: Library) -> frozenset[Trait]:
    """Whether a request goes to whatever address it is given."""
    return frozenset({Trait.SENDS_ANYWHERE}) if library.root.partition("#")[0] in REQUESTS else NO_TRAITS


DELETE = frozenset({"delete", "DELETE", "del"})
"""How clients and options call the method that deletes what an address names."""


def traits_of(library: Library, given: Arguments) -> frozenset[Trait]:
    """What a request does, by the method of the client or in the options."""
    named = {text_of(option(value, "method")) for value in given.values}
    is_deletion = bool(DELETE & (named | set(library.path[-1:])))
    return where(library) | (frozenset({Trait.DELETES}) if is_deletion else NO_TRAITS)


def sent_by(given: Arguments, body: int | None) -> Value | None:
    """All that goes along with an address, as `fetch` takes it: of `post(url, body, options)` it is both."""
    first = given.at(1 if body is None else body)
    options = given.at(body + 1) if body is not None else PLAIN
    named = [a.shape for a in options.alternatives if isinstance(a.shape, Object) and a.shape.fields]
    if named:
        return of(Object((("body", first), *named[0].fields), named[0].rest))
    return None if is_absent(first) else first


def requested(*, body: int | None) -> Handler:
    """A request: the address comes first, or in the options; a body at its own place, or in the options."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        address = given.at(0)
        if any(isinstance(a.shape, Object) for a in address.alternatives):
            address = option(address, "url")
        base = base_of(library)
        if base is not None:
            address = joined((base, address))
        calling.may_fail()
        host = text_of(address) or "another service"
        client = spoken_as(library, Arguments((*given.values, *set_by_hooks(library, given, calling)), given.rest))
        what, traits = sent_by(given, body), traits_of(library, given)
        calling.emit(EffectKind.FETCH, host, name_of(library), key=address, data=what, client=client, traits=traits)
        note_captcha(address, calling)
        run_inside(given, calling)
        return of(Promise(response(answer(host, client, calling, origins_of(address)))))

    return handle


def set_by_hooks(library: Library, given: Arguments, calling: Calling) -> tuple[Value, ...]:
    """The headers that hooks give a request before it goes out.

    https://github.com/sindresorhus/ky#hooksbeforerequest, https://openapi-ts.dev/openapi-fetch/middleware-auth
    """
    found: list[tuple[str, Value]] = []

    def setting(inner: Calling, arguments: Arguments) -> Value:
        found.append((text_of(arguments.at(0)) or "?", arguments.at(1)))
        return PLAIN

    headers = obj(set=native("set", setting), append=native("append", setting), get=native("get", nothing_set))
    request = obj(PLAIN, headers=headers)
    for options in (*options_of(library), *given.all()):
        hooks = listed(option(option(options, "hooks"), "beforeRequest"))
        waiting = [(hook, request) for hook in hooks]
        waiting.append((option(options, "onRequest"), obj(PLAIN, request=request)))
        for hook, told in waiting:
            if not is_absent(hook):
                calling.aside(hook, Arguments((told,)))
    return (obj(headers=of(Object(tuple(found)))),) if found else ()


def nothing_set(calling: Calling, given: Arguments) -> Value:
    """A header that nobody has set yet."""
    return NULL_VALUE


def options_of(library: Library) -> list[Value]:
    """The options with which an instance was made."""
    return [part for part in library.state if isinstance(part, Value)]


def base_of(library: Library) -> Value | None:
    """What stands before the addresses of an instance."""
    found = [option(part, name) for part in options_of(library) for name in ("baseURL", "prefixUrl", "baseUrl")]
    return next((value for value in found if not is_absent(value)), None)


def body_at_once(library: Library, given: Arguments, calling: Calling) -> Value:
    """A request whose promise is the body itself."""
    calling.may_fail()
    host = text_of(given.at(0)) or "another service"
    sent = None if is_absent(given.at(1)) else given.at(1)
    client, traits = spoken_as(library, given), traits_of(library, given)
    calling.emit(EffectKind.FETCH, host, name_of(library), key=given.at(0), data=sent, client=client, traits=traits)
    note_captcha(given.at(0), calling)
    return of(Promise(unknown({Remote(host)} | origins_of(given.at(0)))))


def instance(library: Library, given: Arguments, calling: Calling) -> Value:
    """`axios.create(options)`: the same, with options that hold for all its requests."""
    return of(Library(library.root, (), (*library.state, *given.all())))


def chained(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ky.get(url)`, whose body can be asked for before it is awaited."""
    promise = requested(body=None)(library, given, calling)
    found = promise.alternatives[0].shape
    return found.value if isinstance(found, Promise) else promise


AXIOS = LibraryModel(
    frozenset({"axios", "redaxios", "xior"}),
    "https://axios-http.com/docs/api_intro",
    {("default", "create"): instance, ("create",): instance, ("default",): requested(body=None)},
    methods={
        **dict.fromkeys(METHODS_WITH_BODY, requested(body=1)),
        **dict.fromkeys(METHODS, requested(body=None)),
        **dict.fromkeys(("isAxiosError", "isCancel", "use", "eject", "all", "spread"), gives(PLAIN)),
    },
    otherwise=requested(body=None),
)

KY = LibraryModel(
    frozenset({"ky", "got", "ky-universal", "wretch"}),
    "https://github.com/sindresorhus/ky#api",
    {("default", "create"): instance, ("default", "extend"): instance, ("create",): instance, ("extend",): instance},
    otherwise=chained,
)

FETCH_LIKE = LibraryModel(
    frozenset(
        "node-fetch node-fetch-native cross-fetch isomorphic-unfetch isomorphic-fetch unfetch undici @whatwg-node/fetch"
        " make-fetch-happen minipass-fetch gaxios urllib phin".split()
    ),
    "https://undici.nodejs.org/#/docs/api/Fetch",
    dict.fromkeys(
        (("default",), ("fetch",), ("request",), ("stream",), ("pipeline",), ("curl",), ("phin",), ("unpromisified",)),
        requested(body=None),
    ),
    otherwise=gives(PLAIN),
)

WITH_CALLBACKS = LibraryModel(
    frozenset({"request", "request-promise", "request-promise-native"}),
    "https://github.com/request/request#readme",
    methods={"defaults": instance, "jar": gives(PLAIN), "cookie": gives(PLAIN)},
    otherwise=requested(body=None),
)


def named_method(library: Library, given: Arguments, calling: Calling) -> Value:
    """`needle('get', url, data, options)`, `needle.request('get', url, data, options)`."""
    return requested(body=1)(library, given.without_first(), calling)


NEEDLE = LibraryModel(
    frozenset({"needle"}),
    "https://github.com/tomas/needle#readme",
    {("default",): named_method, ("needle",): named_method},
    methods={
        "request": named_method,
        "defaults": gives(PLAIN),
        **dict.fromkeys(METHODS_WITH_BODY, requested(body=1)),
    },
    otherwise=requested(body=None),
)

SUPERAGENT_REQUEST = "superagent#request"


def begun(library: Library, given: Arguments, calling: Calling) -> Value:
    """`superagent.get(url)`, which goes out as soon as it is awaited, with what was set until then."""
    host = text_of(given.at(0)) or "another service"
    calling.emit(EffectKind.FETCH, host, name_of(library), key=given.at(0), traits=where(library))
    return of(Library(SUPERAGENT_REQUEST, (), given.all()))


def arrived(library: Library, calling: Calling) -> Value:
    """The answer to a request that was awaited."""
    calling.may_fail()
    address = library.state[0] if library.state and isinstance(library.state[0], Value) else PLAIN
    return unknown({Remote(text_of(address) or "another service")} | origins_of(address))


SUPERAGENT = (
    LibraryModel(
        frozenset({"superagent"}),
        "https://ladjs.github.io/superagent/",
        {("default", "agent"): gives(of(Library("superagent"))), ("agent",): gives(of(Library("superagent")))},
        otherwise=begun,
    ),
    LibraryModel(
        frozenset({SUPERAGENT_REQUEST}),
        "https://ladjs.github.io/superagent/",
        otherwise=same,
        awaited=arrived,
    ),
)

OFETCH = LibraryModel(
    frozenset({"ofetch", "@better-fetch/fetch"}),
    "https://github.com/unjs/ofetch#readme",
    {("ofetch", "create"): instance, ("$fetch", "create"): instance, ("ofetch", "raw"): requested(body=None)},
    otherwise=body_at_once,
)

GRAPHQL_CLIENT = "graphql-request#client"


def client(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new GraphQLClient(url, options)`."""
    run_inside(given, calling)
    return of(Library(GRAPHQL_CLIENT, (), given.all()))


def queried(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.request(document, variables, headers)`."""
    calling.may_fail()
    variables = given.at(2) if library.root != GRAPHQL_CLIENT else given.at(1)
    client = spoken_as(library, given)
    calling.emit(EffectKind.FETCH, "a GraphQL service", name_of(library), data=variables, client=client)
    return of(Promise(answer("a GraphQL service", client, calling)))


def part_of_document(library: Library, strings: object, values: object, calling: Calling) -> Value:
    """A document in a tag, which is no request yet."""
    return PLAIN


def by_path(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.POST('/posts/{id}', { params, body })`: the parameters are a part of the address."""
    options = given.at(1)
    calling.may_fail()
    host = text_of(base_of(library) or PLAIN) or "another service"
    client = spoken_as(library, Arguments((*given.values, *set_by_hooks(library, given, calling)), given.rest))
    body = option(options, "body")
    sent = option(options, "params")
    key = given.at(0) if is_absent(sent) else obj(path=given.at(0), params=sent)
    what = None if is_absent(body) else body
    calling.emit(EffectKind.FETCH, host, name_of(library), key=key, data=what, client=client)
    return of(Promise(response(answer(host, client, calling, origins_of(sent)))))


CLIENTS = (AXIOS, KY, FETCH_LIKE, OFETCH, WITH_CALLBACKS, NEEDLE, SUPERAGENT[0])
REQUESTS: frozenset[str] = frozenset().union(*(model.roots for model in CLIENTS))
"""Packages that call the address they are given."""
"""What calls the address that it is given."""
