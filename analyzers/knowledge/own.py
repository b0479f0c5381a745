"""What a repository says of its own functions, where their code does not tell: its guards and its wrappers.

A row proves what its repository declares, and nothing else: what the function does besides is still followed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from preship.analyzers.flow.facts import NO_FACTS, Facts, Role, authenticated, owns
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import subjects
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    Alternative,
    Library,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    choice,
    of,
    origins_of,
    truth_of,
)
from preship.analyzers.knowledge.rows import Handler, LibraryModel, identity, native

OWN = "declared by the repository"
"""The root of a function of the repository with a row of its own."""

Place = tuple[str, str]
"""A function: the file of the repository, or how other code is imported; and its name there, with dots inside."""


class Proof(StrEnum):
    """What a function proves."""

    AUTHENTICATION = "authentication"
    """The caller has an identity."""

    ROLE = "role"
    """The caller has an identity, and a role or permission."""

    OWNERSHIP = "ownership"
    """The caller has an identity, and what one argument names belongs to them."""


class Passed(StrEnum):
    """What a wrapper hands to its callback."""

    SESSION = "session"
    """The caller's identity."""

    ARGUMENTS = "arguments"
    """What the wrapped function was called with, all of it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A function that proves something of the caller."""

    place: Place
    proves: Proof
    role: str = ""
    """What the role is called; empty where it proves none, or where nobody says."""

    argument: int = 0
    """Which argument names what belongs to the caller, from 0."""

    is_answer: bool = False
    """Whether a truthy answer proves it; otherwise it throws or redirects without the proof."""

    is_async: bool = True
    """Whether it has to be awaited. Only asked where its code cannot be read."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function that takes a function, and gives one that calls it for proven callers alone."""

    place: Place
    proves: Proof = Proof.AUTHENTICATION
    """No ownership: a wrapper knows no record."""

    role: str = ""
    callback: int = 0
    """Which argument is called, from 0."""

    passes: tuple[Passed, ...] = (Passed.ARGUMENTS,)
    """What it is called with."""


Row = Guard | Wrapper


def library_models(rows: Sequence[Row], unresolved: str) -> tuple[LibraryModel, ...]:
    """The rows as those of packages and of modules that are not in the tree, whose roots begin with `unresolved`."""
    return (*(_model(row, unresolved) for row in rows), LibraryModel(frozenset({OWN}), OWN, otherwise=called))


def _model(row: Row, unresolved: str) -> LibraryModel:
    module, name = row.place
    return LibraryModel(frozenset({module, unresolved + module}), OWN, {tuple(name.split(".")): handler(row)})


def by_place(rows: Sequence[Row]) -> Mapping[Place, Row]:
    """The rows by the function that they speak of."""
    return {row.place: row for row in rows}


def declared(row: Row, function: Value) -> Value:
    """A function of the repository with what is declared of it."""
    return of(Library(OWN, (), (row, function)))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call of a function of the repository that has a row."""
    row, function = library.state
    assert isinstance(function, Value)  # noqa: S101
    if isinstance(row, Wrapper):
        return wrapped(row, given)
    assert isinstance(row, Guard)  # noqa: S101
    return guarded(row, calling.call(function, given), given, calling)


def handler(row: Row) -> Handler:
    """The row of a function whose code is not in the tree."""
    return lambda library, given, calling: unread(row, given, calling)


def unread(row: Row, given: Arguments, calling: Calling) -> Value:
    """A call of it: its callbacks may run, and it proves what is declared."""
    if isinstance(row, Wrapper):
        return wrapped(row, given)
    for value in given.all():
        calling.run_callbacks(value)
    found = answer_of(row)
    return guarded(row, of(Promise(found, NO_FACTS, PLAIN)) if row.is_async else found, given, calling)


def answer_of(guard: Guard) -> Value:
    """What a function gives whose code cannot be read: the caller, or a record, or neither."""
    is_record = guard.proves is Proof.OWNERSHIP
    there = of(Unknown(frozenset(), Truth.TRUTHY)) if is_record else identity(called_as(guard))
    return choice((guard.place, "answer"), (there, NO_FACTS), (NULL_VALUE, NO_FACTS)) if guard.is_answer else there


def guarded(guard: Guard, result: Value, given: Arguments, calling: Calling) -> Value:
    """What a guard gives, with what it proves: at once, or where its promise is awaited."""
    facts = proven(guard, given, calling)
    if all(isinstance(a.shape, Promise) for a in result.alternatives):
        return Value(tuple(Alternative(promised(guard, a.shape, facts), a.under) for a in result.alternatives))
    if guard.is_answer:
        return answering(guard, result, facts)
    calling.may_fail()
    calling.prove(facts)
    return identified(guard, result)


def promised(guard: Guard, promise: Shape, facts: Facts) -> Shape:
    """A guard's promise."""
    assert isinstance(promise, Promise)  # noqa: S101
    if guard.is_answer:
        return replace(promise, value=answering(guard, promise.value, facts))
    value = identified(guard, promise.value)
    return Promise(value, promise.facts | facts, promise.rejection or PLAIN)


def answering(guard: Guard, answer: Value, facts: Facts) -> Value:
    """An answer whose truth proves something."""
    return Value(tuple(proving(a, facts) for a in identified(guard, answer).alternatives))


def proving(answer: Alternative, facts: Facts) -> Alternative:
    """One answer: surely no, surely yes, or either."""
    if isinstance(answer.shape, Unknown) and answer.shape.truth is Truth.MAYBE:
        shape = replace(answer.shape, when_true=answer.shape.when_true | facts)
        return Alternative(shape, answer.under)
    return answer if truth_of(answer.shape) is Truth.FALSY else Alternative(answer.shape, answer.under | facts)


def identified(guard: Guard, value: Value) -> Value:
    """What a guard gives: the caller, where its code does not tell what it is."""
    if guard.proves is Proof.OWNERSHIP or not any(isinstance(o, Unfollowed) for o in origins_of(value)):
        return value
    kept = tuple(a for a in value.alternatives if truth_of(a.shape) is Truth.FALSY)
    return Value((*kept, *identity(called_as(guard)).alternatives))


def proven(row: Row, given: Arguments, calling: Calling) -> Facts:
    """What a row proves of the caller."""
    facts = authenticated(f"{called_as(row)}, as the configuration declares", calling.span)
    if row.proves is Proof.ROLE:
        facts |= {Role((row.role or called_as(row),), calling.span)}
    if row.proves is Proof.OWNERSHIP and isinstance(row, Guard):
        facts |= owns(subjects(origins_of(given.at(row.argument))), calling.span)
    return facts


def wrapped(wrapper: Wrapper, given: Arguments) -> Value:
    """What a wrapper makes of its callback."""
    callback = given.at(wrapper.callback)

    def call(calling: Calling, arguments: Arguments) -> Value:
        calling.may_fail()
        calling.prove(proven(wrapper, arguments, calling))
        return calling.call(callback, passed(wrapper, arguments))

    return native(called_as(wrapper), call)


def passed(wrapper: Wrapper, arguments: Arguments) -> Arguments:
    """The arguments of the callback."""
    session = (identity(called_as(wrapper)),)
    if Passed.ARGUMENTS not in wrapper.passes:
        return Arguments(session * len(wrapper.passes))
    place = wrapper.passes.index(Passed.ARGUMENTS)
    behind = session * (len(wrapper.passes) - place - 1)
    return Arguments((*session * place, *arguments.values), arguments.rest, behind)


def called_as(row: Row) -> str:
    """What a sentence calls a function."""
    return row.place[1]
