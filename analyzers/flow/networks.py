"""Checks of an address: what the caller sends is held against the networks that only the server reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.folding import LITERAL
from preship.analyzers.flow.machine import Frame
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import Array, Constant, Object, Value, of, origins_of
from preship.analyzers.source.tree import Span

PRIVATE = re.compile(
    r"(?<![\d.])10(\\?\.|[|)])|172\\?\.|192\\?\.168|169\\?\.254"
    r"|^(private|uniqueLocal|linkLocal|unicast)$|^f[cd]$|^fe80"
)
"""Texts and patterns that name a private network, in numbers or by the words that libraries have for them.

https://datatracker.ietf.org/doc/html/rfc1918 and https://github.com/whitequark/ipaddr.js#address-range
"""

FIRST_NUMBERS = frozenset({10, 172, 192, 169})
"""What the addresses of private networks begin with, where they are compared number by number."""

NETWORK = Constant("10.")
"""Stands for whatever private networks a regular expression names."""


@lru_cache(maxsize=4096)
def names_a_network(text: str) -> bool:
    """Whether a text or the source of a pattern names a private network."""
    return bool(PRIVATE.search(text))


def pattern(source: str) -> Value:
    """A regular expression as it is written; where it names a private network, its source says so."""
    network = (("source", of(NETWORK)),) if names_a_network(source) else ()
    return of(Object((*network, (LITERAL, of(Constant(source)))), None, "RegExp"))


def is_a_network(value: Value) -> bool:
    """Whether a value is a text, a number or a pattern that tells private networks from others, or a list of them."""
    for a in value.alternatives:
        shape = a.shape
        if isinstance(shape, Constant):
            if isinstance(shape.value, str) and names_a_network(shape.value):
                return True
        elif isinstance(shape, Object):
            if shape.brand == "RegExp" and shape.fields[0][1] == of(NETWORK):
                return True
        elif isinstance(shape, Array) and shape.items and any(map(is_a_network, shape.items)):
            return True
    return False


def note_check(values: Iterable[Value], frame: Frame, state: State, span: Span) -> None:
    """Say that something of the caller's is held against a private network, if one of these values names one."""
    known = tuple(values)
    if any(map(is_a_network, known)):
        tell(known, frame, state, span)


def note_number(first: Value, second: Value, frame: Frame, state: State, span: Span) -> None:
    """The same where a part of an address is compared with a number or a word."""
    for one, other in ((first, second), (second, first)):
        shape = one.alternatives[0].shape if len(one.alternatives) == 1 else None
        if isinstance(shape, Constant) and (shape.value in FIRST_NUMBERS or is_a_network(one)):
            tell((other,), frame, state, span)


def tell(values: Iterable[Value], frame: Frame, state: State, span: Span) -> None:
    """Note what of the caller's was held against a private network."""
    for value in values:
        if any(isinstance(o, Input) for o in origins_of(value)):
            frame.emit(EffectKind.SCREEN, span, state, "a private network", "a private network", key=value)
