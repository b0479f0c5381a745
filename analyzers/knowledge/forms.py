"""What a schema admits: the shape that parsing a value gives it, which keys it keeps, and what its own checks prove."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Among, Facts
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import among
from preship.analyzers.flow.texts import harmless
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Constant,
    Library,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    assuming,
    field_of,
    is_nullish,
    obj,
    of,
    origins_of,
    property_of,
    text_of,
    unite,
)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever comes, as it comes: `any`, a record, a class of its own."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A string, number, boolean, date or literal: never an object that a query would take for a filter."""

    is_narrow: bool = False
    """Whether no words of the caller's fit into it: a number, a literal, an id of a fixed alphabet."""

    words: frozenset[str] = frozenset()
    """The only texts that fit, where they are known."""


@dataclass(frozen=True, slots=True)
class Fields:
    """An object."""

    fields: tuple[tuple[str, Form], ...]
    is_open: bool = False
    """Whether keys that it does not name come through."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    element: Form


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several."""

    options: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """A form, or nothing, or what stands for nothing."""

    form: Form
    default: Value = UNDEFINED_VALUE


@dataclass(frozen=True, slots=True)
class Refined:
    """A form whose value a function of the project must accept."""

    form: Form
    test: Value


@dataclass(frozen=True, slots=True)
class Transformed:
    """What a function of the project makes of a parsed value."""

    form: Form
    function: Value


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form that parses what a function of the project made of the input."""

    function: Value
    form: Form


@dataclass(frozen=True, slots=True)
class Both:
    """One form after another, or two at once."""

    first: Form
    second: Form


Form = Anything | Primitive | Fields | Items | OneOf | Maybe | Refined | Transformed | Prepared | Both

ANYTHING = Anything()
PRIMITIVE = Primitive()
NARROW = Primitive(is_narrow=True)


# --- building ------------------------------------------------------------------------------------------------------


def form_of(value: Value | None) -> Form:
    """The form of a schema; anything where it is not known."""
    if value is None or len(value.alternatives) != 1:
        return ANYTHING
    shape = value.alternatives[0].shape
    if isinstance(shape, Library) and shape.state and isinstance(shape.state[0], Form):
        return shape.state[0]
    if isinstance(shape, Object):
        return fields_of(value)
    return ANYTHING


def fields_of(value: Value, *, is_open: bool = False) -> Form:
    """The object that a literal of schemas describes; open where not all its keys are known."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if not isinstance(shape, Object):
        return ANYTHING
    return Fields(tuple((key, form_of(inner)) for key, inner in shape.fields), is_open or shape.rest is not None)


def forms_in(value: Value) -> tuple[Form, ...]:
    """The forms of a list of schemas."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Array) and shape.items is not None:
        return tuple(form_of(item) for item in shape.items)
    return (ANYTHING,)


def object_inside(form: Form) -> Fields | None:
    """The object that a form parses, below its refinements."""
    while isinstance(form, Refined | Maybe):
        form = form.form
    return form if isinstance(form, Fields) else None


def merged(first: Form, second: Form) -> Form:
    """An object with the keys of both; of one that is not known, any key may be there."""
    left, right = object_inside(first), object_inside(second)
    if isinstance(first, Anything) and right is not None:
        return replace(right, is_open=True)
    if left is None or right is None:
        return Both(first, second)
    names = {key for key, _ in right.fields}
    kept = tuple((key, form) for key, form in left.fields if key not in names)
    return Fields((*kept, *right.fields), left.is_open or right.is_open)


def picked(form: Form, names: frozenset[str]) -> Form:
    """Only these keys of an object; of an object that is not known, they are known from here on."""
    inside = object_inside(form)
    known = dict(inside.fields) if inside else {}
    return Fields(tuple((name, known.get(name, ANYTHING)) for name in sorted(names)))


def omitted(form: Form, names: frozenset[str]) -> Form:
    """An object without these keys."""
    inside = object_inside(form)
    if inside is None:
        return form
    return replace(inside, fields=tuple((key, inner) for key, inner in inside.fields if key not in names))


def keys_of(value: Value) -> frozenset[str]:
    """The keys that `pick` and `omit` name: of an object or of a list."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Object):
        return frozenset(key for key, _ in shape.fields)
    if isinstance(shape, Array) and shape.items is not None:
        constants = [a.shape for item in shape.items for a in item.alternatives]
        return frozenset(c.value for c in constants if isinstance(c, Constant) and isinstance(c.value, str))
    return frozenset()


