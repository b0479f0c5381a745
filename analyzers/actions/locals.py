"""What the variables at the top level of a module are, as far as the module itself tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.source.tree import (
    Declare,
    DeclareClass,
    DeclareFunction,
    Export,
    Expression,
    Function,
    Module,
    NamePattern,
    Span,
)


@dataclass(frozen=True, slots=True)
class Local:
    """One declaration of a variable."""

    span: Span
    """The whole declaration."""

    function: Function | None = None
    """The function that it plainly is."""

    value: Expression | None = None
    """What else initialises it."""

    is_class: bool = False
    is_wrapped: bool = False
    """True for an arrow function in parentheses, which the compiler takes for any other expression."""


class Locals:
    """The variables of one module by name; what destructuring binds is not among them."""

    def __init__(self, module: Module) -> None:
        self._by_name: dict[str, list[Local]] = {}
        for name, local in _declared(module):
            self._by_name.setdefault(name, []).append(local)

    def of(self, name: str) -> Local | None:
        """The last declaration of a variable: that one holds."""
        return self.all_of(name)[-1] if name in self._by_name else None

    def all_of(self, name: str) -> list[Local]:
        """Every declaration of a variable; `var` and functions may have several."""
        return self._by_name.get(name, [])

    def declares(self, export: Export) -> bool:
        """Whether an export is itself the declaration: `export const a`, not `export { a }`."""
        return any(_holds(export.span, local.span) for local in self.all_of(export.local or ""))


def _declared(module: Module) -> Iterator[tuple[str, Local]]:
    for statement in module.statements:
        if isinstance(statement, DeclareFunction):
            yield statement.name, Local(statement.span, function=statement.function)
        elif isinstance(statement, DeclareClass):
            yield statement.name, Local(statement.span, value=statement.value, is_class=True)
        elif isinstance(statement, Declare) and isinstance(statement.pattern, NamePattern):
            value = statement.value
            function = value if isinstance(value, Function) else None
            is_wrapped = function is not None and function.is_arrow and function.span.end != statement.span.end
            other = None if function else value
            yield statement.pattern.name, Local(statement.span, function, other, is_wrapped=is_wrapped)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
