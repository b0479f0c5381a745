"""The language's global names: what `Promise`, `Object`, `JSON`, `Error`, `console` and their kind do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from preship.analyzers.conventions.requests import SESSION_COOKIE
from preship.analyzers.flow import operators
from preship.analyzers.flow.collections import arguments_in, element_of, spread_into
from preship.analyzers.flow.containers import BRANDS, contents, filled, is_container, visible
from preship.analyzers.flow.effects import EffectKind, Sink
from preship.analyzers.flow.facts import NO_FACTS, Claimed, Fact, Facts, Known, Valid
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import ALL, Caught, Input, Origin, Remote, Request
from preship.analyzers.flow.texts import OURS, harmless, is_all_ours, joined, opening_of, same_text, with_text
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    FALSE_VALUE,
    NEVER,
    PLAIN,
    PROXY,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Constant,
    Library,
    Native,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    is_nullish,
    of,
    origins_of,
    primitive_of,
    text_of,
    totals_in,
    under,
    unite,
    unknown,
)
from preship.analyzers.source.tree import Name, NamePattern, Span
from preship.analyzers.source.walk import within_function

ROOT = "js"
"""The root of everything that the language itself names."""

Action = Callable[[Calling, Arguments], Value]

NAMES = frozenset(
    [
        "Promise",
        "Object",
        "JSON",
        "Math",
        "Date",
        "Array",
        "String",
        "Number",
        "Boolean",
        "BigInt",
        "Symbol",
        "Error",
        "TypeError",
        "RangeError",
        "AggregateError",
        "RegExp",
        "Map",
        "Set",
        "WeakMap",
        "WeakSet",
        "URL",
        "URLSearchParams",
        "FormData",
        "Headers",
        "Request",
        "Response",
        "Blob",
        "File",
        "Buffer",
        "console",
        "parseInt",
        "parseFloat",
        "isNaN",
        "isFinite",
        "encodeURIComponent",
        "decodeURIComponent",
        "encodeURI",
        "decodeURI",
        "escape",
        "setTimeout",
        "setInterval",
        "clearTimeout",
        "clearInterval",
        "queueMicrotask",
        "setImmediate",
        "structuredClone",
        "TextEncoder",
        "TextDecoder",
        "Uint8Array",
        "ArrayBuffer",
        "AbortController",
        "AbortSignal",
        "Intl",
        "Reflect",
        "Proxy",
        "btoa",
        "atob",
        "performance",
        "Function",
        "eval",
        "DOMException",
        "SyntaxError",
        "EvalError",
        "Uint16Array",
        "Uint32Array",
        "Int32Array",
        "Float64Array",
        "ReadableStream",
    ]
)


GLOBAL_OBJECTS = frozenset({"globalThis", "global", "window", "self"})
"""Names of the global object. Which of them there are depends on where the code runs."""

GLOBAL = Library(ROOT, ("globalThis",))
"""The global object: its properties are the global names, and whatever the program keeps there."""


def variable(name: str) -> Value | None:
    """What a global name of the language means."""
    if name in NAMES:
        return of(Library(ROOT, (name,)))
    if name in GLOBAL_OBJECTS:
        return of(GLOBAL)
    if name in {"NaN", "Infinity"}:
        return PLAIN
    return None


def text(calling: Calling, given: Arguments) -> Value:
    """A primitive made of the arguments."""
    return primitive_of(*given.all())


def converted(calling: Calling, given: Arguments) -> Value:
    """A number, a date or a string, whatever came in: a conversion leaves no other shape."""
    made = Unknown(frozenset(o for v in given.all() for o in origins_of(v)), is_checked=True, is_primitive=True)
    return under(of(made), totals_in(given.all()))


def converted_text(calling: Calling, given: Arguments) -> Value:
    """`String(value)`: what comes in has the shape of a text from then on, and an exception tells what it says."""
    is_told = any(isinstance(o, Caught) for v in given.all() for o in origins_of(v))
    made = text(calling, given) if is_told else converted(calling, given)
    return with_text(made, same_text(given.at(0)))


def numeric(calling: Calling, given: Arguments) -> Value:
    """A number or a date."""
    return harmless(converted(calling, given))


def encoded(calling: Calling, given: Arguments) -> Value:
    """A text in which no separator is left."""
    return harmless(text(calling, given))


def first(calling: Calling, given: Arguments) -> Value:
    return given.at(0)


def parsed(calling: Calling, given: Arguments) -> Value:
    """`JSON.parse(text)`: a cookie that holds an account as a text holds what its client has written there.

    Unless its signature was checked, or it was sealed: then something of the server's is part of it.
    """
    calling.may_fail()
    found = origins_of(given.at(0))
    told = sorted(o.name for o in found if isinstance(o, Request)) if all(map(tells_who, found)) else []
    claims: Facts = frozenset(Claimed(f"the cookie {name}", calling.span) for name in told[:1])
    signed = {fact.subject for fact in calling.facts if isinstance(fact, Known)}
    plain = frozenset(o for o in found - signed if isinstance(o, Request) and o.kind == "cookie")
    if plain == found - signed:
        found = found & signed | frozenset(replace(o, field=ALL) for o in plain)
    return of(Unknown(found, Truth.MAYBE, claims))


def tells_who(origin: Origin) -> bool:
    """Whether a value is a cookie that is to say who is signed in, as it came."""
    return isinstance(origin, Request) and origin.kind == "cookie" and SESSION_COOKIE.matches(origin.name)


def plain(calling: Calling, given: Arguments) -> Value:
    return unknown((), Truth.TRUTHY)


def later(calling: Calling, given: Arguments) -> Value:
    calling.aside(given.at(0), Arguments())
    return PLAIN


def logged(calling: Calling, given: Arguments) -> Value:
    calling.emit(EffectKind.LOG, "", "console", data=of(Array(given.values, unite(PLAIN, *given.all()))))
    return UNDEFINED_VALUE


def all_settled(calling: Calling, given: Arguments) -> Value:
    value, _, _ = calling.gathered(given.at(0))
    return of(Promise(of(Array(None, of(Object((("value", element_of(value)),), PLAIN))))))


def all_fulfilled(calling: Calling, given: Arguments) -> Value:
    value, facts, rejection = calling.gathered(given.at(0))
    return of(Promise(value, facts, rejection))


def any_one(calling: Calling, given: Arguments) -> Value:
    """`Promise.race([…])`: what one of them gives, which proves what that one alone does."""
    raced = [calling.gathered(one) for one in each_of(given.at(0))]
    values = [under(element_of(value), facts) for value, facts, _ in raced if value.alternatives]
    rejections = [rejection for _, _, rejection in raced if rejection is not None]
    proven = [facts for value, facts, _ in raced if value.alternatives]
    facts = frozenset[Fact]().union(*proven).intersection(*proven)
    return of(Promise(unite(*values), facts, unite(*rejections) if rejections else None))


def each_of(promises: Value) -> list[Value]:
    """A list of promises as lists of one each; as it is where its items are not known."""
    if not all(isinstance(a.shape, Array) and a.shape.items is not None for a in promises.alternatives):
        return [promises]
    items = (i for a in promises.alternatives if isinstance(a.shape, Array) for i in a.shape.items or ())
    return [of(Array((item,), item)) for item in items]


def resolved(calling: Calling, given: Arguments) -> Value:
    return of(Promise(given.at(0)))


def rejected(calling: Calling, given: Arguments) -> Value:
    return of(Promise(NEVER, NO_FACTS, given.at(0)))


def new_promise(calling: Calling, given: Arguments) -> Value:
    """`new Promise((resolve, reject) => …)`: what `resolve` is called with, or anything where it is handed on."""
    resolved: list[tuple[Span, Value]] = []

    def resolve(inner: Calling, answer: Arguments) -> Value:
        resolved.append((inner.span, answer.at(0)))
        return UNDEFINED_VALUE

    calling.aside(given.at(0), Arguments((of(Native("resolve", action=resolve)), PLAIN)))
    known = unite(*(value for _, value in resolved))
    is_all = len({span for span, _ in resolved}) == times_named(given.at(0), 0)
    rejection = PLAIN if times_named(given.at(0), 1) else None
    return of(Promise(known if is_all else unite(PLAIN, known), NO_FACTS, rejection))


def times_named(function: Value, place: int) -> int | None:
    """How often a function mentions one of its parameters; None where that is not known."""
    one = function.alternatives[0].shape if len(function.alternatives) == 1 else None
    if not isinstance(one, Closure):
        return None
    parameters = one.function.body.parameters
    if place >= len(parameters):
        return 0
    pattern = parameters[place].pattern
    if not isinstance(pattern, NamePattern):
        return None
    return sum(isinstance(node, Name) and node.name == pattern.name for node in within_function(one.function))


def keys(calling: Calling, given: Arguments) -> Value:
    return names_in(given.at(0))


def names_in(value: Value) -> Value:
    """`Object.keys(value)`: of an object whose fields are all there as written, each name."""
    one = value.alternatives[0] if len(value.alternatives) == 1 else None
    if one is not None and isinstance(one.shape, Object) and is_written_out(one.shape):
        names = tuple(of(Constant(name)) for name, _ in one.shape.fields)
        return of(Array(names, unite(PLAIN, *names), is_exhaustive=True))
    return of(Array(None, unknown(origins_of(value)), is_exhaustive=True))


def values(calling: Calling, given: Arguments) -> Value:
    return of(Array(None, any_value(calling, given.at(0)), is_exhaustive=True))


def entries(calling: Calling, given: Arguments) -> Value:
    """`Object.entries(object)`: of one whose fields are all there as written, each with its name."""
    one = given.at(0).alternatives[0] if len(given.at(0).alternatives) == 1 else None
    if one is not None and isinstance(one.shape, Object) and is_written_out(one.shape):
        made = tuple(under(entry(of(Constant(name)), value), one.under) for name, value in one.shape.fields)
        return of(Array(made, unite(PLAIN, *made), is_exhaustive=True))
    key, value = unknown(origins_of(given.at(0))), any_value(calling, given.at(0))
    return of(Array(None, entry(key, value)))


def entry(key: Value, value: Value) -> Value:
    """A pair of a name and what stands under it."""
    return of(Array((key, value), unite(key, value)))


def is_written_out(shape: Object) -> bool:
    """Whether an object has these fields and no others, each of them in any case."""
    is_plain = shape.rest is None and shape.brand is None and not is_container(shape)
    return is_plain and not any(is_nullish(a.shape) for _, value in shape.fields for a in value.alternatives)


ANY = "*"
"""Stands for each name of an object of a library."""


CHOSEN = "[]"
"""Stands for whichever name of an object of a library the caller sends."""


def any_value(calling: Calling, value: Value) -> Value:
    """Any value of an object; of a library's, what it calls `*`."""
    found: list[Value] = []
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            found.append(contents(a.shape))
        elif isinstance(a.shape, Library):
            found.append(calling.member(of(a.shape), ANY))
    return unite(*found) if found else element_of(value)


