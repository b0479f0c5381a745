"""Names: which name means which variable, wherever it is used."""

from __future__ import annotations


class Cell:
    """One variable of one activation; compares by identity."""

    __slots__ = ("held", "is_shared", "name")

    def __init__(self, name: str, *, is_shared: bool = False) -> None:
        self.name = name
        self.is_shared = is_shared
        """Whether it is a variable of a module that functions assign: it outlives every call."""

        self.held: object = None
        """The value that the last path which is over left in it; kept here, it goes when nobody sees the variable."""

    def __repr__(self) -> str:
        return f"Cell({self.name})"


class Scope:
    """The names of a block, a function or a module, and the scope around it."""

    __slots__ = ("cells", "module", "parent")

    def __init__(self, parent: Scope | None, module: str) -> None:
        self.parent = parent
        self.module = module
        self.cells: dict[str, Cell] = {}

    def declare(self, name: str, *, is_shared: bool = False) -> Cell:
        """A new cell for a name of this scope; the same one if it is declared already."""
        cell = self.cells.get(name)
        if cell is None:
            cell = self.cells[name] = Cell(name, is_shared=is_shared)
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
