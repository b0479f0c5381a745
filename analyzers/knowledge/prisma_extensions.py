"""Prisma Client extensions: what stands around a client's queries, and the methods that models are given.

https://www.prisma.io/docs/orm/prisma-client/client-extensions
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import Closure, Constant, Library, Value, obj, of, unite
from preship.analyzers.knowledge.rows import native, option

ALL_MODELS, ALL_OPERATIONS = "$allModels", "$allOperations"

Query = Callable[[Calling, Value], Value]
"""Runs a query with options, and gives its promise."""


def extended(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.$extends(extension)`; an extension may be a function of the client."""
    base = Library(library.root, (), library.state)
    extension = given.at(0)
    if any(isinstance(a.shape, Closure) for a in extension.alternatives):
        # `Prisma.defineExtension((client) => client.$extends(…))` gives the client that it has made.
        return calling.call(extension, Arguments((of(base),)))
    return of(Library(library.root, (), (*library.state, extension)))


def around(library: Library, model: str, operation: str, options: Value, calling: Calling, query: Query) -> Value:
    """Run a query as the extensions of its client would: the one that was added last stands outermost."""
    for index in range(len(library.state) - 1, -1, -1):
        extension = library.state[index]
        handlers = list(handlers_in(extension, model, operation)) if isinstance(extension, Value) else []
        if handlers:
            inner = Library(library.root, library.path, library.state[:index])

            def go_on(deeper: Calling, given: Arguments, inner: Library = inner) -> Value:
                return around(inner, model, operation, given.at(0), deeper, query)

            called = obj(
                model=of(Constant(model[:1].upper() + model[1:])),
                operation=of(Constant(operation)),
                args=options,
                query=native("query", go_on),
            )
            return calling.call(unite(*handlers), Arguments((called,)))
    return query(calling, options)


def handlers_in(extension: Value, model: str, operation: str) -> Iterator[Value]:
    """The function of an extension that stands around an operation, the most specific one alone."""
    queries = option(extension, "query")
    for name in (model, ALL_MODELS):
        for operations in (operation, ALL_OPERATIONS):
            found = functions_of(option(option(queries, name), operations))
            if found is not None:
                yield found
                return
    found = functions_of(option(queries, ALL_OPERATIONS))
    if found is not None:
        yield found


def method_of(library: Library, model: str, name: str) -> Value | None:
    """The method of a model that an extension adds, if one does."""
    for extension in (part for part in reversed(library.state) if isinstance(part, Value)):
        for owner in (model, ALL_MODELS):
            found = functions_of(option(option(option(extension, "model"), owner), name))
            if found is not None:
                return found
    return None


def functions_of(value: Value) -> Value | None:
    """The functions that a value may be, if it is one at all."""
    found = tuple(a for a in value.alternatives if isinstance(a.shape, Closure))
    return Value(found) if found else None
