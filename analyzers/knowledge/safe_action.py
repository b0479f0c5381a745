"""next-safe-action: a client's chain, executed as the library executes it.

Middleware runs in order and goes on by `next({ ctx })`; then the inputs are parsed; then validated middleware and the
body run. What any of them throws is caught and becomes `{ serverError }` or `{ validationErrors }`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Library,
    Object,
    Value,
    obj,
    of,
)
from preship.analyzers.knowledge.rows import (
    Handler,
    is_absent,
    native,
    option,
)
from preship.analyzers.knowledge.safe_action_run import EXPECTED, INVALID, Chain, Run, result_of
from preship.analyzers.knowledge.schemas import callback

CLIENT = "next-safe-action#client"
ACTION = "next-safe-action#action"


def chain_of(library: Library) -> Chain:
    """The chain that a client or an action remembers."""
    chain = library.state[0] if library.state else None
    return chain if isinstance(chain, Chain) else Chain()


def client(chain: Chain) -> Value:
    return of(Library(CLIENT, (), (chain,)))


def created(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createSafeActionClient(options)`."""
    return client(Chain(options=given.at(0)))


def step(change: Callable[[Chain, Arguments], Chain]) -> Handler:
    """A method of a client that gives a client."""
    return lambda library, given, calling: client(change(chain_of(library), given))


def with_schema(library: Library, given: Arguments, calling: Calling) -> Value:
    """`inputSchema(schema)`, or of a function of the schema before."""
    chain, schema = chain_of(library), given.at(0)
    if callback(Arguments((schema,))) is not None:
        schema = calling.aside(schema, Arguments((chain.schema, obj(clientInput=PLAIN))))
    return client(replace(chain, schema=schema))


def action(*, is_stateful: bool) -> Handler:
    """`action(body, callbacks)`, `stateAction(body, callbacks)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        chain = replace(chain_of(library), body=given.at(0), callbacks=given.at(1), is_stateful=is_stateful)
        return of(Library(ACTION, (), (chain,)))

    return handle


def bound(library: Library, given: Arguments, calling: Calling) -> Value:
    """`action.bind(null, …)`."""
    chain = chain_of(library)
    return of(Library(ACTION, (), (replace(chain, given=(*chain.given, *given.values[1:])),)))


def items_of(value: Value) -> tuple[Value, ...]:
    """The items of a list that is written out."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    return shape.items if isinstance(shape, Array) and shape.items is not None else ()


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """The call of an action."""
    chain = chain_of(library)
    inputs = replace(given, values=(*chain.given, *given.values))
    count = len(chain.bound)
    run = Run(chain, inputs.at(count + chain.is_stateful), tuple(inputs.at(i) for i in range(count)), inputs.at(count))
    outcome = run.middleware(calling, 0, obj())
    return calling.continued(outcome, native("result", lambda inner, given: result_of(given.at(0))), None)


def classic(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client(schema, body)` of versions before 7, whose one middleware stands in the client's options.

    Before 3, `client({ input: schema, withAuth: true }, body)` asks who is calling where it says so:
    https://github.com/TheEdoRan/next-safe-action/tree/v2.1.0
    """
    options = chain_of(library).options
    first, body = given.at(0), given.at(1)
    is_written_out = all(isinstance(a.shape, Object) for a in first.alternatives)
    schema = option(first, "input") if is_written_out else UNDEFINED_VALUE
    is_oldest = not is_absent(schema)
    judges = (option(options, name) for name in ("middleware", "buildContext", "getAuthData"))
    judge = next((each for each in judges if not is_absent(each)), UNDEFINED_VALUE)
    if is_oldest and is_absent(option(first, "withAuth")):
        judge = UNDEFINED_VALUE

    def middle(inner: Calling, arguments: Arguments) -> Value:
        offered = arguments.at(0)
        main = option(offered, "parsedInput")
        ctx = UNDEFINED_VALUE if is_absent(judge) else inner.settle(inner.call(judge, Arguments((main,))))
        return inner.call(body, Arguments((main, ctx)))

    made = Chain(options, schema=schema if is_oldest else first, body=native("body", middle))
    return of(Library(ACTION, (), (made,)))


def refused(library: Library, given: Arguments, calling: Calling) -> Value:
    """`returnValidationErrors(schema, errors)` ends the path."""
    calling.throw(of(Object((), PLAIN, INVALID)))
    return PLAIN


def refused_expectedly(library: Library, given: Arguments, calling: Calling) -> Value:
    """`returnServerError(error)` ends the path."""
    calling.throw(of(Object((("error", given.at(0)),), None, EXPECTED)))
    return PLAIN


def with_middleware(chain: Chain, given: Arguments) -> Chain:
    """`.use(middleware)`."""
    return replace(chain, middleware=(*chain.middleware, given.at(0)))


def with_validated(chain: Chain, given: Arguments) -> Chain:
    """`.useValidated(middleware)`, which runs behind the schemas."""
    return replace(chain, validated=(*chain.validated, given.at(0)))


def with_metadata(chain: Chain, given: Arguments) -> Chain:
    """`.metadata(data)`."""
    return replace(chain, metadata=given.at(0))


def with_bound(chain: Chain, given: Arguments) -> Chain:
    """`.bindArgsSchemas(schemas)`."""
    return replace(chain, bound=items_of(given.at(0)))


def with_output(chain: Chain, given: Arguments) -> Chain:
    """`.outputSchema(schema)`."""
    return replace(chain, output=given.at(0))


def unchanged(chain: Chain, given: Arguments) -> Chain:
    """What changes nothing that we look at."""
    return chain
