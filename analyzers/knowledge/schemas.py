"""Zod and what all schema libraries share: what has been parsed is checked, keeps its keys, and only that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from preship.analyzers.flow.facts import NO_FACTS, Facts, Valid
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Closure,
    Library,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    choice,
    obj,
    of,
    origins_of,
    unknown,
)
from preship.analyzers.knowledge import forms
from preship.analyzers.knowledge.forms import ANYTHING, NARROW, PRIMITIVE, Form
from preship.analyzers.knowledge.rows import Handler

SCHEMA = "schema#"


# --- parsing -------------------------------------------------------------------------------------------------------


def valid(value: Value, calling: Calling, form: Form = ANYTHING) -> Facts:
    """What the success of a schema of this form proves: of an object, the parts that it names."""
    keys = forms.keys_looked_at(form)
    objects = {o for a in value.alternatives for o in whole_inputs(a.shape)} if keys is not None else set()
    inputs = [o for o in origins_of(value) if isinstance(o, Input)]
    return frozenset(Valid(o, calling.span, keys if o in objects else None) for o in inputs)


def whole_inputs(shape: Shape) -> Iterator[Input]:
    """The inputs whose parts are the parts of a value."""
    if isinstance(shape, Unknown):
        yield from (o for o in shape.origins if isinstance(o, Input))
    elif isinstance(shape, Object) and shape.rest is not None:
        for a in shape.rest.alternatives:
            yield from whole_inputs(a.shape)


def parse(form: Form, value: Value, calling: Calling) -> Value:
    """Throws unless valid."""
    calling.may_fail()
    parsed, facts = forms.admit(form, value, calling)
    calling.prove(facts | valid(value, calling, form))
    return parsed


def safe_parse(form: Form, value: Value, calling: Calling, *, output: str = "data") -> Value:
    """A result object that tells."""
    parsed, facts = forms.admit(form, value, calling)
    error = unknown((), Truth.TRUTHY)
    good = obj(success=TRUE_VALUE, error=UNDEFINED_VALUE, issues=UNDEFINED_VALUE, **{output: parsed})
    bad = obj(success=FALSE_VALUE, error=error, issues=error, **{output: UNDEFINED_VALUE})
    return choice((calling.span, "parse"), (good, facts | valid(value, calling, form)), (bad, NO_FACTS))


def judge(value: Value, calling: Calling) -> Value:
    """Whether a value is valid, which changes nothing about it."""
    facts = valid(value, calling)
    return of(Unknown(origins_of(value), Truth.MAYBE, facts, is_primitive=True))


def form_in(library: Library) -> Form:
    """The form of the schema whose method is called."""
    return forms.form_of(of(library))


def parses(value: int, schema: int | None = None) -> Handler:
    """`parse`, of the argument at a place, by this schema or by the argument at another place."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        form = form_in(library) if schema is None else forms.form_of(given.at(schema))
        return parse(form, given.at(value), calling)

    return handle


