"""Conditions: the two paths behind a test, and what each has proven."""

from __future__ import annotations

from analyzers.flow.configuration import configured
from analyzers.flow.library import PathEnded
from analyzers.flow.machine import Frame, Machine, choice_at
from analyzers.flow.scope import Scope
from analyzers.flow.state import State, join
from analyzers.flow.values import Value, assuming, is_nullish, keeping
from analyzers.source import tree

Paths = tuple[State | None, State | None]


def branch(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Paths:
    """The paths on which an expression is truthy and falsy. Takes `state` over."""
    if isinstance(node, tree.Unary) and node.operator == "!":
        true, false = branch(m, node.operand, frame, scope, state)
        return false, true
    if isinstance(node, tree.Logical) and node.operator != "??":
        return logical(m, node, frame, scope, state)
    if isinstance(node, tree.Binary) and node.operator in {"==", "!=", "===", "!=="}:
        compared = against_nullish(m, node, frame, scope, state)
        if compared is not None:
            return compared if node.operator[0] == "=" else (compared[1], compared[0])
    return tested(m, node, frame, scope, state)


def logical(m: Machine, node: tree.Logical, frame: Frame, scope: Scope, state: State) -> Paths:
    """`a && b`, `a || b`."""
    true, false = branch(m, node.left, frame, scope, state)
    goes_on = true if node.operator == "&&" else false
    if goes_on is None:
        return true, false
    try:
        second_true, second_false = branch(m, node.right, frame, scope, goes_on)
    except PathEnded:
        second_true = second_false = None
    if node.operator == "&&":
        return second_true, join(false, second_false, (choice_at(node, frame), "falsy"))
    return join(true, second_true, (choice_at(node, frame), "truthy")), second_false


def tested(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Paths:
    """Any other expression, by the truth of its value."""
    value = m.evaluate(node, frame, scope, state)
    return configured(
        node,
        value,
        assumed(node, assuming(value, truthy=True), frame, scope, state.fork()),
        assumed(node, assuming(value, truthy=False), frame, scope, state),
    )


def assumed(
    node: tree.Expression,
    answer: tuple[Value, frozenset] | None,  # type: ignore[type-arg]
    frame: Frame,
    scope: Scope,
    state: State,
) -> State | None:
    """The path on which a value is one of the alternatives left."""
    if answer is None:
        return None
    value, facts = answer
    frame.prove(facts, node.span, state)
    if isinstance(node, tree.Name):
        cell = scope.find(node.name)
        if cell is not None and cell in state.store:
            state.store[cell] = value
    elif isinstance(node, tree.Assign) and isinstance(node.target, tree.NamePattern):
        cell = scope.find(node.target.name)
        if cell is not None:
            state.store[cell] = value
    return state


def against_nullish(m: Machine, node: tree.Binary, frame: Frame, scope: Scope, state: State) -> Paths | None:
    """`x === null`, `x == undefined`: tells the nullish alternatives of a value apart; None for other comparisons."""
    operand = other_than_nullish(node)
    if operand is None:
        return None
    value = m.evaluate(operand, frame, scope, state)
    nullish = [a for a in value.alternatives if is_nullish(a.shape)]
    if not nullish:
        return tested(m, node, frame, scope, state)
    others = [a for a in value.alternatives if not is_nullish(a.shape)]
    return (
        assumed(operand, keeping(value, nullish), frame, scope, state.fork()),
        assumed(operand, keeping(value, others), frame, scope, state),
    )


def other_than_nullish(node: tree.Binary) -> tree.Expression | None:
    """What is compared with `null` or `undefined`."""
    if is_nullish_literal(node.right):
        return node.left
    if is_nullish_literal(node.left):
        return node.right
    return None


def is_nullish_literal(node: tree.Expression) -> bool:
    if isinstance(node, tree.Literal):
        return node.value is None
    return isinstance(node, tree.Name) and node.name == "undefined"
