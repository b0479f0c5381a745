"""Variables: which name means which cell, and what the cells hold on a path."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.flow.facts import NO_FACTS, Case, Facts
from analyzers.flow.values import Value, possible, under, unite


class Cell:
    """One variable of one activation; compares by identity."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Cell({self.name})"


class Scope:
    """The names of a block, a function or a module, and the scope around it."""

    __slots__ = ("cells", "module", "parent")

    def __init__(self, parent: Scope | None, module: str) -> None:
        self.parent = parent
        self.module = module
        self.cells: dict[str, Cell] = {}

    def declare(self, name: str) -> Cell:
        """A new cell for a name of this scope; the same one if it is declared already."""
        cell = self.cells.get(name)
        if cell is None:
            cell = self.cells[name] = Cell(name)
        return cell

    def find(self, name: str) -> Cell | None:
        """The cell that a name means here; None for names of the module, or of nobody."""
        scope: Scope | None = self
        while scope is not None:
            cell = scope.cells.get(name)
            if cell is not None:
                return cell
            scope = scope.parent
        return None


@dataclass(slots=True)
class State:
    """One path: what the cells hold and what has been proven. Changes in place; `fork` before a branch."""

    store: dict[Cell, Value]
    facts: Facts = NO_FACTS

    def fork(self) -> State:
        """A second path that starts here."""
        return State(dict(self.store), self.facts)

    def become(self, other: State) -> None:
        """Go on as another path."""
        self.store = other.store
        self.facts = other.facts


def join(first: State | None, second: State | None, choice: object) -> State | None:
    """One path where two meet: facts intersect, values unite, each under what its own path had proven."""
    if first is None or second is None:
        return first or second
    facts = first.facts & second.facts
    store = dict(first.store)
    own_first = (first.facts - facts) | {Case(choice, 0)}
    own_second = (second.facts - facts) | {Case(choice, 1)}
    for cell, value in second.store.items():
        other = store.get(cell)
        if other is None:
            store[cell] = value
        elif other is not value and other != value:
            store[cell] = unite(
                under(possible(other, first.facts), own_first), under(possible(value, second.facts), own_second)
            )
    return State(store, facts)