def parses_safely(value: int, schema: int | None = None, output: str = "data") -> Handler:
    """`safeParse`, likewise."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        form = form_in(library) if schema is None else forms.form_of(given.at(schema))
        return safe_parse(form, given.at(value), calling, output=output)

    return handle


def judges(value: int) -> Handler:
    """A question whether the argument at a place is valid."""
    return lambda library, given, calling: judge(given.at(value), calling)


def later(handler: Handler) -> Handler:
    """The same, promised."""
    return lambda library, given, calling: of(Promise(handler(library, given, calling)))


# --- building ------------------------------------------------------------------------------------------------------


def schema(form: Form) -> Value:
    """A schema of this form."""
    return of(Library(SCHEMA, (), (form,)))


def built(build: Callable[[Arguments], Form]) -> Handler:
    """A call that makes a schema of its arguments."""
    return lambda library, given, calling: schema(build(given))


def changed(change: Callable[[Form, Arguments], Form]) -> Handler:
    """A method that gives the schema, changed."""
    return lambda library, given, calling: schema(change(form_in(library), given))


def callback(given: Arguments) -> Value | None:
    """The first function among the arguments."""
    for value in given.all():
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            return value
    return None


def refined(form: Form, given: Arguments) -> Form:
    """The form, accepted by a function of the project."""
    test = callback(given)
    return forms.Refined(form, test) if test is not None else form


def transformed(form: Form, given: Arguments) -> Form:
    """What a function of the project makes of it."""
    function = callback(given)
    return forms.Transformed(form, function) if function is not None else ANYTHING


def merged(form: Form, given: Arguments) -> Form:
    """With the keys of another object."""
    return forms.merged(form, forms.form_of(given.at(0)))


def opened(form: Form, given: Arguments | None = None, *, is_open: bool = True) -> Form:
    """An object that lets unknown keys through, or does not."""
    inside = forms.object_inside(form)
    return replace(inside, is_open=is_open) if inside is not None else form


def partial(form: Form, given: Arguments) -> Form:
    """An object whose keys may be missing."""
    inside = forms.object_inside(form)
    if inside is None:
        return form
    return replace(inside, fields=tuple((key, forms.Maybe(inner)) for key, inner in inside.fields))


def maybe(form: Form, given: Arguments) -> Form:
    """The form, or nothing."""
    return forms.Maybe(form)


def defaulted(form: Form, given: Arguments) -> Form:
    """The form, or a default; what computes a default is run where it is asked for only."""
    return forms.Maybe(form, PLAIN if callback(given) is not None else given.at(0))


NARROW_NAMES = frozenset(
    "number boolean bigint date int int32 uint32 float32 float64 int64 uint64 stringbool literal enum enum_ nativeEnum "
    "picklist uuid uuidv4 uuidv6 uuidv7 guid cuid cuid2 ulid nanoid xid ksuid datetime time duration hex hash regex "
    "matches pattern valid oneOf equals alphanum isoDate isoDateTime isoTimestamp ipv4 ipv6 null undefined nan".split()
)
"""Schemas, and conditions on strings, that leave a caller no words of their own. A pattern is taken to be one."""


LISTS_WORDS = frozenset("literal enum enum_ nativeEnum picklist valid oneOf equals".split())
"""Those of them that name the texts which they admit."""


def primitive(library: Library, given: Arguments, calling: Calling) -> Value:
    """A schema of a primitive, by its name: `number`, `coerce.date`, `string`."""
    name = library.path[-1] if library.path else ""
    if name in LISTS_WORDS:
        return schema(replace(NARROW, words=forms.words_of(given)))
    return schema(NARROW if name in NARROW_NAMES else PRIMITIVE)


def narrowed(form: Form, given: Arguments) -> Form:
    """A string of a fixed alphabet or shape."""
    return NARROW if isinstance(form, forms.Primitive) else form


def listing(form: Form, given: Arguments) -> Form:
    """A string that is one of those which are named."""
    return replace(NARROW, words=forms.words_of(given)) if isinstance(form, forms.Primitive) else form


def member(library: Library, name: str) -> Value | None:
    """`schema.shape.title`, `schema.element`."""
    form = form_in(library)
    if library.path == ("shape",):
        inside = forms.object_inside(form)
        return schema(dict(inside.fields).get(name, ANYTHING) if inside else ANYTHING)
    if library.path == () and name == "element":
        return schema(form.element if isinstance(form, forms.Items) else ANYTHING)
    return None


def listed_forms(options: Value) -> Form:
    """All of a list of schemas hold."""
    found = forms.forms_in(options)
    form = found[0]
    for other in found[1:]:
        form = forms.merged(form, other)
    return form


def piped(given: Arguments) -> Form:
    """`pipe(schema, …actions)`."""
    form = forms.form_of(given.at(0))
    for action in given.values[1:]:
        form = forms.Both(form, forms.form_of(action))
    return form


BUILDERS: dict[str, Callable[[Arguments], Form]] = {
    "object": lambda given: forms.fields_of(given.at(0)),
    "loose-object": lambda given: forms.fields_of(given.at(0), is_open=True),
    "list": lambda given: forms.Items(forms.form_of(given.at(0))),
    "tuple": lambda given: forms.Items(forms.OneOf(forms.forms_in(given.at(0)))),
    "union": lambda given: forms.OneOf(forms.forms_in(given.at(0))),
    "union-by-key": lambda given: forms.OneOf(forms.forms_in(given.at(1))),
    "intersection": lambda given: forms.merged(forms.form_of(given.at(0)), forms.form_of(given.at(1))),
    "intersection-of-list": lambda given: listed_forms(given.at(0)),
    "maybe": lambda given: forms.Maybe(forms.form_of(given.at(0))),
    "default": lambda given: forms.Maybe(forms.form_of(given.at(0)), given.at(1)),
    "preprocess": lambda given: forms.Prepared(given.at(0), forms.form_of(given.at(1))),
    "coerce": lambda given: forms.Prepared(callback(given) or PLAIN, forms.form_of(given.at(0))),
    "transform": lambda given: transformed(ANYTHING, given),
    "pipe": lambda given: forms.Both(forms.form_of(given.at(0)), forms.form_of(given.at(1))),
    "pipe-of-all": piped,
    "merge": lambda given: merged(forms.form_of(given.at(0)), given.without_first()),
    "pick": lambda given: forms.picked(forms.form_of(given.at(0)), forms.keys_of(given.at(1))),
    "omit": lambda given: forms.omitted(forms.form_of(given.at(0)), forms.keys_of(given.at(1))),
    "partial": lambda given: partial(forms.form_of(given.at(0)), given),
    "anything": lambda given: ANYTHING,
    "check": lambda given: refined(ANYTHING, given),
    "refine": lambda given: refined(forms.form_of(given.at(0)), given),
    "same": lambda given: forms.form_of(given.at(0)),
}
"""What functions make schemas of their arguments, by the words of model files."""

CHANGES: dict[str, Callable[[Form, Arguments], Form]] = {
    "maybe": maybe,
    "default": defaulted,
    "merge": merged,
    "or": lambda form, given: forms.OneOf((form, forms.form_of(given.at(0)))),
    "list": lambda form, given: forms.Items(form),
    "list-of": lambda form, given: forms.Items(forms.form_of(given.at(0))),
    "pick": lambda form, given: forms.picked(form, forms.keys_of(given.at(0))),
    "omit": lambda form, given: forms.omitted(form, forms.keys_of(given.at(0))),
    "partial": partial,
    "open": opened,
    "close": lambda form, given: opened(form, is_open=False),
    "shape": lambda form, given: opened(merged(opened(form), given)),
    "refine": refined,
    "transform": transformed,
    "pipe": lambda form, given: forms.Both(form, forms.form_of(given.at(0))),
    "narrow": narrowed,
    "words": listing,
    "keys": lambda form, given: NARROW,
    "anything": lambda form, given: ANYTHING,
    "same": lambda form, given: form,
}
"""What methods of a schema make of it, likewise."""


def makes_schema(word: str) -> Handler:
    """A call that makes a schema; a `primitive` by its own name."""
    return primitive if word == "primitive" else built(BUILDERS[word])


def changes_schema(word: str) -> Handler:
    """A method that gives the schema, changed."""
    return changed(CHANGES[word])


def in_dialect(root: str, build: Handler) -> Handler:
    """A call that makes a schema with the methods of another library."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return of(Library(root, (), (forms.form_of(build(library, given, calling)),)))

    return handle
