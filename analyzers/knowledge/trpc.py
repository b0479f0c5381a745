"""tRPC on the server: a procedure runs behind its middleware.

A procedure is a chain as it was built: inputs and middleware in their order, then the resolver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from preship.analyzers.flow.collections import spread_into
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Closure,
    Library,
    Native,
    Object,
    Promise,
    Value,
    obj,
    of,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.rows import (
    Handler,
    is_absent,
    native,
    object_of,
    option,
)
from preship.analyzers.knowledge.schemas import valid

BUILDER, PROCEDURE, ROUTER = "trpc#builder", "trpc#procedure", "trpc#router"
MIDDLEWARE, CALLER = "trpc#middleware", "trpc#caller"


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a procedure: a middleware, or a schema of its input."""

    function: Value | None = None
    schema: Value | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure, as far as it is built."""

    links: tuple[Link, ...] = ()
    resolver: Value = UNDEFINED_VALUE
    meta: Value = UNDEFINED_VALUE


def procedure_of(library: Library) -> Procedure:
    """What a procedure remembers."""
    found = library.state[0] if library.state else None
    return found if isinstance(found, Procedure) else Procedure()


def procedure(found: Procedure) -> Value:
    return of(Library(PROCEDURE, (), (found,)))


def grown(change: Callable[[Procedure, Arguments], Procedure]) -> Handler:
    """A method of a procedure that gives a longer one."""
    return lambda library, given, calling: procedure(change(procedure_of(library), given))


def with_middleware(found: Procedure, given: Arguments) -> Procedure:
    """`use(middleware)`, of one function or of a piped chain of them."""
    return replace(found, links=(*found.links, *links_of(given.at(0))))


def links_of(middleware: Value) -> tuple[Link, ...]:
    """The links of a middleware."""
    for a in middleware.alternatives[:1]:
        if isinstance(a.shape, Library) and a.shape.root == MIDDLEWARE:
            return procedure_of(a.shape).links
    return (Link(function=middleware),)


def with_procedure(found: Procedure, given: Arguments) -> Procedure:
    """`concat(procedure)`."""
    for a in given.at(0).alternatives[:1]:
        if isinstance(a.shape, Library):
            return replace(found, links=(*found.links, *procedure_of(a.shape).links))
    return found


def new_middleware(library: Library, given: Arguments, calling: Calling) -> Value:
    """`t.middleware(f)`, and `middleware.unstable_pipe(f)` behind it."""
    before = procedure_of(library).links
    return of(Library(MIDDLEWARE, (), (Procedure((*before, *links_of(given.at(0)))),)))


# --- a call on the server ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """One call of a procedure."""

    procedure: Procedure
    path: str
    raw: Value

    def step(self, calling: Calling, index: int, ctx: Value, parsed: Value) -> Value:
        """The links from one on, and the resolver."""
        links = self.procedure.links
        if index >= len(links):
            offered = obj(ctx=ctx, input=parsed, path=PLAIN, signal=PLAIN)
            return calling.settle(calling.call(self.procedure.resolver, Arguments((offered,))))
        link = links[index]
        if link.schema is not None:
            form = forms.form_of(link.schema)
            found, facts = forms.admit(form, self.raw, calling, by="the input schema")
            calling.may_fail()
            calling.prove(facts | valid(self.raw, calling, form))
            return self.step(calling, index + 1, ctx, joined(parsed, found))

        def following(here: Calling, options: Arguments) -> Value:
            wider = of(spread_into(object_of(ctx), option(options.at(0), "ctx")))
            return attempted_step(here, lambda inner, given: self.step(inner, index + 1, wider, parsed))

        raw = native("getRawInput", lambda here, given: of(Promise(self.raw)))
        offered = obj(
            ctx=ctx,
            input=parsed,
            path=PLAIN,
            type=PLAIN,
            meta=self.procedure.meta,
            rawInput=self.raw,
            getRawInput=raw,
            next=native("next", following),
        )
        outcome = calling.settle(calling.call(link.function or UNDEFINED_VALUE, Arguments((offered,))))
        return option(outcome, "data")


def attempted_step(calling: Calling, work: Callable[[Calling, Arguments], Value]) -> Value:
    """The promise that `next()` gives: never rejected, and unwrapped again by the step before."""
    return calling.continued(
        of(Promise(UNDEFINED_VALUE)),
        native("work", lambda inner, given: obj(ok=TRUE_VALUE, data=work(inner, given), marker=PLAIN)),
        None,
    )


def joined(first: Value, second: Value) -> Value:
    """The inputs of two schemas, together."""
    if is_absent(first):
        return second
    return of(spread_into(object_of(first), second))


def run(target: Value, path: str, raw: Value, ctx: Value, calling: Calling) -> Value:
    """Call a procedure with a context."""
    shape = target.alternatives[0].shape if target.alternatives else None
    if not isinstance(shape, Library) or shape.root != PROCEDURE:
        calling.unseen(f"the procedure {path}")
        return of(Promise(PLAIN))
    called = Run(procedure_of(shape), path, raw)

    def work(inner: Calling, given: Arguments) -> Value:
        return called.step(inner, 0, context_of(ctx, inner), UNDEFINED_VALUE)

    return calling.continued(of(Promise(UNDEFINED_VALUE)), native("call", work), None)


def context_of(ctx: Value, calling: Calling) -> Value:
    """The context that a caller was made with, or makes for each call."""
    if any(isinstance(a.shape, Closure | Native) for a in ctx.alternatives):
        return calling.settle(calling.call(ctx, Arguments()))
    return calling.settle(ctx)


def new_caller(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createCaller(ctx)` of a router."""
    return of(Library(CALLER, (), (of(Library(library.root, (), library.state)), given.at(0))))


