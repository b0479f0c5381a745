"""Texts that the code itself names: what their methods give, where everything that goes in is known.

https://tc39.es/ecma262/#sec-properties-of-the-string-prototype-object
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from preship.analyzers.flow.values import (
    NULL_VALUE,
    UNDEFINED_VALUE,
    Array,
    Constant,
    Object,
    Shape,
    Value,
    field_of,
    of,
    text_of,
    unite,
)

LONGEST_TEXT = 400
"""Characters of a text that a pattern is tried on, and of a pattern: both may be an attacker's."""

LITERAL = "literal"
"""The field of a regular expression that holds it as written: `/^\\/admin/i`."""

MOST_WORK = 10_000_000
"""Tries that a pattern may need on a text: as many as the text is long, for each of its repetitions anew."""

_REPEATED_GROUP = re.compile(r"\)[+*{]")
"""What may take exponential time to fail."""

_REPETITION = re.compile(r"[+*}]")


def folded(shape: Shape, name: str, given: Sequence[Value]) -> Value | None:
    """What `text.name(…)`, `words.join(…)` or `/pattern/.test(text)` gives; None where that is not known."""
    if isinstance(shape, Object) and shape.brand == "RegExp":
        text = text_of(given[0]) if given else None
        pattern = pattern_of(of(shape))
        return _constant(found_in(pattern, text)) if name == "test" and pattern and text is not None else None
    if isinstance(shape, Array) and name == "join":
        return _joined(shape, given)
    if not isinstance(shape, Constant) or not isinstance(shape.value, str):
        return None
    if name in {"match", "search"}:
        pattern = pattern_of(given[0]) if given else None
        # Where it matches, what was matched is left to others.
        return NULL_VALUE if name == "match" and found_in(pattern, shape.value) is False else None
    action = _METHODS.get(name)
    known = [_known(value) for value in given]
    if action is None or any(each is None for each in known):
        return None
    try:
        return _valued(action(shape.value, *known))
    except (TypeError, IndexError):
        return None


def _joined(shape: Array, given: Sequence[Value]) -> Value | None:
    """`['posts', 'delete'].join(':')`."""
    words = [text_of(item) for item in shape.items or ()]
    between = text_of(given[0]) if given else ","
    if between is None or not words or None in words:
        return None
    text = between.join(word for word in words if word is not None)
    return of(Constant(text)) if len(text) <= LONGEST_TEXT else None


def pattern_of(value: Value) -> re.Pattern[str] | None:
    """A regular expression that the code writes out, as Python reads it; None for one that it may read otherwise."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if not isinstance(shape, Object) or shape.brand != "RegExp":
        return None
    written = field_of(shape, LITERAL)
    text = text_of(written) if written is not None else None
    if text is None:
        return None
    body, _, flags = text[1:].rpartition("/")
    return compiled(body, ignore_case="i" in flags)


@lru_cache(maxsize=1024)
def compiled(body: str, *, ignore_case: bool = False) -> re.Pattern[str] | None:
    """A pattern of JavaScript for Python; None where it is too long, too slow, or not the same in both."""
    if len(body) > LONGEST_TEXT or _REPEATED_GROUP.search(body):
        return None
    try:
        return re.compile(
            body.replace("(?<", "(?P<") if "(?<" in body and "(?<=" not in body else body, re.I * ignore_case
        )
    except (re.error, OverflowError, RecursionError):
        return None


def found_in(pattern: re.Pattern[str] | None, text: str | None) -> bool | None:
    """Whether a pattern occurs in a text; None where it would take too long to find out."""
    if pattern is None or text is None or len(text) > LONGEST_TEXT:
        return None
    repetitions = len(_REPETITION.findall(pattern.pattern))
    return bool(pattern.search(text)) if max(len(text), 2) ** repetitions <= MOST_WORK else None


def _known(value: Value) -> str | int | None:
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    known = shape.value if isinstance(shape, Constant) else None
    return known if isinstance(known, str | int) and not isinstance(known, bool) else None


def _constant(value: bool | None) -> Value | None:
    return of(Constant(value)) if value is not None else None


def _valued(result: str | int | bool | list[str] | None) -> Value:
    if result is None:
        return UNDEFINED_VALUE
    if isinstance(result, list):
        items = tuple(of(Constant(each)) for each in result)
        return of(Array(items, unite(*items) if items else UNDEFINED_VALUE))
    return of(Constant(result))


def _slice(text: str, start: int = 0, end: int | None = None) -> str:
    return text[start:end]


def _substring(text: str, start: int = 0, end: int | None = None) -> str:
    first, last = max(start, 0), max(len(text) if end is None else end, 0)
    return text[min(first, last) : max(first, last)]


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else list(text)


_METHODS: dict[str, Callable[..., str | int | bool | list[str] | None]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "includes": lambda text, part: part in text,
    "indexOf": str.find,
    "lastIndexOf": str.rfind,
    "slice": _slice,
    "substring": _substring,
    "split": _split,
    "replace": lambda text, old, new: text.replace(old, new, 1),
    "replaceAll": str.replace,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
    "charAt": lambda text, index=0: text[index] if 0 <= index < len(text) else "",
    "at": lambda text, index=0: text[index] if -len(text) <= index < len(text) else None,
    "concat": lambda text, *more: "".join((text, *map(str, more))),
    "toString": lambda text: text,
}