def from_entries(calling: Calling, given: Arguments) -> Value:
    """`Object.fromEntries(entries)`: of a container or a list that is written out, the properties are known.

    A form has fields of the caller's choice, each of them a text.
    """
    shape = given.at(0).alternatives[0].shape if len(given.at(0).alternatives) == 1 else None
    if (isinstance(shape, Object) and is_container(shape)) or (isinstance(shape, Array) and shape.items is not None):
        made = filled("", given.at(0))
        return of(Object(tuple(visible(made)), made.rest))
    found = unknown(origins_of(given.at(0)), Truth.TRUTHY)
    is_form = all(isinstance(a.shape, Unknown) for a in given.at(0).alternatives)
    return of(Object((), primitive_of(found))) if is_form else found


def assign(calling: Calling, given: Arguments) -> Value:
    result = Object(())
    for value in given.values:
        result = spread_into(result, value)
    return of(result)


def array_from(calling: Calling, given: Arguments) -> Value:
    element = element_of(given.at(0))
    if len(given.values) > 1:
        element = calling.aside(given.at(1), Arguments((element, PLAIN)))
    return of(Array(None, element if element.alternatives else PLAIN))


def array_of(calling: Calling, given: Arguments) -> Value:
    return of(Array(given.values, unite(PLAIN, *given.all())))


