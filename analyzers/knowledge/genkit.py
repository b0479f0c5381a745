"""Genkit: flows, tools and prompts, which parse what they are given before they run."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, of, unite
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.rows import is_absent, option
from preship.analyzers.knowledge.schemas import valid
from preship.analyzers.knowledge.services import at, remote

FLOW = "genkit#flow"
PROMPT = "genkit#prompt"
ASKED = remote(EffectKind.FETCH, "a language model", data=at(0))


def flow(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ai.defineFlow({ inputSchema, outputSchema }, run)`, and a tool likewise."""
    return of(Library(FLOW, (), (given.at(0), given.at(1))))


def flowed(library: Library, given: Arguments, calling: Calling) -> Value:
    """The call of a flow: its schema refuses what it does not know, then its function runs."""
    options, function = (part if isinstance(part, Value) else PLAIN for part in library.state)
    parsed = admitted(option(options, "inputSchema"), given.at(0), calling)
    result = calling.settle(calling.call(function, Arguments((parsed, PLAIN))))
    output = option(options, "outputSchema")
    return of(Promise(result if is_absent(output) else forms.admit(forms.form_of(output), result, calling)[0]))


def admitted(schema: Value, value: Value, calling: Calling) -> Value:
    """What a schema makes of a value; the value itself where none is declared."""
    if is_absent(schema):
        return value
    form = forms.form_of(schema)
    calling.may_fail()
    found, facts = forms.admit(form, value, calling, by="the input schema")
    calling.prove(facts | valid(value, calling, form))
    return found


def prompt(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ai.definePrompt({ input: { schema }, prompt })`."""
    return of(Library(PROMPT, (), (option(option(given.at(0), "input"), "schema"),)))


def prompted(library: Library, given: Arguments, calling: Calling) -> Value:
    """The call of a prompt asks the model, with what its schema admits."""
    (schema,) = (part if isinstance(part, Value) else PLAIN for part in library.state)
    parsed = admitted(schema, given.at(0), calling)
    return ASKED(library, Arguments((parsed,)), calling)


def step(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ai.run(name, function)` runs it as a step that is traced."""
    functions = given.values[1:]
    return (
        of(Promise(calling.settle(calling.call(unite(*functions), Arguments())))) if functions else of(Promise(PLAIN))
    )
