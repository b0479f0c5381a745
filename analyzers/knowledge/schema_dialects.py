"""Schema libraries beside Zod: Valibot, Yup, Joi, Superstruct, TypeBox, ArkType."""

from __future__ import annotations

from analyzers.flow.facts import NO_FACTS
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import (
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
from analyzers.knowledge import forms
from analyzers.knowledge.forms import ANYTHING, PRIMITIVE, Form
from analyzers.knowledge.rows import Handler, LibraryModel, gives, pair
from analyzers.knowledge.schemas import (
    CONSTRUCTORS,
    METHODS,
    PARSING,
    built,
    callback,
    changed,
    form_in,
    judges,
    later,
    merged,
    opened,
    parse,
    parses,
    parses_safely,
    primitive,
    refined,
    transformed,
    valid,
)
from analyzers.knowledge.schemas import member as schema_member


def chosen(root: str, build: Handler) -> Handler:
    """A call that makes a schema of another dialect."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return dialect(root, forms.form_of(build(library, given, calling)))

    return handle


def dialect(root: str, form: Form) -> Value:
    """A schema of a dialect."""
    return of(Library(root, (), (form,)))


def in_dialect(root: str, table: dict[str, Handler]) -> dict[str, Handler]:
    """The rows of a table that make schemas, so that they make schemas of a dialect."""
    return {name: chosen(root, handler) for name, handler in table.items() if name not in PARSING}


# --- valibot -------------------------------------------------------------------------------------------------------


def piped(given: Arguments) -> Form:
    """`pipe(schema, …actions)`."""
    form = forms.form_of(given.at(0))
    for action in given.values[1:]:
        form = forms.Both(form, forms.form_of(action))
    return form


VALIBOT_SCHEMAS = (
    "string",
    "number",
    "boolean",
    "bigint",
    "date",
    "literal",
    "picklist",
    "enum",
    "enum_",
    "symbol",
)

VALIBOT = LibraryModel(
    frozenset({"valibot"}),
    "https://valibot.dev/api/",
    methods={
        **CONSTRUCTORS,
        **dict.fromkeys(VALIBOT_SCHEMAS, primitive),
        **dict.fromkeys(
            ("optional", "nullable", "nullish", "undefinedable", "fallback"),
            built(lambda given: forms.Maybe(forms.form_of(given.at(0)), given.at(1))),
        ),
        "intersect": built(lambda given: _all_of(given.at(0))),
        "pipe": built(piped),
        "pipeAsync": built(piped),
        "objectAsync": CONSTRUCTORS["object"],
        **dict.fromkeys(
            ("check", "checkAsync", "partialCheck", "rawCheck", "custom"), built(lambda given: refined(ANYTHING, given))
        ),
        **dict.fromkeys(("transform", "transformAsync"), built(lambda given: transformed(ANYTHING, given))),
        "safeParse": parses_safely(1, 0, "output"),
        "safeParseAsync": later(parses_safely(1, 0, "output")),
        "is": judges(1),
        **dict.fromkeys(("flatten", "getDotPath"), gives(PLAIN)),
    },
    otherwise=built(lambda given: ANYTHING),
)


def _all_of(options: Value) -> Form:
    found = forms.forms_in(options)
    form = found[0]
    for other in found[1:]:
        form = forms.merged(form, other)
    return form


# --- yup and joi ---------------------------------------------------------------------------------------------------

YUP, JOI = "yup#schema", "joi#schema"


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


YUP_MODELS = (
    LibraryModel(
        frozenset({"yup"}),
        "https://github.com/jquense/yup#api",
        methods={
            **in_dialect(YUP, CONSTRUCTORS),
            "object": chosen(YUP, CONSTRUCTORS["looseObject"]),
            "ref": gives(PLAIN),
        },
        otherwise=chosen(YUP, primitive),
    ),
    LibraryModel(
        frozenset({YUP}),
        "https://github.com/jquense/yup#schema-basics",
        methods={
            **in_dialect(YUP, METHODS),
            "shape": chosen(YUP, changed(lambda form, given: opened(merged(opened(form), given)))),
            "validate": later(yup_validated),
            "validateSync": yup_validated,
            "cast": parses(0),
            "isValid": later(judges(0)),
            "isValidSync": judges(0),
        },
        otherwise=chosen(YUP, changed(lambda form, given: form)),
        read=schema_member,
    ),
)

JOI_MODELS = (
    LibraryModel(
        frozenset({"joi", "@hapi/joi"}),
        "https://joi.dev/api/",
        methods={
            **in_dialect(JOI, CONSTRUCTORS),
            "alternatives": chosen(JOI, built(lambda given: ANYTHING)),
            "attempt": parses(0, 1),
            "assert": parses(0, 1),
        },
        otherwise=chosen(JOI, primitive),
    ),
    LibraryModel(
        frozenset({JOI}),
        "https://joi.dev/api/",
        methods={
            **in_dialect(JOI, METHODS),
            "validate": joi_validated,
            "validateAsync": later(parses(0)),
            "try": chosen(JOI, changed(lambda form, given: ANYTHING)),
        },
        otherwise=chosen(JOI, changed(lambda form, given: form)),
    ),
)

# --- superstruct, TypeBox, arktype ---------------------------------------------------------------------------------


def superstruct_validated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`validate(value, struct)` gives `[error, value]`."""
    form = forms.form_of(given.at(1))
    parsed, facts = forms.admit(form, given.at(0), calling)
    error = unknown((), Truth.TRUTHY)
    good, bad = pair(UNDEFINED_VALUE, parsed), pair(error, UNDEFINED_VALUE)
    return choice((calling.span, "parse"), (good, facts | valid(given.at(0), calling, form)), (bad, NO_FACTS))


SUPERSTRUCT = LibraryModel(
    frozenset({"superstruct"}),
    "https://docs.superstructjs.org/api-reference/core",
    methods={
        **CONSTRUCTORS,
        "type": CONSTRUCTORS["looseObject"],
        "assign": built(lambda given: forms.merged(forms.form_of(given.at(0)), forms.form_of(given.at(1)))),
        "defaulted": CONSTRUCTORS["_default"],
        "refine": built(lambda given: refined(forms.form_of(given.at(0)), given)),
        "coerce": built(lambda given: forms.Prepared(callback(given) or PLAIN, forms.form_of(given.at(0)))),
        **dict.fromkeys(("create", "mask", "assert"), parses(0, 1)),
        "is": judges(0),
        "validate": superstruct_validated,
        **dict.fromkeys(
            ("size", "nonempty", "min", "max", "pattern", "trimmed"),
            built(lambda given: forms.form_of(given.at(0))),
        ),
    },
    otherwise=primitive,
)

TYPEBOX = LibraryModel(
    frozenset({"@sinclair/typebox", "typebox", "@sinclair/typebox/value", "typebox/value"}),
    "https://github.com/sinclairzx81/typebox#values",
    methods={
        "Object": CONSTRUCTORS["object"],
        "Array": CONSTRUCTORS["array"],
        "Optional": CONSTRUCTORS["optional"],
        "Union": CONSTRUCTORS["union"],
        "Partial": CONSTRUCTORS["partial"],
        "Pick": CONSTRUCTORS["pick"],
        "Omit": CONSTRUCTORS["omit"],
        **dict.fromkeys(("Any", "Unknown", "Record", "Ref", "Recursive"), built(lambda given: ANYTHING)),
        **dict.fromkeys(("Parse", "Decode"), parses(1, 0)),
        "Check": judges(1),
        **dict.fromkeys(("Clean", "Convert", "Default", "Cast"), lambda library, given, calling: given.at(1)),
        "Errors": gives(PLAIN),
    },
    otherwise=primitive,
)

ARK = "arktype#schema"


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


ARKTYPE_MODELS = (
    LibraryModel(
        frozenset({"arktype"}),
        "https://arktype.io/docs/intro/your-first-type",
        otherwise=lambda library, given, calling: dialect(ARK, ark_form(given.at(0))),
    ),
    LibraryModel(
        frozenset({ARK}),
        "https://arktype.io/docs/type-api",
        {(): ark_called},
        methods={
            **in_dialect(ARK, METHODS),
            "assert": parses(0),
            "allows": judges(0),
            "narrow": chosen(ARK, changed(refined)),
        },
        otherwise=chosen(ARK, changed(lambda form, given: form)),
    ),
)

MODELS = (VALIBOT, *YUP_MODELS, *JOI_MODELS, SUPERSTRUCT, TYPEBOX, *ARKTYPE_MODELS)