def is_array(calling: Calling, given: Arguments) -> Value:
    return unite(*(told_array(a, calling) for a in given.at(0).alternatives))


def told_array(a: Alternative, calling: Calling) -> Value:
    """Whether something is a list: the program's own literals tell, and an input is checked by it."""
    if isinstance(a.shape, Constant | Closure):
        return under(FALSE_VALUE, a.under)
    is_own = isinstance(a.shape, Array) and not any(isinstance(o, Input) for o in origins_of(Value((a,))))
    return under(TRUE_VALUE, a.under) if is_own else checked(calling, Arguments((Value((a,)),)))


def checked(calling: Calling, given: Arguments) -> Value:
    asked = origins_of(given.at(0))
    facts: Facts = frozenset(Valid(o, calling.span) for o in asked if isinstance(o, Input))
    return of(Unknown(asked, Truth.MAYBE, facts, is_primitive=True))


def not_checked(calling: Calling, given: Arguments) -> Value:
    return operators.negated(checked(calling, given))


def truth(calling: Calling, given: Arguments) -> Value:
    return operators.boolean(given.at(0))


def error(name: str) -> Action:
    """An exception of the language, which bears the name of its class."""
    return lambda calling, given: of(
        Object((("message", given.at(name == "AggregateError")), ("name", of(Constant(name)))), None, "Error")
    )