def factory(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createCallerFactory(router)` gives `createCaller`."""
    router = given.at(0)
    return native("createCaller", lambda inner, more: of(Library(CALLER, (), (router, more.at(0)))))


def routed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`caller.post.byId(input)`."""
    router, ctx = library.state
    assert isinstance(router, Value)  # noqa: S101
    assert isinstance(ctx, Value)  # noqa: S101
    target = router
    for name in library.path:
        target = procedures_of(target, name)
    return run(target, ".".join(library.path), given.at(0), ctx, calling)


def procedures_of(router: Value, name: str) -> Value:
    """A procedure or router inside a router, which may be a plain object."""
    for a in router.alternatives[:1]:
        if isinstance(a.shape, Library) and a.shape.root == ROUTER:
            inner = a.shape.state[0]
            return option(inner, name) if isinstance(inner, Value) else UNDEFINED_VALUE
        if isinstance(a.shape, Object):
            return option(router, name)
    return UNDEFINED_VALUE


def error(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new TRPCError({ code, message })`."""
    return of(Object((("code", PLAIN), ("message", option(given.at(0), "message"))), None, "Error"))


def new_router(library: Library, given: Arguments, calling: Calling) -> Value:
    """`t.router({ … })`."""
    return of(Library(ROUTER, (), (given.at(0),)))


def merged_routers(library: Library, given: Arguments, calling: Calling) -> Value:
    """`t.mergeRouters(a, b)`."""
    together = Object(())
    for value in given.all():
        for a in value.alternatives[:1]:
            if isinstance(a.shape, Library) and a.shape.state and isinstance(a.shape.state[0], Value):
                together = spread_into(together, a.shape.state[0])
    return of(Library(ROUTER, (), (of(together),)))


def procedure_member(library: Library, name: str) -> Value | None:
    """`t.procedure`."""
    return procedure(Procedure()) if library.path == () and name == "procedure" else None


def router_member(library: Library, name: str) -> Value | None:
    """A procedure of a router, read from it."""
    if library.path or name in {"createCaller", "_def"}:
        return None
    return procedures_of(of(library), name)


def with_context(library: Library, given: Arguments, calling: Calling) -> Value:
    """`initTRPC.context()`."""
    return of(Library("@trpc/server", ("initTRPC",)))


def with_input(found: Procedure, given: Arguments) -> Procedure:
    """`.input(schema)`."""
    return replace(found, links=(*found.links, Link(schema=given.at(0))))


def with_meta(found: Procedure, given: Arguments) -> Procedure:
    """`.meta(data)`."""
    return replace(found, meta=given.at(0))


def resolved(found: Procedure, given: Arguments) -> Procedure:
    """`.query(f)`, `.mutation(f)`."""
    return replace(found, resolver=given.at(0))


def unchanged(found: Procedure, given: Arguments) -> Procedure:
    """What changes nothing that we look at."""
    return found
