"""One run of a next-safe-action action: middleware in order, inputs parsed, the body; each layer catches failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from preship.analyzers.flow.collections import spread_into
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Caught
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    field_of,
    obj,
    of,
    unite,
    unknown,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.rows import (
    attempted,
    is_absent,
    may_throw,
    native,
    object_of,
    option,
)
from preship.analyzers.knowledge.schemas import valid
from preship.analyzers.source.tree import Span

INVALID = "next-safe-action: invalid"
"""The brand of what stands for a failed validation."""

EXPECTED = "next-safe-action: expected"
"""The brand of a `returnServerError`."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A client, and the action made of it."""

    options: Value = PLAIN
    """The options of `createSafeActionClient`."""

    middleware: tuple[Value, ...] = ()
    """Runs before the inputs are parsed."""

    validated: tuple[Value, ...] = ()
    """Runs behind it."""

    schema: Value = UNDEFINED_VALUE
    bound: tuple[Value, ...] = ()
    """The schemas of the arguments that come first."""

    output: Value = UNDEFINED_VALUE
    metadata: Value = UNDEFINED_VALUE
    body: Value = UNDEFINED_VALUE
    callbacks: Value = UNDEFINED_VALUE
    is_stateful: bool = False
    given: tuple[Value, ...] = ()
    """Arguments that `.bind` put before those of the caller."""


@dataclass(frozen=True, slots=True)
class Run:
    """One call of an action."""

    chain: Chain
    main: Value
    """The input that the schema parses."""

    bound: tuple[Value, ...]
    """The inputs that `bindArgsSchemas` parse."""

    previous: Value
    """What a stateful action gave last time, as its caller says."""

    def offered(self, ctx: Value, **more: Value) -> Value:
        """What middleware and body are given."""
        return obj(
            clientInput=self.main,
            bindArgsClientInputs=listed(self.bound),
            ctx=ctx,
            metadata=self.chain.metadata,
            **more,
        )

    def middleware(self, calling: Calling, index: int, ctx: Value) -> Value:
        """The middleware from one on, and all behind it."""
        if index >= len(self.chain.middleware):
            return self.parsing(calling, ctx)

        def work(inner: Calling, given: Arguments) -> Value:
            following = native("next", lambda here, options: self.middleware(here, index + 1, merged(ctx, options)))
            return inner.call(self.chain.middleware[index], Arguments((self.offered(ctx, next=following),)))

        return self.shielded(calling, ctx, work)

    def parsing(self, calling: Calling, ctx: Value) -> Value:
        """The inputs, parsed, and all behind."""

        def work(inner: Calling, given: Arguments) -> Value:
            may_throw(inner, of(Object((), PLAIN, INVALID)))
            bindings = [parsed(s, v, inner) for s, v in zip(self.chain.bound, self.bound, strict=True)]
            main = UNDEFINED_VALUE if is_absent(self.chain.schema) else parsed(self.chain.schema, self.main, inner)
            return self.validated(inner, 0, ctx, main, listed(tuple(bindings)))

        return self.shielded(calling, ctx, work)

    def validated(self, calling: Calling, index: int, ctx: Value, main: Value, bindings: Value) -> Value:
        """The validated middleware from one on, and the body."""
        offered = self.offered(ctx, parsedInput=main, bindArgsParsedInputs=bindings)
        if index >= len(self.chain.validated):
            return self.body(calling, offered)

        def following(here: Calling, options: Arguments) -> Value:
            wider = merged(ctx, options)
            rest = lambda inner, _: self.validated(inner, index + 1, wider, main, bindings)  # noqa: E731
            return self.shielded(here, wider, rest)

        offered = of(spread_into(object_of(offered), obj(next=native("next", following))))
        return calling.call(self.chain.validated[index], Arguments((offered,)))

    def body(self, calling: Calling, offered: Value) -> Value:
        """The action's own code."""
        more = (obj(prevResult=self.previous),) if self.chain.is_stateful else ()
        found = calling.settle(calling.call(self.chain.body, Arguments((offered, *more))))
        if not is_absent(self.chain.output):
            found = parsed(self.chain.output, found, calling)
        outcome = obj(success=TRUE_VALUE, data=found)
        self.notify(calling, ("onSuccess", "onSettled"), obj(data=found, result=outcome), offered)
        return outcome

    def notify(self, calling: Calling, names: tuple[str, ...], news: Value, offered: Value) -> None:
        """Run the action's own callbacks."""
        for name in names:
            if not is_absent(told := option(self.chain.callbacks, name)):
                calling.aside(told, Arguments((of(spread_into(object_of(news), offered)),)))

    def shielded(self, calling: Calling, ctx: Value, work: Callable[[Calling, Arguments], Value]) -> Value:
        """A layer, whose failure becomes an error for the client."""
        return attempted(calling, work, lambda inner, given: self.failed(inner, given.at(0), ctx))

    def failed(self, calling: Calling, error: Value, ctx: Value) -> Value:
        """The outcome of a failure."""
        outcomes: list[Value] = []
        unexpected: list[Alternative] = []
        for a in error.alternatives:
            brand = a.shape.brand if isinstance(a.shape, Object) else None
            if brand == INVALID:
                outcomes.append(failure("validationErrors", unknown((), Truth.TRUTHY)))
            elif brand == EXPECTED and isinstance(a.shape, Object):
                outcomes.append(failure("serverError", field_of(a.shape, "error") or PLAIN))
            else:
                unexpected.append(a)
        if unexpected:
            outcomes.append(failure("serverError", self.reported(calling, Value(tuple(unexpected)), ctx)))
        self.notify(calling, ("onError", "onSettled"), obj(error=unite(*outcomes)), self.offered(ctx))
        return unite(*outcomes)

    def reported(self, calling: Calling, error: Value, ctx: Value) -> Value:
        """What the client's own handler makes of an error; where it has none, the library masks it as Next.js does."""
        if is_absent(handler := option(self.chain.options, "handleServerError")):
            handler = option(self.chain.options, "handleReturnedServerError")
        if is_absent(handler):
            calling.emit(EffectKind.THROW, "next-safe-action", "createSafeActionClient()", data=error)
            return PLAIN
        told = caught_in(handler, error)
        return calling.settle(calling.call(handler, Arguments((told, self.offered(ctx)))))


