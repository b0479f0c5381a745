"""What turns forms, tables and environments into parsed values: Conform, zod-form-data, drizzle-zod, t3-env."""

from __future__ import annotations

from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Constant,
    Library,
    Object,
    Value,
    choice,
    field_of,
    obj,
    of,
    origins_of,
    unknown,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.drizzle_schema import TABLE
from preship.analyzers.knowledge.forms import ANYTHING, PRIMITIVE, Form
from preship.analyzers.knowledge.rows import gives, native
from preship.analyzers.knowledge.schemas import callback, valid


def submitted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`parseWithZod(formData, { schema })`."""
    options = given.at(1)
    schema: Value | None = None
    for a in options.alternatives:
        schema = field_of(a.shape, "schema") if isinstance(a.shape, Object) else None
    if schema is not None and callback(Arguments((schema,))) is not None:
        schema = calling.aside(schema, Arguments((PLAIN,)))
    form = forms.form_of(schema)
    parsed, facts = forms.admit(form, given.at(0), calling)
    reply = native("reply", lambda calling, given: unknown(origins_of(parsed)))
    good = obj(status=of(Constant("success")), value=parsed, payload=given.at(0), reply=reply)
    bad = obj(status=of(Constant("error")), value=UNDEFINED_VALUE, payload=given.at(0), reply=reply)
    return choice((calling.span, "parse"), (good, facts | valid(given.at(0), calling, form)), (bad, NO_FACTS))


def form_data_form(given: Arguments) -> Form:
    """`zfd.formData({…})`, or of a schema."""
    return forms.form_of(given.at(0))


def anything(given: Arguments) -> Form:
    """Whatever it is."""
    return ANYTHING


def of_columns(given: Arguments) -> Form:
    """`createInsertSchema(table, { title: … })`: an object of the table's columns, some of them refined."""
    shape = given.at(0).alternatives[0].shape if len(given.at(0).alternatives) == 1 else None
    if not isinstance(shape, Library) or shape.root != TABLE:
        return ANYTHING
    refined = forms.object_inside(forms.fields_of(given.at(1)))
    stated = dict(refined.fields) if refined is not None else {}
    names = [name for part in shape.state if isinstance(part, tuple) for name in part]
    return forms.Fields(tuple((name, stated.get(name, PRIMITIVE)) for name in names))


def a_primitive(given: Arguments) -> Form:
    """A text or number."""
    return PRIMITIVE


def listed(given: Arguments) -> Form:
    """A list of what the first argument admits."""
    return forms.Items(forms.form_of(given.at(0)))


def repeated(given: Arguments) -> Form:
    """A list of texts, or of what is said of each."""
    return form_data_form(given) if given.values else forms.Items(PRIMITIVE)


environment = gives(of(Library("process", ("env",))))
