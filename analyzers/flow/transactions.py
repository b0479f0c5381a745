"""What a transaction undoes: the changes that are made by what it hands to its callback, where that throws.

Who makes a change first, and asks within the transaction whose the record is, has asked in time.
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.flow.facts import Authenticated, Entitled, Facts, Owns, Role
from preship.analyzers.flow.values import Closure, Promise, Value
from preship.analyzers.source.once import once
from preship.analyzers.source.tree import Call, Function, Index, Member, Name, NamePattern, Node, Span
from preship.analyzers.source.walk import within_function


def proven_at_its_end(value: Value) -> Facts:
    """What was proven of the caller whenever a promise fulfils; nothing of what is no promise."""
    proven = [a.shape.facts if isinstance(a.shape, Promise) else frozenset() for a in value.alternatives]
    held = frozenset.intersection(*proven) if proven else frozenset()
    return frozenset(fact for fact in held if isinstance(fact, Authenticated | Entitled | Owns | Role))


def calls_by_it(work: Value) -> frozenset[Span]:
    """The calls in callbacks that are made by what they are handed, and not by another client."""
    closures = (a.shape for a in work.alternatives if isinstance(a.shape, Closure))
    return frozenset(span for closure in closures for span in calls_by_the_first_parameter(closure.function))


@once
def calls_by_the_first_parameter(function: Function) -> frozenset[Span]:
    """The places of such calls, of each of a chain."""
    first = function.body.parameters[0].pattern if function.body.parameters else None
    if not isinstance(first, NamePattern):
        return frozenset()
    calls = (node for node in within_function(function) if isinstance(node, Call))
    return frozenset(call.span for call in calls if first.name in names_at_the_root(call))


def names_at_the_root(node: Node) -> Iterator[str]:
    """The variable that a chain of calls and properties begins with."""
    while isinstance(node, Call | Member | Index):
        node = node.callee if isinstance(node, Call) else node.object
    if isinstance(node, Name):
        yield node.name
