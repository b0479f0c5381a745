"""Schema libraries: what has been parsed is checked, and only that."""

from __future__ import annotations

from dataclasses import replace

from analyzers.flow.facts import NO_FACTS, Facts, Input, Valid
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import (
    FALSE_VALUE,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    choice,
    obj,
    of,
    origins_of,
    unknown,
)
from analyzers.knowledge.rows import Handler, Shelf

SCHEMA = "schema#"


def checked(value: Value) -> Value:
    """A value as its schema gave it back."""
    return Value(tuple(Alternative(_checked(a.shape), a.under) for a in value.alternatives))


def _checked(shape: object) -> Unknown | Object | Array:
    if isinstance(shape, Object):
        fields = tuple((key, checked(value)) for key, value in shape.fields)
        return Object(fields, checked(shape.rest) if shape.rest else None)
    if isinstance(shape, Array):
        items = tuple(checked(v) for v in shape.items) if shape.items is not None else None
        return Array(items, checked(shape.element))
    if isinstance(shape, Unknown):
        return replace(shape, is_checked=True)
    return Unknown(frozenset(), Truth.MAYBE, is_checked=True)


def valid(value: Value, calling: Calling) -> Facts:
    """What a schema's success proves."""
    return frozenset(Valid(o, calling.span) for o in origins_of(value) if isinstance(o, Input))


def parse(value: Value, calling: Calling) -> Value:
    """Throws unless valid."""
    calling.may_fail()
    calling.prove(valid(value, calling))
    return checked(value)


def safe_parse(value: Value, calling: Calling, *, output: str = "data") -> Value:
    """A result object that tells."""
    error = unknown((), Truth.TRUTHY)
    good = obj(success=TRUE_VALUE, error=UNDEFINED_VALUE, issues=UNDEFINED_VALUE)
    bad = obj(success=FALSE_VALUE, error=error, issues=error)
    good = of(replace(_object(good), fields=(*_object(good).fields, (output, checked(value)))))
    bad = of(replace(_object(bad), fields=(*_object(bad).fields, (output, UNDEFINED_VALUE))))
    return choice((calling.span, "parse"), (good, valid(value, calling)), (bad, NO_FACTS))


def _object(value: Value) -> Object:
    shape = value.alternatives[0].shape
    assert isinstance(shape, Object)  # noqa: S101
    return shape


def parses(index: int) -> Handler:
    """`parse`, of the argument at a place."""
    return lambda library, given, calling: parse(given.at(index), calling)


def parses_safely(index: int, output: str = "data") -> Handler:
    """`safeParse`, of the argument at a place."""
    return lambda library, given, calling: safe_parse(given.at(index), calling, output=output)


def later(handler: Handler) -> Handler:
    """The same, promised."""
    return lambda library, given, calling: of(Promise(handler(library, given, calling)))


def schema(library: Library, given: Arguments, calling: Calling) -> Value:
    """Anything else that a schema library is asked for gives a schema."""
    return of(Library(SCHEMA))


SHELVES = (
    Shelf(
        frozenset(
            {"zod", "zod/v4", "zod/v3", "zod/mini", "yup", "joi", "arktype", "superstruct", "drizzle-zod", "valibot"}
        ),
        "https://zod.dev/basics",
        {
            ("parse",): parses(1),
            ("safeParse",): parses_safely(1, "output"),
            ("parseAsync",): later(parses(1)),
            ("safeParseAsync",): later(parses_safely(1, "output")),
        },
        otherwise=schema,
    ),
    Shelf(
        frozenset({SCHEMA}),
        "https://zod.dev/basics",
        methods={
            "parse": parses(0),
            "safeParse": parses_safely(0),
            "parseAsync": later(parses(0)),
            "safeParseAsync": later(parses_safely(0)),
            "validate": later(parses(0)),
            "validateSync": parses(0),
        },
        otherwise=schema,
    ),
)
