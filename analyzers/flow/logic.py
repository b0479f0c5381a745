"""Operators that choose or compare: `!`, `&&`, `||`, `??`, `?:`, `===`, `in`, `instanceof`."""

from __future__ import annotations

from preship.analyzers.flow import operators
from preship.analyzers.flow.conditions import assumed
from preship.analyzers.flow.configuration import without_stand_ins
from preship.analyzers.flow.facts import weakened
from preship.analyzers.flow.instances import instance_of
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Frame, Machine, attempt, choice_at
from preship.analyzers.flow.networks import note_number
from preship.analyzers.flow.promises import note_unlisted
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Constant,
    Object,
    Truth,
    Unknown,
    Value,
    field_of,
    is_nullish,
    keeping,
    of,
    origins_of,
    text_of,
    under,
    unite,
)
from preship.analyzers.source import tree
from preship.analyzers.source.numbers import is_whole


def unary(m: Machine, node: tree.Unary, frame: Frame, scope: Scope, state: State) -> Value:
    if node.operator == "!":
        return decided(m, node, frame, scope, state)
    value = m.evaluate(node.operand, frame, scope, state)
    if node.operator == "void":
        note_unlisted(value, frame, state, node.span)
        return UNDEFINED_VALUE
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if node.operator == "-" and isinstance(shape, Constant) and isinstance(shape.value, int | float):
        return of(Constant(-shape.value))
    if node.operator == "~" and isinstance(shape, Constant) and is_whole(shape.value):
        return of(Constant(~shape.value))
    # Every unary operator that is left gives a number or a boolean, whatever it is given.
    return of(Unknown(origins_of(value), is_checked=True, is_primitive=True))


def binary(m: Machine, node: tree.Binary, frame: Frame, scope: Scope, state: State) -> Value:
    left = node.left
    if node.operator in EQUALITIES and isinstance(left, tree.Unary) and left.operator == "typeof":
        return typeof_equality(m, node, left.operand, frame, scope, state)
    first = m.evaluate(left, frame, scope, state)
    second = m.evaluate(node.right, frame, scope, state)
    if node.operator in EQUALITIES:
        note_number(first, second, frame, state, node.span)
        result = operators.equal(first, second, node.span, loosely=len(node.operator) == 2)
        return operators.negated(result) if node.operator.startswith("!") else result
    if node.operator == "in":
        return contains_key(first, second, node.span)
    if node.operator == "instanceof":
        return instance_of(m, first, second, frame, state, node.span)
    if node.operator in {"<", ">", "<=", ">="}:
        return operators.ordered(node.operator, first, second, node.span)
    if node.operator == "&":
        return operators.masked(first, second, node.span)
    return operators.arithmetic(node.operator, first, second)


EQUALITIES = frozenset({"===", "!==", "==", "!="})


def typeof_equality(
    m: Machine, node: tree.Binary, operand: tree.Expression, frame: Frame, scope: Scope, state: State
) -> Value:
    wanted = text_of(m.evaluate(node.right, frame, scope, state))
    value = m.evaluate(operand, frame, scope, state)
    result = operators.type_check(value, wanted, node.span) if wanted else PLAIN
    return operators.negated(result) if node.operator.startswith("!") else result


def contains_key(key: Value, owner: Value, span: tree.Span) -> Value:
    """`key in owner`: tells the alternatives of `owner` apart."""
    text = text_of(key)
    found: list[Value] = []
    for a in owner.alternatives:
        shape = a.shape
        if isinstance(shape, Object) and text is not None:
            value = field_of(shape, text)
            if value is None:
                answer = FALSE_VALUE
            elif value is shape.rest:
                answer = PLAIN
            else:
                answer = of(Constant(True))
        else:
            answer = operators.contains(of(shape), key, span)
        found.append(under(answer, a.under))
    return unite(*found)


def decided(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Value:
    """A condition as a value: each answer brings what its path proved."""
    true, false = m.branch(node, frame, scope, state.fork())
    merged = join(true, false, choice_at(node, frame))
    if merged is None:
        raise PathEnded
    found: list[Value] = []
    for path, answer in ((true, True), (false, False)):
        if path is not None:
            found.append(under(of(Constant(answer)), path.facts - merged.facts))
    state.become(merged)
    return unite(*found)


def logical(m: Machine, node: tree.Logical, frame: Frame, scope: Scope, state: State) -> Value:
    first = m.evaluate(node.left, frame, scope, state)
    if node.operator == "??":
        stays = [a for a in first.alternatives if not is_nullish(a.shape)]
        goes = [a for a in first.alternatives if is_nullish(a.shape) or maybe_missing(a)]
        kept = keeping(first, stays)
        left = keeping(first, goes)
    else:
        kept, left = operands(first, wants_truth=node.operator == "||")
    if left is None:
        return first
    other = assumed(node.left, left, frame, scope, state.fork())
    second: Value | None = None

    def run(path: State) -> None:
        nonlocal second
        second = m.evaluate(node.right, frame, scope, path)

    path = attempt(run, other) if other is not None else None
    if kept is None:
        if path is None or second is None:
            raise PathEnded
        state.become(path)
        return second
    either_way = (kept[1] & left[1]) - state.facts
    state.facts |= kept[1]
    merged = join(state, path, choice_at(node, frame))
    if merged is None:
        raise PathEnded
    if path is not None:
        # `session.user.id || ''` refuses nobody: what both ways have in common is only that nothing was null before.
        merged.facts -= either_way - weakened(either_way)
    result = under(kept[0], state.facts - merged.facts)
    if path is not None and second is not None:
        result = unite(result, under(second, path.facts - merged.facts))
    state.become(merged)
    return result


def maybe_missing(a: Alternative) -> bool:
    """Whether an unknown value may be nullish."""
    return isinstance(a.shape, Unknown) and a.shape.truth is not Truth.TRUTHY


def operands(
    first: Value, *, wants_truth: bool
) -> tuple[tuple[Value, frozenset] | None, tuple[Value, frozenset] | None]:  # type: ignore[type-arg]
    """The left operand where it is the result, and where it is not."""
    from preship.analyzers.flow.values import assuming

    return assuming(first, truthy=wants_truth), assuming(first, truthy=not wants_truth)


def conditional(m: Machine, node: tree.Conditional, frame: Frame, scope: Scope, state: State) -> Value:
    true, false = m.branch(node.test, frame, scope, state.fork())
    results: list[tuple[Value, State]] = []
    for path, expression in ((true, node.then), (false, node.otherwise)):
        if path is None:
            continue
        try:
            results.append((m.evaluate(expression, frame, scope, path), path))
        except PathEnded:
            continue
    if not results:
        raise PathEnded
    if len(results) == 1:
        state.become(results[0][1])
        return results[0][0]
    merged = join(results[0][1], results[1][1], choice_at(node, frame))
    assert merged is not None  # noqa: S101
    state.become(merged)
    from preship.analyzers.flow.values import choice

    own = [(value, path.facts - merged.facts) for value, path in results]
    return unite(choice(choice_at(node, frame), *without_stand_ins(own)))
