"""The words that tables of remote services are written in: a call goes out, an answer comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from preship.analyzers.flow.effects import NO_TRAITS, Client, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, Strength, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Origins, Remote, Request, Secret, Session
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    of,
    origins_of,
    unknown,
)
from preship.analyzers.knowledge import words
from preship.analyzers.knowledge.rows import (
    Chosen,
    Handler,
    is_absent,
    name_of,
    option,
    record,
)


def at(index: int) -> Chosen:
    """The argument at a place."""
    return lambda given: given.at(index)


def field(name: str, index: int = 0) -> Chosen:
    """A field of the argument at a place; None where there is none."""

    def chosen(given: Arguments) -> Value | None:
        found = option(given.at(index), name)
        return None if is_absent(found) else found

    return chosen


def named(name: str, index: int = 0) -> Chosen:
    """A field of an argument that surely is an object; None of any other."""

    def chosen(given: Arguments) -> Value | None:
        found = words.part(given.at(index), name)
        return None if found is given.at(index) else found

    return chosen


def either(*choices: Chosen) -> Chosen:
    """The first of these parts that a call has."""

    def chosen(given: Arguments) -> Value | None:
        return next((found for choice in choices if (found := choice(given)) is not None), None)

    return chosen


def nothing(given: Arguments) -> Value | None:
    """No part."""
    return None


def named_thing(root: str) -> Handler:
    """A call that makes a thing of its arguments, which keeps the name that it was made by."""
    return lambda library, given, calling: of(Library(root, library.path[-1:], given.all()))


def opened(root: str) -> Handler:
    """A call that promises a thing, made of its arguments."""
    return lambda library, given, calling: of(Promise(of(Library(root, (), given.all()))))


def remote(
    kind: EffectKind,
    host: str,
    *,
    key: Chosen = nothing,
    data: Chosen = nothing,
    gives: Callable[[Library, Arguments, Calling], Value] | None = None,
    traits: frozenset[Trait] = NO_TRAITS,
) -> Handler:
    """An asynchronous call of a service."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        client = spoken_as(library, given)
        calling.emit(kind, host, name_of(library), key=key(given), data=data(given), client=client, traits=traits)
        run_inside(given, calling)
        return of(Promise(gives(library, given, calling) if gives else answer(host, client, calling)))

    return handle


def spoken_as(library: Library, given: Arguments) -> Client:
    """As the caller, where their own cookie, header or token is handed on with the call or made the client.

    Where a request says in its headers who speaks, that decides: with the server's own key there, whatever else of the
    caller's it carries is content.
    """
    carried = origins_of(of(library)) | {o for value in given.all() for o in origins_of(value)}
    spoken = [o for argument in given.all() for value in credentials_in(argument) for o in origins_of(value)]
    if any(isinstance(o, Secret) for o in spoken) and not any(is_credential(o) for o in spoken):
        return Client.SERVER
    options = (*given.all(), *(part for part in library.state if isinstance(part, Value)))
    bears = any(is_credential(o) for o in carried) or any(bears_an_argument(value) for value in options)
    return Client.CALLER if bears else Client.SERVER


def credentials_in(options: Value) -> Iterable[Value]:
    """The headers of a request that prove who speaks."""
    return [
        value
        for a in option(options, "headers").alternatives
        if isinstance(a.shape, Object)
        for name, value in a.shape.fields
        if name.lower() in CREDENTIALS
    ]


def bears_an_argument(options: Value) -> bool:
    """Whether a header that proves who is calling holds what the caller has sent: the other side judges that."""
    return any(
        isinstance(o, Input) and not any(isinstance(other, Secret) for other in origins_of(value))
        for value in credentials_in(options)
        for o in origins_of(value)
    )


def is_credential(origin: object) -> bool:
    """Whether a value of this origin is what the caller proves their identity with."""
    if isinstance(origin, Request):
        return origin.kind == "cookie" or (origin.kind == "header" and origin.name.lower() in CREDENTIALS)
    return isinstance(origin, Session) and bool(origin.path) and "token" in origin.path[-1].lower()


CREDENTIALS = frozenset({"authorization", "cookie", "*"})
"""Headers that prove who is calling; `*` stands for all of them."""