def list_copy(calling: Calling, given: Arguments) -> Value:
    if not given.values:
        # Other functions may fill it: a set of listeners, above all.
        return of(Array((), ABSENT_VALUE))
    shape = given.at(0).alternatives[0].shape if len(given.at(0).alternatives) == 1 else None
    element = element_of(given.at(0))
    return of(replace(shape, element=element) if isinstance(shape, Array) else Array(None, element))


def container(brand: str) -> Action:
    """`new Map(entries)`, `new Headers(init)` and their kind."""

    def make(calling: Calling, given: Arguments) -> Value:
        return Value(tuple(Alternative(made_of(a), a.under) for a in given.at(0).alternatives))

    def made_of(a: Alternative) -> Object:
        return Object((), None, brand) if is_nullish(a.shape) else filled(brand, Value((a,)))

    return make


def new_proxy(calling: Calling, given: Arguments) -> Value:
    return of(Object((("target", given.at(0)), ("handler", given.at(1))), None, PROXY))


def reflected(calling: Calling, given: Arguments) -> Value:
    """`Reflect.get(target, name)`."""
    name = text_of(given.at(1))
    return calling.member(given.at(0), name) if name is not None else unknown(origins_of(given.at(0)))


def applied(calling: Calling, given: Arguments) -> Value:
    """`Reflect.apply(function, this, list)`."""
    return calling.call(given.at(0), arguments_in(given.at(2)), given.at(1))


def wrapped(calling: Calling, given: Arguments) -> Value:
    return unknown(frozenset(o for v in given.all() for o in origins_of(v)), Truth.TRUTHY)


def address(calling: Calling, given: Arguments) -> Value:
    """`new URL(path, base)`."""
    path = given.at(0)
    if len(given.values) > 1 and RELATIVE.match(opening_of(path)):
        between = "" if opening_of(path).startswith("/") else "/"
        path = joined([host_of(given.at(1)), between, path])
    return with_text(primitive_of(*given.all(), truth=Truth.TRUTHY), same_text(path))


RELATIVE = re.compile(r"/(?!/)|[?#]|[\w.-]+/")
"""What an address begins with that names no host: https://url.spec.whatwg.org/#relative-url-string"""

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]+", re.IGNORECASE)


