"""Who is calling, as providers of identity answer: objects for everybody, yes or no, signatures."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Facts, Program, Role, authenticated, owns
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import subjects
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Library,
    Promise,
    Truth,
    Value,
    choice,
    obj,
    of,
    origins_of,
    unknown,
)
from preship.analyzers.knowledge.rows import Handler, guard, identity, proof


def part(provider: str, *path: str) -> Value:
    """A part of a session that is there."""
    return unknown({Session(provider, True, path)}, Truth.TRUTHY)


def whether(provider: str, role: str | None = None, owned: int | None = None) -> Handler:
    """A call that promises whether there is a session, with a role, or whose an argument's record is."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        calling.emit(EffectKind.ASK, provider, provider)
        answers = ((TRUE_VALUE, proven(provider, role, owned, given, calling)), (FALSE_VALUE, NO_FACTS))
        return of(Promise(choice((provider, True), *answers)))

    return handle


def described(provider: str, *always: str, flag: str = "", absent: Value = UNDEFINED_VALUE) -> Handler:
    """A call that promises an object for everybody, some of whose fields are there for whom is signed in."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        calling.emit(EffectKind.ASK, provider, provider)
        flags = {flag: TRUE_VALUE} if flag else {}
        there = obj(unknown({Session(provider, True)}), **{n: part(provider, n) for n in always}, **flags)
        nobody = {flag: FALSE_VALUE} if flag else {}
        missing = obj(absent, **dict.fromkeys(always, absent), **nobody)
        return of(Promise(choice((provider, True), (there, proof(provider, calling)), (missing, NO_FACTS))))

    return handle


def guarded(provider: str, role: str | None = None, owned: int | None = None) -> Handler:
    """An asynchronous call that fails without a session, this role, or where an argument's record is another's."""
    if role is None and owned is None:
        return guard(provider)

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return of(Promise(identity(provider), proven(provider, role, owned, given, calling), PLAIN))

    return handle


def proven(provider: str, role: str | None, owned: int | None, given: Arguments, calling: Calling) -> Facts:
    """What such a call proves."""
    facts = proof(provider, calling)
    if role is not None:
        facts |= {Role((role,), calling.span)}
    if owned is not None:
        facts |= owns(subjects(origins_of(given.at(owned))), calling.span)
    return facts


def verified(what: str, *, is_promised: bool = False) -> Handler:
    """A call that throws unless something is right that only the sender can have made: a signature."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        proven = authenticated(what, calling.span) | {Program(calling.span)}
        if is_promised:
            return of(Promise(PLAIN, proven, PLAIN))
        calling.may_fail()
        calling.prove(proven)
        return PLAIN

    return handle
