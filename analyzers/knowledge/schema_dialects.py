"""What schema libraries beside Zod answer in ways of their own: Yup, Joi, Superstruct, ArkType."""

from __future__ import annotations

from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Library,
    Object,
    Truth,
    Value,
    choice,
    field_of,
    obj,
    of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.forms import ANYTHING, PRIMITIVE, Form
from preship.analyzers.knowledge.rows import pair
from preship.analyzers.knowledge.schemas import form_in, opened, parse, valid

ARK = "arktype#schema"


def yup_validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validate(value, options)`: unknown keys come through unless they are stripped."""
    form = form_in(library)
    strips = any(
        isinstance(a.shape, Object) and field_of(a.shape, "stripUnknown") is not None for a in given.at(1).alternatives
    )
    return parse(opened(form, is_open=False) if strips else form, given.at(0), calling)


def joi_validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validate(value)` gives `{ value, error }`."""
    form = form_in(library)
    parsed, facts = forms.admit(form, given.at(0), calling)
    good = obj(value=parsed, error=UNDEFINED_VALUE)
    bad = obj(value=given.at(0), error=unknown((), Truth.TRUTHY))
    return choice((calling.span, "parse"), (good, facts | valid(given.at(0), calling, form)), (bad, NO_FACTS))


def superstruct_validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validate(value, struct)` gives `[error, value]`."""
    form = forms.form_of(given.at(1))
    parsed, facts = forms.admit(form, given.at(0), calling)
    error = unknown((), Truth.TRUTHY)
    good, bad = pair(UNDEFINED_VALUE, parsed), pair(error, UNDEFINED_VALUE)
    return choice((calling.span, "parse"), (good, facts | valid(given.at(0), calling, form)), (bad, NO_FACTS))


def ark_form(definition: Value) -> Form:
    """The form of `type({ title: 'string', 'tags?': 'string[]' })`; unknown keys come through."""
    word = text_of(definition)
    if word is not None:
        if word.endswith("[]"):
            return forms.Items(PRIMITIVE)
        return ANYTHING if any(wide in word for wide in ("object", "unknown", "any", "Record")) else PRIMITIVE
    shape = definition.alternatives[0].shape if len(definition.alternatives) == 1 else None
    if isinstance(shape, Object):
        return forms.Fields(tuple((key.removesuffix("?"), ark_form(inner)) for key, inner in shape.fields), True)
    return forms.form_of(definition)


def ark_called(library: Library, given: Arguments, calling: Calling) -> Value:
    """`schema(value)` gives the value, or errors that are told by `instanceof type.errors`."""
    form = form_in(library)
    parsed, facts = forms.admit(form, given.at(0), calling)
    errors = of(Object((), PLAIN, "errors"))
    return choice((calling.span, "parse"), (parsed, facts | valid(given.at(0), calling, form)), (errors, NO_FACTS))


def ark(library: Library, given: Arguments, calling: Calling) -> Value:
    """`type(definition)`."""
    return of(Library(ARK, (), (ark_form(given.at(0)),)))
