"""zsa: procedures and server actions, executed as the library executes them.

The procedures run in order, each with its input parsed and what the one before returned as `ctx`; then the action's
input is parsed and its handler runs. The caller gets `[data, null]` or `[null, error]`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Caught
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Library,
    Truth,
    Value,
    obj,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.forms import Form
from preship.analyzers.knowledge.rows import Handler, attempted, is_absent, may_throw, option, pair
from preship.analyzers.knowledge.schemas import callback, valid

BUILDER, PROCEDURE, ACTION = "zsa#builder", "zsa#procedure", "zsa#action"


@dataclass(frozen=True, slots=True)
class Step:
    """A handler and the schema of its input."""

    schema: Value = UNDEFINED_VALUE
    handler: Value = UNDEFINED_VALUE
    output: Value = UNDEFINED_VALUE
    shape_error: Value = UNDEFINED_VALUE
    """What `experimental_shapeError` was given."""

    listeners: tuple[Value, ...] = ()
    """What runs when it starts, succeeds, fails or ends."""

    takes_state: bool = False
    """Whether the previous state comes first, and the input second."""


@dataclass(frozen=True, slots=True)
class Procedures:
    """A builder: the steps that are done, and the one being built."""

    steps: tuple[Step, ...] = ()
    step: Step = Step()
    is_procedure: bool = False
    given: tuple[Value, ...] = ()
    """Arguments that `.bind` put before those of the caller."""


def built_by(library: Library) -> Procedures:
    """What a builder, procedure or action remembers."""
    found = library.state[0] if library.state else None
    return found if isinstance(found, Procedures) else Procedures()


def steps_of(procedure: Value) -> tuple[Step, ...]:
    """The steps of a finished procedure."""
    return tuple(
        step for a in procedure.alternatives[:1] if isinstance(a.shape, Library) for step in built_by(a.shape).steps
    )


def builder(procedures: Procedures) -> Value:
    return of(Library(BUILDER, (), (procedures,)))


def new_procedure(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createServerActionProcedure(parent)`."""
    return builder(Procedures(steps_of(given.at(0)), is_procedure=True))


def chained(library: Library, given: Arguments, calling: Calling) -> Value:
    """`chainServerActionProcedures(first, second)`."""
    return of(Library(PROCEDURE, (), (Procedures(steps_of(given.at(0)) + steps_of(given.at(1))[-1:]),)))


def new_action(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createServerAction()`, of a procedure or of none."""
    steps = built_by(library).steps
    listeners = tuple(listener for step in steps for listener in step.listeners)
    shapes = [step.shape_error for step in steps if not is_absent(step.shape_error)]
    return builder(Procedures(steps, Step(listeners=listeners, shape_error=shapes[-1] if shapes else UNDEFINED_VALUE)))


def changed(change: Callable[[Step, Arguments], Step]) -> Handler:
    """A method of a builder that changes the step being built."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        found = built_by(library)
        return builder(replace(found, step=change(found.step, given)))

    return handle


def with_input(step: Step, given: Arguments) -> Step:
    """`input(schema, { type })`."""
    return replace(step, schema=given.at(0), takes_state=text_of(option(given.at(1), "type")) == "state")


def listened(step: Step, given: Arguments) -> Step:
    """`onSuccess(f)` and its like."""
    return replace(step, listeners=(*step.listeners, given.at(0)))


def handler(library: Library, given: Arguments, calling: Calling) -> Value:
    """`handler(f)` finishes a procedure or an action."""
    found = built_by(library)
    steps = (*found.steps, replace(found.step, handler=given.at(0)))
    return of(Library(PROCEDURE if found.is_procedure else ACTION, (), (Procedures(steps),)))


def bound(library: Library, given: Arguments, calling: Calling) -> Value:
    """`action.bind(null, …)`."""
    found = built_by(library)
    return of(Library(ACTION, (), (replace(found, given=(*found.given, *given.values[1:])),)))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """The call of an action: `[data, null]` or `[null, error]`."""
    found = built_by(library)
    last = found.steps[-1] if found.steps else Step()
    inputs = replace(given, values=(*found.given, *given.values))
    main, previous = (inputs.at(1), inputs.at(0)) if last.takes_state else (inputs.at(0), UNDEFINED_VALUE)

    def work(inner: Calling, _: Arguments) -> Value:
        ctx = UNDEFINED_VALUE
        form: Form = forms.ANYTHING
        for step in found.steps:
            form = form_of(step, form, ctx, inner)
            offered = obj(input=admitted(step, form, main, inner), ctx=ctx, previousState=previous)
            ctx = inner.settle(inner.call(step.handler, Arguments((offered,))))
        ctx = ctx if is_absent(last.output) else forms.admit(forms.form_of(last.output), ctx, inner)[0]
        told(last, obj(args=main, data=ctx), inner)
        return pair(ctx, NULL_VALUE)

    return attempted(calling, work, lambda inner, why: pair(NULL_VALUE, failure(last, why.at(0), main, inner)))


def form_of(step: Step, before: Form, ctx: Value, calling: Calling) -> Form:
    """The form of a step's input: its own, with the keys of those before."""
    schema = step.schema
    if is_absent(schema):
        return before
    if callback(Arguments((schema,))) is not None:
        schema = calling.aside(schema, Arguments((obj(PLAIN, ctx=ctx),)))
    own = forms.form_of(schema)
    return own if before == forms.ANYTHING else forms.merged(before, own)


def admitted(step: Step, form: Form, value: Value, calling: Calling) -> Value:
    """A step's input, parsed; `undefined` where no schema asks for one."""
    if is_absent(step.schema) and form == forms.ANYTHING:
        return UNDEFINED_VALUE
    may_throw(calling, PLAIN)
    found, facts = forms.admit(form, value, calling, by="the input schema")
    calling.prove(facts | valid(value, calling, form))
    return found


def failure(step: Step, error: Value, main: Value, calling: Calling) -> Value:
    """What the caller gets of an error."""
    if not is_absent(step.shape_error):
        return calling.settle(calling.call(step.shape_error, Arguments((obj(err=error, typedData=PLAIN),))))
    told(step, obj(error=error, args=main), calling)
    text = unknown({Caught()} | origins_of(error))
    there = unknown((), Truth.TRUTHY)
    return obj(name=PLAIN, code=there, message=text, data=text, fieldErrors=PLAIN, formErrors=PLAIN)


def told(step: Step, news: Value, calling: Calling) -> None:
    """Run what listens."""
    for listener in step.listeners:
        calling.aside(listener, Arguments((news,)))


def with_output(step: Step, given: Arguments) -> Step:
    """`.output(schema)`."""
    return replace(step, output=given.at(0))


def with_error(step: Step, given: Arguments) -> Step:
    """`.experimental_shapeError(f)`."""
    return replace(step, shape_error=given.at(0))


def unchanged(step: Step, given: Arguments) -> Step:
    """What changes nothing that we look at."""
    return step