def caught_in(handler: Value, error: Value) -> Value:
    """An error as a handler of the project gets it, which is where whatever is told of it is told."""
    span = next((a.shape.function.span for a in handler.alternatives if isinstance(a.shape, Closure)), None)
    return Value(tuple(Alternative(_caught_at(a.shape, span), a.under) for a in error.alternatives))


def _caught_at(shape: Shape, span: Span | None) -> Shape:
    if span is None or not isinstance(shape, Unknown):
        return shape
    origins = (replace(o, by=span) if isinstance(o, Caught) else o for o in shape.origins)
    return replace(shape, origins=frozenset(origins))


def parsed(schema: Value, value: Value, calling: Calling) -> Value:
    """A value as its schema gives it."""
    form = forms.form_of(schema)
    found, facts = forms.admit(form, value, calling, by="the input schema")
    calling.prove(facts | valid(value, calling, form))
    return found


def merged(ctx: Value, options: Arguments) -> Value:
    """The context, with what `next({ ctx })` adds."""
    added = option(options.at(0), "ctx")
    return of(spread_into(object_of(ctx), added))


def listed(values: tuple[Value, ...]) -> Value:
    """A list of these."""
    return of(Array(values, unite(UNDEFINED_VALUE, *values)))


def failure(name: str, value: Value) -> Value:
    """An outcome that carries an error."""
    return of(Object((("success", FALSE_VALUE), (name, value))))


def result_of(outcome: Value) -> Value:
    """What the client gets of an outcome."""
    return Value(tuple(Alternative(_result(a), a.under) for a in outcome.alternatives))


def _result(outcome: Alternative) -> Object:
    shape = outcome.shape
    if not isinstance(shape, Object):
        return Object((), of(shape))
    names = ("data", "serverError", "validationErrors")
    return Object(tuple((key, value) for key, value in shape.fields if key in names), shape.rest)
