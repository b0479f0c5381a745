"""What names the caller: keys that carry their identity on every path, and values that only they can send."""

from __future__ import annotations

from typing import TypeGuard

from preship.analyzers.conventions.requests import (
    GUESSABLE_COOKIE,
    PREFERENCE_COOKIE,
    REQUEST_HEADER,
    SECRET_HEADER,
    USER_HEADER,
)
from preship.analyzers.flow.configuration import is_found_by_ourselves, is_setting
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import ALL, Origin, Origins, Request, Session, Unfollowed
from preship.analyzers.flow.values import (
    Alternative,
    Array,
    Constant,
    Library,
    Object,
    Shape,
    Unknown,
    Value,
    origins_of,
)

DEEPEST = 6
"""Conditions inside conditions."""


def names_the_caller(key: Value | None, depth: int = DEEPEST) -> bool:
    """Whether a key carries the caller's verified identity on every path; `input ?? session` does not.

    What stands in for a missing session names nobody else: a literal (`session?.user.id ?? ''`), a setting, the one
    user of an installation of one's own.
    """
    if key is None or depth == 0:
        return False
    shapes = [a.shape for a in key.alternatives if not isinstance(a.shape, Constant) and not is_configured(a.shape)]
    return bool(shapes) and all(_names(shape, depth) for shape in shapes)


def may_name_the_caller(key: Value | None) -> bool:
    """Whether one condition of a key is what code that is not there to read says of nothing that the caller sent."""
    found = [a.shape for a in key.alternatives if isinstance(a.shape, Object)] if key is not None else []
    return bool(found) and all(
        any(may_be_the_caller(value) or may_name_the_caller(value) for _, value in shape.fields) for shape in found
    )


def may_be_the_caller(value: Value) -> bool:
    """Whether a value comes from nothing but code that is not there to read."""
    found = origins_of(value)
    return bool(found) and all(isinstance(o, Unfollowed) and o.package for o in found)


def is_configured(shape: Shape) -> bool:
    """Whether a value is the deployment's, whoever calls."""
    if not isinstance(shape, Unknown):
        return False
    is_found = bool(shape.origins) and all(is_setting(o) or is_found_by_ourselves(o) for o in shape.origins)
    return is_found or (shape.is_primitive and all(is_setting(o) for o in shape.origins))


def _names(shape: Shape, depth: int) -> bool:
    if isinstance(shape, Unknown):
        return is_identity(shape.origins)
    if isinstance(shape, Object):
        return any(names_the_caller(v, depth - 1) for _, v in shape.fields) or names_the_caller(shape.rest, depth - 1)
    if isinstance(shape, Array):
        return any(names_the_caller(v, depth - 1) for v in (shape.items or (shape.element,)))
    if isinstance(shape, Library):
        return any(names_the_caller(part, depth - 1) for part in shape.state if isinstance(part, Value))
    return False


def says_who(origin: Origin) -> bool:
    """Whether a value is a header in which any client can say who is calling."""
    if not isinstance(origin, Request) or origin.kind != "header" or is_credential(origin):
        return False
    return USER_HEADER.matches(origin.name)


def is_no_identity(origin: Request | Session) -> bool:
    """Whether a value says nothing of who is calling: how they want to be answered, and what every request bears."""
    if isinstance(origin, Session):
        return bool(origin.path) and PREFERENCE_COOKIE.matches(origin.path[-1])
    if PREFERENCE_COOKIE.matches(origin.name) and not USER_HEADER.matches(origin.name):
        return True
    return origin.kind == "header" and REQUEST_HEADER.matches(origin.name)


def is_guessable(origin: Origin) -> TypeGuard[Request]:
    """Whether a value is a cookie, or a field of what one holds, that names somebody: anybody can send another's."""
    if not isinstance(origin, Request) or origin.kind != "cookie":
        return False
    return GUESSABLE_COOKIE.matches(origin.name if origin.field in {"", ALL} else origin.field)


def is_credential(origin: Origin) -> bool:
    """Whether only the one who was given a value can send it: a cookie or header that names no person."""
    if not isinstance(origin, Request) or is_no_identity(origin):
        return False
    if origin.kind == "cookie":
        return not is_guessable(origin)
    return origin.kind == "header" and SECRET_HEADER.matches(origin.name)


WHOLE = frozenset({"*", "cookie"})
"""Headers in which all cookies stand."""


def is_the_callers_own(key: Value) -> bool:
    """Whether nobody but the caller can name a key: it says who they are, or is a credential that they were given.

    What stands in for a missing credential is a literal, under which nobody's things are kept.
    """
    found = [a.shape for a in key.alternatives if not isinstance(a.shape, Constant)]
    return bool(found) and all(
        _names(shape, DEEPEST) or bears_a_credential(origins_of(Value((Alternative(shape),)))) for shape in found
    )


def bears_a_credential(origins: Origins) -> bool:
    """Whether a value is made of the caller's credentials alone."""
    return bool(origins) and all(
        is_credential(o) or (isinstance(o, Request) and o.kind == "header" and o.name.lower() in WHOLE) for o in origins
    )