def host_of(base: Value) -> str | Value:
    """The host that an address stands on; all of it where a caller may have written that."""
    found = ORIGIN.match(opening_of(base))
    if found and (text_of(base) is not None or found.end() < len(opening_of(base))):
        return found.group()
    return OURS if is_all_ours(base) else base


def evaluated(calling: Calling, given: Arguments) -> Value:
    """`eval(code)`, `new Function(…names, code)`."""
    calling.may_fail()
    code = given.all()[-1] if given.all() else UNDEFINED_VALUE
    calling.emit(EffectKind.RUN, "JavaScript", "eval", key=code, sink=Sink.CODE)
    return unknown({Remote("evaluated code")})


def redirect(calling: Calling, given: Arguments) -> Value:
    """`Response.redirect(url)`."""
    calling.emit(EffectKind.REDIRECT, "", "Response.redirect", key=given.at(0))
    return PLAIN


CALLS: dict[tuple[str, ...], Action] = {
    ("Response", "redirect"): redirect,
    ("Promise", "all"): all_fulfilled,
    ("Promise", "allSettled"): all_settled,
    ("Promise", "race"): any_one,
    ("Promise", "any"): any_one,
    ("Promise", "resolve"): resolved,
    ("Promise", "reject"): rejected,
    ("Reflect", "get"): reflected,
    ("Reflect", "apply"): applied,
    ("Object", "is"): lambda calling, given: operators.equal(given.at(0), given.at(1), calling.span),
    ("Object", "keys"): keys,
    ("Object", "values"): values,
    ("Object", "entries"): entries,
    ("Object", "fromEntries"): from_entries,
    ("Object", "assign"): assign,
    ("Object", "freeze"): first,
    ("Object", "seal"): first,
    ("Object", "create"): plain,
    ("JSON", "parse"): parsed,
    ("JSON", "stringify"): text,
    ("Array", "from"): array_from,
    ("Array", "of"): array_of,
    ("Array", "isArray"): is_array,
    ("Number", "isInteger"): checked,
    ("Number", "isFinite"): checked,
    ("Number", "isSafeInteger"): checked,
    ("Number", "isNaN"): not_checked,
    ("isNaN",): not_checked,
    ("isFinite",): checked,
    ("String",): converted_text,
    **dict.fromkeys((("Number",), ("BigInt",), ("parseInt",), ("parseFloat",)), numeric),
    **dict.fromkeys((("Number", "parseInt"), ("Number", "parseFloat")), numeric),
    ("encodeURIComponent",): encoded,
    ("eval",): evaluated,
    ("Function",): evaluated,
    ("Boolean",): truth,
    ("Error",): error("Error"),
    ("setTimeout",): later,
    ("setInterval",): later,
    ("setImmediate",): later,
    ("queueMicrotask",): later,
    ("structuredClone",): first,
    ("Date", "now"): plain,
}


def codec(name: str) -> Action:
    """An object whose methods give their argument in another form."""
    return lambda calling, given: of(Library(ROOT, (name,)))


MAKERS: dict[str, Action] = {
    "TextEncoder": codec("TextEncoder"),
    "TextDecoder": codec("TextDecoder"),
    "Promise": new_promise,
    "Set": list_copy,
    "WeakSet": list_copy,
    "Array": list_copy,
    **{brand: container(brand) for brand in BRANDS},
    "Proxy": new_proxy,
    "DOMException": error("Error"),
    "Date": numeric,
    "URL": address,
    "Function": evaluated,
}


def call(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call of something global."""
    action = CALLS.get(library.path)
    if action is not None:
        return action(calling, given)
    if library.path[0] == "console":
        return logged(calling, given)
    for value in given.values:
        calling.run_callbacks(value)
    return text(calling, given)


def construct(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new` on something global."""
    name = library.path[0]
    action = error(name) if name.endswith("Error") else MAKERS.get(name, wrapped)
    return action(calling, given)
