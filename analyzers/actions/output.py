"""What of an answer its caller should not get: whole records, caught messages, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.flow.facts import Caught, Facts, Secret, Stored, Valid
from analyzers.flow.operators import record_of
from analyzers.flow.values import Object, Unknown, Value, parts_of

DEEPEST = 6
"""Objects inside objects that are looked through."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of an answer that holds something, as the client gets it."""

    shape: Unknown
    facts: Facts
    path: tuple[str, ...]
    """The fields that lead to it."""


def leaves(result: Value, facts: Facts, path: tuple[str, ...] = (), depth: int = DEEPEST) -> Iterator[Leaf]:
    """Everything in an answer of which only the origins are known."""
    for a in result.alternatives if depth else ():
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            yield Leaf(a.shape, held, path)
        elif isinstance(a.shape, Object):
            for name, value in a.shape.fields:
                yield from leaves(value, held, (*path, name), depth - 1)
            if a.shape.rest is not None:
                yield from leaves(a.shape.rest, held, path, depth - 1)
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from leaves(part, held, path, depth - 1)


def raw_records(result: Value, facts: Facts) -> Iterator[Stored]:
    """The records of a store that are handed out with all their columns."""
    for leaf in leaves(result, facts):
        if not leaf.shape.is_checked and not leaf.shape.is_primitive:
            yield from (record_of(o) for o in leaf.shape.origins if isinstance(o, Stored) and is_whole(o))


def is_whole(origin: Stored) -> bool:
    """Whether a value of this origin is a record with all its columns."""
    return origin.is_whole and not origin.path


def caught_messages(result: Value, facts: Facts) -> Iterator[Leaf]:
    """The parts of an answer that tell what a caught exception said."""
    for leaf in leaves(result, facts):
        told = [o for o in leaf.shape.origins if isinstance(o, Caught)]
        if not leaf.shape.is_checked and any(says_something(o) and not is_expected(o, leaf.facts) for o in told):
            yield leaf


CODES = frozenset({"code", "name", "status", "statusCode", "digest", "type", "length"})
"""Parts of an exception that name its kind and say nothing else."""


def says_something(origin: Caught) -> bool:
    """Whether a part of an exception is more than the name of its kind."""
    return not origin.path or origin.path[-1] not in CODES


def is_expected(origin: Caught, facts: Facts) -> bool:
    """Whether an exception is one of the project's own, by its class or by its name."""
    known = [f.subject.path for f in facts if isinstance(f, Valid) and isinstance(f.subject, Caught)]
    return any(path in ((), ("name",), origin.path) for path in known)


def secrets(result: Value, facts: Facts) -> Iterator[Secret]:
    """The secrets in an answer."""
    for leaf in leaves(result, facts):
        if not leaf.shape.is_checked:
            yield from (o for o in leaf.shape.origins if isinstance(o, Secret))
