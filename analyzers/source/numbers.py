"""Arithmetic on whole numbers that the code itself names, as bits of a mask are written: `1 << 3`, `VIEW | DELETE`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeGuard

from preship.analyzers.source.tree import Binary, Expression, Index, Literal, Member, Name, Unary

MOST_BITS = 64
"""How wide a mask may be: wider ones than 32 bits are those of a `bigint`."""

_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    ">>>": lambda a, b: a >> b,
    "**": lambda a, b: a**b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
}
COMBINING = frozenset(_OPERATORS)
_BASE = 2
_SHIFTS = frozenset({"<<", ">>", ">>>", "**"})


def combined(operator: str, first: object, second: object) -> int | None:
    """What an operator on bits makes of two numbers; None for anything else, and for more than a mask holds."""
    if not (is_whole(first) and is_whole(second)) or operator not in _OPERATORS:
        return None
    if operator in _SHIFTS and not (0 <= second < MOST_BITS and abs(first) < 1 << MOST_BITS):
        return None
    if operator == "**" and first != _BASE:
        return None
    return _OPERATORS[operator](first, second)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether something is a whole number, and no answer."""
    return isinstance(value, int) and not isinstance(value, bool)


def constant(node: Expression, members: Mapping[str, int], owner: str) -> int | None:
    """The number that a member of an enumeration is given, by numbers and by members before it.

    https://www.typescriptlang.org/docs/handbook/enums.html#computed-and-constant-members
    """
    if isinstance(node, Literal):
        return node.value if is_whole(node.value) else None
    if isinstance(node, Name):
        return members.get(node.name)
    if isinstance(node, Member) and isinstance(node.object, Name) and node.object.name == owner:
        return members.get(node.name)
    if isinstance(node, Index) and isinstance(node.object, Name) and node.object.name == owner:
        return members.get(str(node.key.value)) if isinstance(node.key, Literal) else None
    if isinstance(node, Unary) and node.operator in {"~", "-"}:
        held = constant(node.operand, members, owner)
        return None if held is None else ~held if node.operator == "~" else -held
    if isinstance(node, Binary):
        return combined(node.operator, constant(node.left, members, owner), constant(node.right, members, owner))
    return None