def words_of(given: Arguments) -> frozenset[str]:
    """The texts that `enum([…])`, `nativeEnum({…})`, `valid(…)` name; none where not all are known."""
    shapes = [a.shape for value in given.all() for a in value.alternatives]
    listed = [item for shape in shapes if isinstance(shape, Array) for item in shape.items or (PLAIN,)]
    named = [value for shape in shapes if isinstance(shape, Object) for _, value in shape.fields]
    single = [of(shape) for shape in shapes if isinstance(shape, Constant)]
    texts = [text_of(value) for value in (*listed, *named, *single)]
    return frozenset(text for text in texts if text is not None) if None not in texts else frozenset()


def keys_looked_at(form: Form) -> frozenset[str] | None:
    """The keys of an object that a form says anything about; None where it may be of all of them."""
    if isinstance(form, Fields):
        return None if form.is_open else frozenset(key for key, _ in form.fields)
    if isinstance(form, Maybe | Refined | Transformed):
        return keys_looked_at(form.form)
    parts = (form.first, form.second) if isinstance(form, Both) else form.options if isinstance(form, OneOf) else ()
    found = [keys_looked_at(part) for part in parts]
    known = [keys for keys in found if keys is not None]
    return frozenset().union(*known) if known and len(known) == len(found) else None


# --- parsing -------------------------------------------------------------------------------------------------------


def admit(form: Form, value: Value, calling: Calling, by: str = "") -> tuple[Value, Facts]:
    """What parsing a value gives, and what is proven where it succeeds. That it is parsed is noted."""
    calling.emit(EffectKind.PARSE, "", by, data=value)
    return _admitted(form, value, calling)


def _admitted(form: Form, value: Value, calling: Calling) -> tuple[Value, Facts]:
    if isinstance(form, Fields):
        return _fields(form, value, calling)
    if isinstance(form, Items):
        return _items(form, value, calling)
    if isinstance(form, OneOf):
        found = [_admitted(option, value, calling) for option in form.options]
        return unite(*[v for v, _ in found]), frozenset.intersection(*[f for _, f in found]) if found else NO_FACTS
    if isinstance(form, Maybe):
        return _maybe(form, value, calling)
    if isinstance(form, Both):
        first, facts = _admitted(form.first, value, calling)
        second, more = _admitted(form.second, first, calling)
        return second, facts | more
    if isinstance(form, Refined | Transformed | Prepared):
        return _through_function(form, value, calling)
    if not isinstance(form, Primitive):
        return checked(value), NO_FACTS
    parsed = checked(value, is_primitive=True)
    return (harmless(parsed) if form.is_narrow else parsed), among(origins_of(value), form.words, calling.span)


def _fields(form: Fields, value: Value, calling: Calling) -> tuple[Value, Facts]:
    found: list[Alternative] = []
    facts: Facts = NO_FACTS
    for a in value.alternatives:
        if is_nullish(a.shape):
            continue
        fields: list[tuple[str, Value]] = []
        for name, inner in form.fields:
            parsed, proven = _admitted(inner, _field(a.shape, name, calling), calling)
            fields.append((name, parsed))
            facts |= proven
        # What a schema lets through unnamed it has not looked at.
        rest = _rest(a.shape) if form.is_open else None
        found.append(Alternative(Object(tuple(fields), rest), a.under))
    return (Value(tuple(found)) if found else checked(value)), facts


