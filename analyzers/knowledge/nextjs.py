"""What Next.js and React give Server Actions."""

from __future__ import annotations

from preship.analyzers.flow.effects import ISSUED, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Case
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Request
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Constant,
    Library,
    Object,
    Truth,
    Unknown,
    Value,
    choice,
    obj,
    of,
    origins_of,
    text_of,
    unknown,
)
from preship.analyzers.knowledge.rows import name_of, option
from preship.analyzers.knowledge.words import part


def cookie(library: Library, given: Arguments, calling: Calling) -> Value:
    """`cookies().get(name)`."""
    name = text_of(given.at(0)) or "*"
    value = of(Unknown(frozenset({Request("cookie", name)}), is_primitive=True))
    return choice(("cookie", name), (obj(name=given.at(0), value=value), NO_FACTS), (UNDEFINED_VALUE, NO_FACTS))


def all_cookies(library: Library, given: Arguments, calling: Calling) -> Value:
    return of(Array(None, obj(name=PLAIN, value=unknown({Request("cookie", "*")}))))


def has_cookie(library: Library, given: Arguments, calling: Calling) -> Value:
    """`cookies().has(name)`."""
    name = text_of(given.at(0)) or "*"
    there, missing = (frozenset({Case(("cookie", name), index)}) for index in (0, 1))
    return of(Unknown(frozenset({Request("cookie", name)}), Truth.MAYBE, there, missing, is_primitive=True))


def cookie_text(library: Library, given: Arguments, calling: Calling) -> Value:
    return unknown({Request("cookie", "*")})


def set_cookie(library: Library, given: Arguments, calling: Calling) -> Value:
    name, value, options = cookie_parts(given)
    calling.emit(EffectKind.COOKIE, text_of(name) or "", name_of(library), data=value)
    if is_issued(value, options):
        calling.emit(EffectKind.IDENTIFY, ISSUED, name_of(library), data=value)
    return of(Library(library.root))


def cookie_parts(given: Arguments) -> tuple[Value, Value, Value]:
    """Name, value and options of `set(name, value, options)` and of `set({ name, value, ...options })`."""
    first = given.at(0)
    if any(isinstance(a.shape, Object) for a in first.alternatives):
        return option(first, "name"), option(first, "value"), first
    return first, given.at(1), given.at(2)


def is_issued(value: Value, options: Value) -> bool:
    """Whether a cookie is a credential made here: hidden from scripts, and no choice of the caller's."""
    hidden = option(options, "httpOnly").alternatives
    is_hidden = any(isinstance(a.shape, Constant) and a.shape.value is True for a in hidden)
    return is_hidden and not any(isinstance(o, Input) for o in origins_of(value))


def header(library: Library, given: Arguments, calling: Calling) -> Value:
    name = text_of(given.at(0)) or "*"
    return of(Unknown(frozenset({Request("header", name)}), is_primitive=True))


def all_headers(library: Library, given: Arguments, calling: Calling) -> Value:
    return unknown({Request("header", "*")})


def each_header(library: Library, given: Arguments, calling: Calling) -> Value:
    """`(await headers()).forEach((value, name) => …)`: any of them, the cookies included."""
    calling.aside(given.at(0), Arguments((unknown({Request("header", "*")}), PLAIN)))
    return UNDEFINED_VALUE


def named_cookie(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getCookie(name, { cookies })`: the text, or `undefined`."""
    value = of(Unknown(frozenset({Request("cookie", text_of(given.at(0)) or "*")}), is_primitive=True))
    return choice(("cookie", text_of(given.at(0))), (value, NO_FACTS), (UNDEFINED_VALUE, NO_FACTS))


def redirected(library: Library, given: Arguments, calling: Calling) -> Value:
    address = part(given.at(0), "href") or given.at(0)
    path = part(address, "pathname") or address
    calling.emit(EffectKind.REDIRECT, "", name_of(library), key=path)
    calling.end()
    return PLAIN


def pushed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`router.push(address)` in a component: the code behind it still runs."""
    calling.emit(EffectKind.REDIRECT, "", name_of(library), key=given.at(0))
    return UNDEFINED_VALUE


def revalidated(library: Library, given: Arguments, calling: Calling) -> Value:
    calling.emit(EffectKind.REVALIDATE, text_of(given.at(0)) or "", name_of(library), key=given.at(0))
    return UNDEFINED_VALUE


def after(library: Library, given: Arguments, calling: Calling) -> Value:
    calling.aside(given.at(0), Arguments())
    return UNDEFINED_VALUE


def rethrown(library: Library, given: Arguments, calling: Calling) -> Value:
    calling.may_fail()
    return UNDEFINED_VALUE


REQUEST_HEADERS = of(Library("next/headers#headers", (), (unknown({Request("header", "*")}),)))
"""The headers of this request, all of them: what is kept by them is kept for whoever sent it."""


GLOBALS: dict[str, Value] = dict.fromkeys(("window", "document", "localStorage", "sessionStorage"), UNDEFINED_VALUE)
"""What only browsers have: actions run on the server, where code tells by it on which side it is."""
