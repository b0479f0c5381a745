"""Exceptions: what a handler may get, each on the path that throws it and with what had been proven there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from preship.analyzers.flow.facts import NO_FACTS, Facts, agreed, contradict, is_surely_known
from preship.analyzers.flow.machine import joined, outcome
from preship.analyzers.flow.origins import Caught, Failure
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.values import (
    Alternative,
    Shape,
    Truth,
    Unknown,
    Value,
    of,
    origins_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source.tree import Span

MOST_EXCEPTIONS = 20
"""Told apart where they are caught. The wrapper with the most in real code tells eleven classes apart."""

Thrown = tuple[Value, State]
"""What is thrown, and the path on which it is."""


def thrown(paths: Sequence[Thrown], known: Facts = NO_FACTS) -> Value | None:
    """What may have been thrown, if anything: each under what its path had proven beyond what is `known`."""
    if not paths:
        return None
    kept: dict[Shape, Facts] = {}
    for value, path in paths:
        for a in value.alternatives:
            held = a.under | (path.facts - known)
            kept[a.shape] = agreed(kept[a.shape], held) if a.shape in kept else held
    alternatives = [Alternative(shape, held) for shape, held in kept.items()]
    told, others = alternatives[:MOST_EXCEPTIONS], alternatives[MOST_EXCEPTIONS:]
    merged = [Value((Alternative(unknown_of(o.shape), o.under),)) for o in others]
    return unite(Value(tuple(told)), *merged)


def unknown_of(shape: Shape) -> Unknown:
    """An exception of which no more is told than what it says something of."""
    return Unknown(origins_of(of(shape)), Truth.TRUTHY)


def caught(
    paths: Sequence[Thrown], entry: State, by: Span, place: object, failing: Iterable[Failure] = ()
) -> Iterator[Thrown]:
    """What a handler may get, path by path: first what fails by itself, then each exception that the code makes.

    What fails by itself may do so anywhere in the body, before it has proven anything; `failing` says which calls.
    """
    made = exceptions(paths, place)
    start = joined([path for _, path in paths] or [entry.fork()], (place, "thrown"))
    assert start is not None  # noqa: S101
    start = start.fork()
    start.facts &= entry.facts
    failure = Caught(by=by, sources=frozenset(failing))
    rest = [under(told(value), path.facts - start.facts) for value, path in paths]
    yield unite(unknown({failure}, Truth.TRUTHY), *rest), start
    each = [(of(shape), path) for shape, path in made.items()]
    yield from each[:MOST_EXCEPTIONS]
    for known in (False, True):
        others = [(value, path) for value, path in each[MOST_EXCEPTIONS:] if is_surely_known(path.facts) is known]
        met = outcome(others, (place, "others", known))
        if met is not None:
            yield met


def exceptions(paths: Sequence[Thrown], place: object) -> dict[Shape, State]:
    """Each exception that the code itself makes, and the path on which it is thrown."""
    found: dict[Shape, State] = {}
    for value, path in paths:
        for a in value.alternatives:
            if isinstance(a.shape, Unknown) or contradict(path.facts, a.under):
                continue
            thrown_there = path.fork()
            thrown_there.facts |= a.under
            before = found.get(a.shape)
            met = join(before, thrown_there, (place, "thrown", len(found)))
            found[a.shape] = met if met is not None else thrown_there
    return found


def told(value: Value) -> Value:
    """What comes from somewhere of what is thrown: the rest, and what was thrown on as it came, fails by itself."""
    return Value(tuple(a for a in value.alternatives if isinstance(a.shape, Unknown) and is_told(a.shape)))


def is_told(shape: Unknown) -> bool:
    """Whether more is known of what is thrown than that it was caught before."""
    return any(not isinstance(o, Caught) or o.path for o in shape.origins)
