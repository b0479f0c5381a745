"""Functions that only compute: once an action has spent its share on one, it is answered by what goes in.

Loggers, formatters and redactions are called from everywhere, with other values each time. Whether anything but a value
follows from them is asked once, for arguments of which nothing is known, so that every branch is taken.
"""

from __future__ import annotations

from preship.analyzers.flow import operators
from preship.analyzers.flow.effects import EffectKind, History
from preship.analyzers.flow.facts import NO_FACTS, Valid, proofs_among
from preship.analyzers.flow.library import Arguments
from preship.analyzers.flow.machine import Summary
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.values import Unknown, Value, parts_of, unknown
from preship.analyzers.source.once import once
from preship.analyzers.source.tree import Span

STEPS_OF_ONE_FUNCTION = 2_000
"""What one action or page may spend on executing one function with different arguments, if it only computes."""

WHY = "a function that is called too often"

ANY_ARGUMENTS = Arguments((), unknown({Unfollowed(WHY)}))
"""Of which nothing is known."""


def only_computes(made: Summary) -> bool:
    """Whether nothing follows from executing a function, whatever it is given, but its value.

    What could not be followed for arguments of which nothing is known was followed for those that it was given before.
    """
    does_something = any(effect.kind is not EffectKind.UNSEEN for effect in made.history.effects)
    refuses = made.sets_variables or made.rejection is not None or not made.returns
    return not (does_something or refuses or made.facts or proofs_in(made.value))


def widened(given: Arguments, computed: Value, span: Span) -> Summary:
    """One more execution of a function that only computes; `computed` is what it made of what it captures."""
    value = operators.opaque((*given.all(), computed), Unfollowed(WHY), span)
    return Summary(value, NO_FACTS, True, None, History(visited=frozenset({span})))


@once
def proofs_in(value: Value) -> frozenset[object]:
    """What is proven of the caller where a value, or a part of it, is what it may be."""
    found: set[object] = set()
    for a in value.alternatives:
        facts = a.under | a.shape.when_true | a.shape.when_false if isinstance(a.shape, Unknown) else a.under
        found.update(fact for fact in proofs_among(facts) if not isinstance(fact, Valid))
        found.update(*(proofs_in(part) for part in parts_of(a.shape) if part is not None))
    return frozenset(found)