def _field(shape: Shape, name: str, calling: Calling) -> Value:
    if isinstance(shape, Library) or (isinstance(shape, Object) and isinstance(shape.brand, Blueprint)):
        # `schema.parse(process.env)`; what an instance has, a getter of its class may give.
        return calling.member(of(shape), name)
    if isinstance(shape, Unknown):
        return of(property_of(shape, name))
    if isinstance(shape, Object):
        found = field_of(shape, name)
        if found is not None and found is shape.rest:
            return Value(tuple(Alternative(_deeper(a.shape, name), a.under) for a in found.alternatives))
        return found if found is not None else UNDEFINED_VALUE
    return of(Unknown(origins_of(of(shape))))


def _deeper(shape: Shape, name: str) -> Shape:
    return property_of(shape, name) if isinstance(shape, Unknown) else shape


def _rest(shape: Shape) -> Value:
    if isinstance(shape, Object):
        return shape.rest or PLAIN
    return of(Unknown(origins_of(of(shape))))


def _items(form: Items, value: Value, calling: Calling) -> tuple[Value, Facts]:
    from preship.analyzers.flow.collections import element_of

    element, facts = _admitted(form.element, element_of(value), calling)
    return of(Array(None, element)), facts


def _maybe(form: Maybe, value: Value, calling: Calling) -> tuple[Value, Facts]:
    there = Value(tuple(a for a in value.alternatives if not is_nullish(a.shape)))
    if not there.alternatives:
        return form.default, NO_FACTS
    parsed, facts = _admitted(form.form, there, calling)
    # What is not there is none of the caller's words either.
    kept = frozenset(fact for fact in facts if isinstance(fact, Among))
    if isinstance(form.form, Primitive | Anything) and form.default == UNDEFINED_VALUE:
        return parsed, kept
    return unite(parsed, form.default), kept


def _through_function(form: Refined | Transformed | Prepared, value: Value, calling: Calling) -> tuple[Value, Facts]:
    context = obj(PLAIN)
    if isinstance(form, Prepared):
        made = calling.aside(form.function, Arguments((value, context)))
        return _admitted(form.form, made if made.alternatives else PLAIN, calling)
    parsed, facts = _admitted(form.form, value, calling)
    answer = calling.aside(form.function if isinstance(form, Transformed) else form.test, Arguments((parsed, context)))
    if isinstance(form, Transformed):
        return checked(answer if answer.alternatives else PLAIN), facts
    assumed = assuming(answer, truthy=True) if answer.alternatives else None
    return parsed, facts | (assumed[1] if assumed else NO_FACTS)


def checked(value: Value, *, is_primitive: bool = False) -> Value:
    """A value as its schema gave it back."""
    return Value(tuple(Alternative(_checked(a.shape, is_primitive=is_primitive), a.under) for a in value.alternatives))


def _checked(shape: Shape, *, is_primitive: bool) -> Shape:
    if is_primitive:
        truth = shape.truth if isinstance(shape, Unknown) else Truth.MAYBE
        if isinstance(shape, Constant):
            return shape
        return Unknown(origins_of(of(shape)), truth, is_checked=True, is_primitive=True)
    if isinstance(shape, Object):
        fields = tuple((key, checked(value)) for key, value in shape.fields)
        return Object(fields, checked(shape.rest) if shape.rest else None, shape.brand)
    if isinstance(shape, Array):
        items = tuple(checked(v) for v in shape.items) if shape.items is not None else None
        return Array(items, checked(shape.element))
    if isinstance(shape, Unknown):
        return replace(shape, is_checked=True)
    return shape


__all__ = [
    "ANYTHING",
    "NARROW",
    "PRIMITIVE",
    "Anything",
    "Both",
    "Fields",
    "Form",
    "Items",
    "Maybe",
    "OneOf",
    "Prepared",
    "Primitive",
    "Refined",
    "Transformed",
    "admit",
    "checked",
    "fields_of",
    "form_of",
    "forms_in",
    "keys_looked_at",
    "keys_of",
    "merged",
    "omitted",
    "picked",
    "words_of",
]
