"""One path of an execution: what its variables hold and what has been proven on it."""

from __future__ import annotations

from dataclasses import dataclass

from preship.analyzers.flow.budget import Meter
from preship.analyzers.flow.facts import NO_FACTS, Case, Configured, Facts, Ways, agreed
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.scope import Cell
from preship.analyzers.flow.values import Value, possible, under, unite

FACTS_OF_A_STEP = 256
"""Variables or facts that are copied, and facts of values that are united, in the time of one step."""

OF_AN_ALTERNATIVE = 8
"""What an alternative of a value takes by itself where it is united, counted in facts."""


@dataclass(slots=True)
class State:
    """One path: what the cells hold and what has been proven. Changes in place; `fork` before a branch."""

    store: dict[Cell, Value]
    meter: Meter
    """What all paths of this execution may still spend together."""

    facts: Facts = NO_FACTS
    ambient: tuple[tuple[object, Value], ...] = ()
    """What surrounds the call without being passed to it: the stores of `AsyncLocalStorage`, by storage."""

    def fork(self) -> State:
        """A second path that starts here."""
        self.meter.take((len(self.store) + len(self.facts)) // FACTS_OF_A_STEP)
        return State(dict(self.store), self.meter, self.facts, self.ambient)

    def become(self, other: State) -> None:
        """Go on as another path."""
        self.store = other.store
        self.facts = other.facts
        self.ambient = other.ambient


def join(first: State | None, second: State | None, choice: object) -> State | None:
    """One path where two meet: facts intersect, values unite, each under what its own path had proven."""
    if first is None or second is None:
        return first or second
    facts = agreed(first.facts, second.facts)
    store = dict(first.store)
    own_first = (first.facts - facts) | {Case(Ways(choice), 0)}
    own_second = (second.facts - facts) | {Case(Ways(choice), 1)}
    is_first_chosen, is_second_chosen = is_chosen(own_first), is_chosen(own_second)
    cost = len(second.store)
    for cell, value in second.store.items():
        other = store.get(cell)
        # What neither path has changed is by far the most.
        if other is value:
            continue
        if other is None or (is_first_chosen and takes_the_place(other, value)):
            store[cell] = value
        elif is_second_chosen and takes_the_place(value, other):
            continue
        elif other != value:
            store[cell] = unite(
                under(possible(other, first.facts), own_first), under(possible(value, second.facts), own_second)
            )
            cost += sum(len(a.under) + OF_AN_ALTERNATIVE for v in (other, value) for a in v.alternatives)
    first.meter.take(cost // FACTS_OF_A_STEP)
    return State(store, first.meter, facts, first.ambient)


def is_chosen(own: Facts) -> bool:
    """Whether the deployment has chosen a path, and no caller can."""
    return any(isinstance(fact, Configured) and not fact.is_behind for fact in own)


def takes_the_place(value: Value, other: Value) -> bool:
    """Whether a value that the deployment has chosen stands where there is a session else: a login for who develops.

    Who calls cannot choose it, and what is asked of the session is asked of everybody else.
    """
    return bears_a_session(other) and not bears_a_session(value)


def bears_a_session(value: Value) -> bool:
    """Whether a value comes from a verified session."""
    return any(isinstance(o, Session) and o.is_verified for o in value.origins)