def answer(host: str, client: Client, calling: Calling, about: Origins = frozenset()) -> Value:
    """What a service answers. Asked with the caller's own credentials, it answers for that caller or refuses."""
    if client is Client.SERVER:
        return unknown({Remote(host)} | about)
    proof = authenticated(f"an answer of {host} to the caller's own credentials", calling.span, Strength.LIKELY)
    origins: Origins = frozenset({Remote(host), Session(host, is_verified=True)})
    return of(Unknown(origins | about, when_true=proof))


def run_inside(given: Arguments, calling: Calling) -> None:
    """Functions among the options of a call may run: a tool, a callback."""
    for value in given.all():
        for function in functions_in(value, 4):
            calling.run_callbacks(function)


def functions_in(value: Value, depth: int) -> Iterable[Value]:
    """The functions of the repository that a value holds."""
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Closure):
            yield of(shape)
        elif depth and isinstance(shape, Object):
            for _, inner in shape.fields:
                yield from functions_in(inner, depth - 1)
        elif depth and isinstance(shape, Array):
            for inner in shape.items or (shape.element,):
                yield from functions_in(inner, depth - 1)


def passed(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call with no effect on the world, whose result tells what went in."""
    run_inside(given, calling)
    return of(Unknown(frozenset(o for v in given.all() for o in origins_of(v))))


def part(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that gives a part of a client: `twilio.verify.v2.services(id)`."""
    return of(Library(library.root, library.path, (*library.state, *given.all())))


def by_verb(host: str, kind: EffectKind, verbs: Mapping[str, EffectKind] | None = None) -> Handler:
    """A resource of a service: its verb says what is done, its first argument to what.

    Reads by a key, and everything else of this kind.
    """

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        verb = library.path[-1] if library.path else ""
        done = (verbs or {}).get(verb) or (EffectKind.READ if verb.startswith(READING) else kind)
        first = given.at(0)
        is_object = any(isinstance(a.shape, Object) for a in first.alternatives)
        key = customer_of(first) if is_object else (None if is_absent(first) else first)
        key = key if key is not None else field("stripeAccount", 1)(given)
        sent = first if is_object else (None if is_absent(given.at(1)) else given.at(1))
        calling.may_fail()
        calling.emit(done, host, name_of(library), key=key, data=None if done is EffectKind.READ else sent)
        model = f"{host} {library.path[-2]}" if len(library.path) > 1 else host
        read = done is EffectKind.READ and key is not None and verb.startswith("retrieve")
        return of(Promise(record(model, key, calling) if read else unknown({Remote(host)})))

    return handle


READING = ("retrieve", "list", "get", "search", "find", "fetch", "preview", "query", "count", "all")
CUSTOMERS = (
    *("customer", "customerId", "customer_id", "customerExternalId", "externalCustomerId", "access_token"),
    *("account", "customer_account", "stripeAccount"),
)


def customer_of(options: Value) -> Value | None:
    """The customer or the connected account that options name."""
    for name in CUSTOMERS:
        found = option(options, name)
        if not is_absent(found):
            return found
    return None


RESPONSE = "response"


def response(body: Value) -> Value:
    """What an HTTP request gives."""
    return of(Library(RESPONSE, (), (body,)))


def body_of(library: Library) -> Value:
    """What a response carries."""
    body = library.state[0] if library.state else PLAIN
    return body if isinstance(body, Value) else PLAIN


def response_member(library: Library, name: str) -> Value | None:
    """`response.ok`, `response.data`."""
    if library.path:
        return None
    if name in {"json", "text", "arrayBuffer", "blob", "formData", "bytes", "clone", "headers"}:
        return None
    body = body_of(library)
    if name in {"data", "body", "_data", "rawBody"}:
        return body
    shape = body.alternatives[0].shape if body.alternatives else None
    proof = shape.when_true if isinstance(shape, Unknown) else NO_FACTS
    return of(Unknown(frozenset(), when_true=proof)) if name == "ok" else PLAIN


def cloned(library: Library, given: Arguments, calling: Calling) -> Value:
    """`response.clone()`."""
    return response(body_of(library))


def read_body(library: Library, given: Arguments, calling: Calling) -> Value:
    """`response.json()`."""
    return of(Promise(body_of(library)))
