"""Conditions: the two paths behind a test, and what each has proven."""

from __future__ import annotations

from collections.abc import Callable

from preship.analyzers.conventions.fields import EXPECTED_ERROR_FIELD
from preship.analyzers.flow.configuration import configured
from preship.analyzers.flow.facts import NO_FACTS, Absent, Facts, Valid, shown_of
from preship.analyzers.flow.instances import instance_of
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Frame, Machine, choice_at
from preship.analyzers.flow.operators import type_check
from preship.analyzers.flow.origins import Caught, Input
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.unions import told_apart
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    Array,
    Blueprint,
    Closure,
    Constant,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    assuming,
    is_nullish,
    keeping,
    of,
)
from preship.analyzers.source import tree

Paths = tuple[State | None, State | None]


def branch(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Paths:
    """The paths on which an expression is truthy and falsy. Takes `state` over."""
    if isinstance(node, tree.Unary) and node.operator == "!":
        true, false = branch(m, node.operand, frame, scope, state)
        return false, true
    if isinstance(node, tree.Logical) and node.operator != "??":
        return logical(m, node, frame, scope, state)
    if isinstance(node, tree.Binary) and node.operator in {"!=", "!=="} and kind_asked(opposite(node)) is not None:
        true, false = branch(m, opposite(node), frame, scope, state)
        return false, true
    if isinstance(node, tree.Binary) and node.operator in {"==", "!=", "===", "!=="}:
        compared = against_nullish(m, node, frame, scope, state)
        if compared is not None:
            return compared if node.operator[0] == "=" else (compared[1], compared[0])
    return tested(m, node, frame, scope, state)


def opposite(node: tree.Binary) -> tree.Binary:
    """`a === b` for `a !== b`."""
    return tree.Binary(node.span, node.operator.replace("!", "="), node.left, node.right)


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
    true = assumed(node, assuming(value, truthy=True), frame, scope, state.fork())
    false = assumed(node, assuming(value, truthy=False), frame, scope, state)
    if true is not None:
        frame.prove(marked_for_callers(node, value), node.span, true)
    note_whether_given(node, value, true, false, frame)
    for path, answer in ((true, True), (false, False)):
        if path is not None:
            frame.prove(told_apart(node, scope, path, truthy=answer), node.span, path)
    true, false = configured(node, value, true, false)
    kind = kind_asked(node)
    if kind is None:
        return true, false
    return of_kind(m, *kind, true, frame, scope), of_kind(m, *kind, false, frame, scope, is_it=False)


def note_whether_given(
    node: tree.Expression, value: Value, there: State | None, absent: State | None, frame: Frame
) -> None:
    """What is known on either path behind a test of what a caller may leave out."""
    given = given_in(node, value)
    if given is None:
        return
    if there is not None:
        frame.prove(shown_of(given, there.facts), node.span, there)
    if absent is not None:
        frame.prove(frozenset({Absent(given, node.span)}), node.span, absent)


def given_in(node: tree.Expression, value: Value) -> Input | None:
    """The input that an expression is, as it was sent or parsed: what is computed of one may be false with it there."""
    if not isinstance(node, tree.Name | tree.Member):
        return None
    shapes = [a.shape for a in value.alternatives if not is_nullish(a.shape) and not is_empty(a.shape)]
    found = {o for shape in shapes if isinstance(shape, Unknown) and is_as_sent(shape) for o in shape.origins}
    if len(found) != 1 or not all(isinstance(shape, Unknown) and is_as_sent(shape) for shape in shapes):
        return None
    (origin,) = found
    return origin if isinstance(origin, Input) else None


def is_empty(shape: Shape) -> bool:
    """Whether something is what stands in for an input that was left out, as false as that: `flag = false`."""
    return isinstance(shape, Constant) and not shape.value


def is_as_sent(shape: Unknown) -> bool:
    """Whether something is what a caller sends, and no answer of a test of it."""
    return not (shape.when_true or shape.when_false) and (shape.is_checked or not shape.is_primitive)


Judge = Callable[[Machine, Shape, Frame, Scope, State], Value]
"""Whether something is of a kind, as a value."""


def kind_asked(node: tree.Expression) -> tuple[tree.Name, Judge] | None:
    """The variable of which an expression asks of what kind it is, and how."""
    if isinstance(node, tree.Call) and is_list_test(node.callee):
        operand = node.arguments[0] if node.arguments else None
        return (operand, lambda m, shape, *here: is_list(shape)) if isinstance(operand, tree.Name) else None
    if not isinstance(node, tree.Binary):
        return None
    left, right = node.left, node.right
    if node.operator == "instanceof" and isinstance(left, tree.Name):

        def is_instance(m: Machine, shape: Shape, frame: Frame, scope: Scope, state: State) -> Value:
            return instance_of(m, of(shape), m.evaluate(right, frame, scope, state), frame, state, node.span)

        return left, is_instance
    asked = left.operand if isinstance(left, tree.Unary) and left.operator == "typeof" else None
    if isinstance(asked, tree.Name) and isinstance(right, tree.Literal) and node.operator in {"==", "==="}:
        return asked, lambda m, shape, *here: type_check(of(shape), str(right.value), node.span)
    return None


def is_list_test(callee: tree.Expression) -> bool:
    """`Array.isArray`."""
    if not isinstance(callee, tree.Member) or callee.name != "isArray":
        return False
    return isinstance(callee.object, tree.Name) and callee.object.name == "Array"


def is_list(shape: Shape) -> Value:
    """Whether something is a list, where that is known: an object that more may be spread into could be anything."""
    if isinstance(shape, Array):
        return TRUE_VALUE
    is_written_out = isinstance(shape, Object) and shape.brand is None and shape.rest is None
    return FALSE_VALUE if is_written_out or isinstance(shape, Constant | Closure | Blueprint | Promise) else PLAIN


def of_kind(
    m: Machine,
    operand: tree.Name,
    judge: Judge,
    path: State | None,
    frame: Frame,
    scope: Scope,
    *,
    is_it: bool = True,
) -> State | None:
    """The path on which a variable is, or is not, of a kind; None where it can only be the other."""
    cell = scope.find(operand.name)
    if path is None or cell is None or cell not in path.store:
        return path
    held = path.store[cell]
    kept = [a for a in held.alternatives if assuming(judge(m, a.shape, frame, scope, path), truthy=is_it) is not None]
    if len(kept) == len(held.alternatives):
        return path
    return assumed(operand, keeping(held, kept), frame, scope, path)


def marked_for_callers(node: tree.Expression, value: Value) -> Facts:
    """What it proves that a caught exception bears a mark: it is one of the code's own."""
    if not isinstance(node, tree.Member) or not EXPECTED_ERROR_FIELD.matches(node.name):
        return NO_FACTS
    shapes = [a.shape for a in value.alternatives if isinstance(a.shape, Unknown)]
    is_caught = any(isinstance(o, Caught) for shape in shapes for o in shape.origins)
    return frozenset({Valid(Caught(), node.span)}) if is_caught else NO_FACTS


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
    """`x === null`, `x == undefined`: tells the nullish alternatives of a value apart; None for other comparisons.

    Of `row?.deletedAt === null`, the row is there: what is cut short is `undefined`, and a column may be `null`.
    """
    operand = other_than_nullish(node)
    if operand is None:
        return None
    value = m.evaluate(operand, frame, scope, state)
    nullish = [a for a in value.alternatives if is_nullish(a.shape)]
    if not nullish:
        absent, there = tested(m, node if node.operator[0] == "=" else opposite(node), frame, scope, state)
        note_whether_given(operand, value, there, absent, frame)
        return absent, there
    perhaps = [a for a in value.alternatives if may_be_nullish(a.shape)]
    if perhaps and len(node.operator) == len("==="):
        nullish = [a for a in nullish if is_null(a.shape) is asks_for_null(node)]
    others = [a for a in value.alternatives if a not in nullish]
    absent = assumed(operand, keeping(value, [*nullish, *perhaps], Truth.FALSY), frame, scope, state.fork())
    there = assumed(operand, keeping(value, others), frame, scope, state)
    note_whether_given(operand, value, there, absent, frame)
    return absent, there


def may_be_nullish(shape: Shape) -> bool:
    """Whether something of which not all is known may be `null` or `undefined`, as a column that is empty."""
    return isinstance(shape, Unknown) and shape.truth is not Truth.TRUTHY and not shape.is_primitive


def is_null(shape: Shape) -> bool:
    """Whether it is `null`, and not `undefined`."""
    return isinstance(shape, Constant) and shape.value is None


def asks_for_null(node: tree.Binary) -> bool:
    """Whether a comparison is with `null`, and not with `undefined`."""
    return any(isinstance(side, tree.Literal) and side.value is None for side in (node.left, node.right))


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
