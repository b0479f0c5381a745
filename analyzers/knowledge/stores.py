"""The words that tables of stores are written in whose calls name a collection, and a record by its id or a filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import NULL_VALUE, PLAIN, Library, Promise, Value, of
from preship.analyzers.knowledge.keys import equal
from preship.analyzers.knowledge.queries import FIRST, MANY, NONE, SURELY, Query, perform
from preship.analyzers.knowledge.rows import Handler, is_absent, name_of
from preship.analyzers.knowledge.services import spoken_as

Part = Callable[[Library, Arguments], Value | None]
"""Which part of a call, or of what led to it, chooses records or is written."""

Name = Callable[[Library, Arguments], str]
"""What a call calls the collection that it is about."""

Speaker = Callable[[Library, Arguments], Client]
"""As whom a call speaks to the store."""


def no_part(library: Library, given: Arguments) -> Value | None:
    """No part."""
    return None


def by_id(index: int = 0, name: str = "id") -> Part:
    """The record that an argument names."""
    return lambda library, given: None if is_absent(given.at(index)) else equal(name, given.at(index))


def sent(index: int) -> Part:
    """What an argument carries."""
    return lambda library, given: None if is_absent(given.at(index)) else given.at(index)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call of a store does."""

    kind: EffectKind
    answers: str = SURELY
    key: Part = no_part
    data: Part = no_part
    shaped: Callable[[Value], Value] = lambda answer: answer
    """How the answer is handed over."""


def asked(call: Call, name: Name, speaker: Speaker = spoken_as) -> Handler:
    """An asynchronous call of a store, which fails where it finds nothing that it promises."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        query = Query(
            call.kind,
            name_of(library),
            name(library, given),
            calling.span,
            call.key(library, given),
            call.data(library, given),
            answers=call.answers,
            absent=NULL_VALUE,
            is_single=call.answers != MANY,
            client=speaker(library, given),
        )
        return of(Promise(call.shaped(perform(query, calling)), NO_FACTS, PLAIN))

    return handle


READ, INSERT, WRITE, DELETE = EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE
__all__ = ["DELETE", "FIRST", "INSERT", "MANY", "NONE", "READ", "SURELY", "WRITE", "Call", "asked"]
