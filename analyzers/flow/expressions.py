"""Expressions: what they evaluate to and what they do on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from analyzers.flow import operators
from analyzers.flow.collections import element_of, spread_into
from analyzers.flow.facts import NO_FACTS, Role, weakened
from analyzers.flow.library import Arguments, PathEnded
from analyzers.flow.machine import Frame, Machine, attempt, choice_at
from analyzers.flow.patterns import assign
from analyzers.flow.scope import Scope
from analyzers.flow.state import State, join
from analyzers.flow.values import (
    FALSE_VALUE,
    NULL_VALUE,
    PLAIN,
    UNDEFINED,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Library,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    field_of,
    is_nullish,
    keeping,
    of,
    origins_of,
    possible,
    text_of,
    under,
    unite,
    unknown,
    with_field,
)
from analyzers.source import tree

Evaluator = Callable[[Machine, "tree.Expression", Frame, Scope, State], Value]


def name(m: Machine, node: tree.Name, frame: Frame, scope: Scope, state: State) -> Value:
    return m.variable(node.name, frame, scope, state)


def literal(m: Machine, node: tree.Literal, frame: Frame, scope: Scope, state: State) -> Value:
    return of(Constant(node.value))


def regular_expression(m: Machine, node: tree.RegularExpression, frame: Frame, scope: Scope, state: State) -> Value:
    return of(Object((), None, "RegExp"))


def template(m: Machine, node: tree.Template, frame: Frame, scope: Scope, state: State) -> Value:
    values = [m.evaluate(v, frame, scope, state) for v in node.values]
    texts = [text_of(v) for v in values]
    if all(t is not None for t in texts):
        parts = [node.strings[0]]
        for text, string in zip(texts, node.strings[1:], strict=True):
            parts += [text or "", string]
        return of(Constant("".join(parts)))
    found = frozenset(o for v in values for o in origins_of(v))
    return of(Unknown(found, Truth.TRUTHY if any(node.strings) else Truth.MAYBE, is_primitive=True))


def tagged_template(m: Machine, node: tree.TaggedTemplate, frame: Frame, scope: Scope, state: State) -> Value:
    tag = m.evaluate(node.tag, frame, scope, state)
    values = [m.evaluate(v, frame, scope, state) for v in node.template.values]
    return m.tagged(tag, node.template.strings, values, frame, state, node.span)


def array(m: Machine, node: tree.ArrayLiteral, frame: Frame, scope: Scope, state: State) -> Value:
    items: list[Value] = []
    is_known = True
    for item in node.items:
        if item is None:
            items.append(UNDEFINED_VALUE)
        elif isinstance(item, tree.Spread):
            spread = m.evaluate(item.value, frame, scope, state)
            shape = spread.alternatives[0].shape if len(spread.alternatives) == 1 else None
            if isinstance(shape, Array) and shape.items is not None:
                items += shape.items
            else:
                is_known = False
                items.append(element_of(spread))
        else:
            items.append(m.evaluate(item, frame, scope, state))
    element = unite(*items) if items else UNDEFINED_VALUE
    return of(Array(tuple(items) if is_known else None, element))


def object_(m: Machine, node: tree.ObjectLiteral, frame: Frame, scope: Scope, state: State) -> Value:
    result = Object(())
    for prop in node.properties:
        if isinstance(prop, tree.Spread):
            result = spread_into(result, m.evaluate(prop.value, frame, scope, state))
            continue
        key = prop.key if isinstance(prop.key, str) else text_of(m.evaluate(prop.key, frame, scope, state))
        value = m.evaluate(prop.value, frame, scope, state)
        if prop.kind == "get":
            value = m.invoke(value, Arguments(), frame, state, prop.span)
        if key is None:
            result = replace(result, rest=unite(result.rest or UNDEFINED_VALUE, value))
        elif prop.kind != "set":
            result = with_field(result, key, value)
    return of(result)


def function(m: Machine, node: tree.Function, frame: Frame, scope: Scope, state: State) -> Value:
    value = of(Closure(node, scope, frame.this if node.is_arrow else None))
    m.made(node, value, state)
    return value


def class_(m: Machine, node: tree.Class, frame: Frame, scope: Scope, state: State) -> Value:
    return of(Blueprint(node, scope))


def this(m: Machine, node: tree.This, frame: Frame, scope: Scope, state: State) -> Value:
    return m.variable("this", frame, scope, state)


def chain(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Value:
    """A chain of members and calls, in which one `?.` on a nullish value gives `undefined` for all."""
    value, short = link(m, node, frame, scope, state)
    return unite(value, *short) if short else value


def link(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> tuple[Value, list[Value]]:
    """One link of a chain, and the alternatives that an earlier `?.` has cut short."""
    if isinstance(node, tree.Member | tree.Index):
        owner, short = link(m, node.object, frame, scope, state)
        owner, short = shortened(owner, short, is_optional=node.is_optional)
        return property_value(m, node, owner, frame, scope, state), short
    if isinstance(node, tree.Call):
        return call_link(m, node, frame, scope, state)
    return m.evaluate(node, frame, scope, state), []


def shortened(owner: Value, short: list[Value], *, is_optional: bool) -> tuple[Value, list[Value]]:
    """`owner` without its nullish alternatives where the link is optional: those end the chain."""
    if not is_optional:
        return owner, short
    nullish = [a for a in owner.alternatives if is_nullish(a.shape)]
    others = tuple(a for a in owner.alternatives if not is_nullish(a.shape))
    cut = [Value((Alternative(Constant(UNDEFINED), a.under),)) for a in nullish]
    return Value(others), short + cut


def property_value(
    m: Machine, node: tree.Member | tree.Index, owner: Value, frame: Frame, scope: Scope, state: State
) -> Value:
    """`owner.name` or `owner[key]`."""
    if not owner.alternatives:
        return owner
    if isinstance(node, tree.Member):
        return m.member(owner, node.name, frame, state, node.span)
    key = m.evaluate(node.key, frame, scope, state)
    text = text_of(key)
    shape = key.alternatives[0].shape if len(key.alternatives) == 1 else None
    if text is None and isinstance(shape, Constant) and isinstance(shape.value, int):
        text = str(shape.value)
    if text is not None:
        return m.member(owner, text, frame, state, node.span)
    inner = unite(*(indexed(a) for a in owner.alternatives if not is_nullish(a.shape)))
    return add_origins(inner, key)


def indexed(a: Alternative) -> Value:
    """Any property of an alternative."""
    shape = a.shape
    if isinstance(shape, Array):
        return under(unite(shape.element, UNDEFINED_VALUE), a.under)
    if isinstance(shape, Object):
        found = [v for _, v in shape.fields] + ([shape.rest] if shape.rest else [])
        return under(unite(*found, UNDEFINED_VALUE), a.under)
    if isinstance(shape, Library):
        return of(replace(shape, path=(*shape.path, "[]")))
    return unknown(origins_of(of(shape)))


def add_origins(value: Value, key: Value) -> Value:
    """A property chosen by a key carries the key's origins where it is data."""
    more = origins_of(key)
    if not more:
        return value
    return Value(
        tuple(
            Alternative(replace(a.shape, origins=a.shape.origins | more), a.under)
            if isinstance(a.shape, Unknown)
            else a
            for a in value.alternatives
        )
    )


def call_link(m: Machine, node: tree.Call, frame: Frame, scope: Scope, state: State) -> tuple[Value, list[Value]]:
    """A call as a link of a chain."""
    callee = node.callee
    if isinstance(callee, tree.Super):
        return m.super_call(arguments(m, node.arguments, frame, scope, state), frame, scope, state, node.span), []
    if isinstance(callee, tree.Member | tree.Index):
        return method_link(m, node, callee, frame, scope, state)
    function_value, short = link(m, callee, frame, scope, state)
    function_value, short = shortened(function_value, short, is_optional=node.is_optional)
    if not function_value.alternatives:
        return function_value, short
    given = arguments(m, node.arguments, frame, scope, state)
    return m.invoke(function_value, given, frame, state, node.span), short


def method_link(
    m: Machine, node: tree.Call, callee: tree.Member | tree.Index, frame: Frame, scope: Scope, state: State
) -> tuple[Value, list[Value]]:
    """`owner.name(…)` as a link of a chain."""
    owner, short = link(m, callee.object, frame, scope, state)
    owner, short = shortened(owner, short, is_optional=callee.is_optional)
    if not owner.alternatives:
        return owner, short
    if isinstance(callee, tree.Index):
        found = property_value(m, callee, owner, frame, scope, state)
        return m.invoke(found, arguments(m, node.arguments, frame, scope, state), frame, state, node.span, owner), short
    given = arguments(m, node.arguments, frame, scope, state)
    result = m.call_method(owner, callee.name, given, frame, state, node.span)
    write_back(m, callee, owner, given, frame, scope, state)
    return result, short


def write_back(
    m: Machine, callee: tree.Member, owner: Value, given: Arguments, frame: Frame, scope: Scope, state: State
) -> None:
    """A method that changes its list or object changes the variable that holds it."""
    if callee.name not in {"push", "unshift", "set", "add", "append"} or not isinstance(callee.object, tree.Name):
        return
    cell = scope.find(callee.object.name)
    if cell is None or len(owner.alternatives) != 1 or not given.values:
        return
    shape = owner.alternatives[0].shape
    if isinstance(shape, Array):
        added = unite(*given.all())
        known = (*shape.items, *given.values) if shape.items is not None and not given.rest else None
        known = None if frame.rounds else known
        element = unite(shape.element, added) if shape.items != () else added
        state.store[cell] = of(Array(known, element))
    elif isinstance(shape, Object) and len(given.values) > 1:
        key = text_of(given.values[0])
        value = given.values[1]
        changed = with_field(shape, key, value) if key else replace(shape, rest=unite(shape.rest or PLAIN, value))
        state.store[cell] = of(changed)


def arguments(
    m: Machine, nodes: tuple[tree.Expression | tree.Spread, ...], frame: Frame, scope: Scope, state: State
) -> Arguments:
    """The arguments of a call, evaluated in order."""
    values: list[Value] = []
    rest: Value | None = None
    for node in nodes:
        if isinstance(node, tree.Spread):
            spread = m.evaluate(node.value, frame, scope, state)
            shape = spread.alternatives[0].shape if len(spread.alternatives) == 1 else None
            if isinstance(shape, Array) and shape.items is not None:
                values += shape.items
            else:
                rest = unite(rest, element_of(spread)) if rest else element_of(spread)
        else:
            values.append(m.evaluate(node, frame, scope, state))
    return Arguments(tuple(values), rest)


def new(m: Machine, node: tree.New, frame: Frame, scope: Scope, state: State) -> Value:
    callee = m.evaluate(node.callee, frame, scope, state)
    return m.construct(callee, arguments(m, node.arguments, frame, scope, state), frame, state, node.span)


def dynamic_import(m: Machine, node: tree.DynamicImport, frame: Frame, scope: Scope, state: State) -> Value:
    specifier = text_of(m.evaluate(node.specifier, frame, scope, state))
    if specifier is None:
        return m.unfollowed("an import of a computed path", frame, state, node.span)
    return of(Promise(m.module_value(frame.module, specifier, "*", frame)))


def await_(m: Machine, node: tree.Await, frame: Frame, scope: Scope, state: State) -> Value:
    return m.settle(m.evaluate(node.value, frame, scope, state), frame, state, node.span)


def yield_(m: Machine, node: tree.Yield, frame: Frame, scope: Scope, state: State) -> Value:
    if node.value is None:
        return PLAIN
    value = m.evaluate(node.value, frame, scope, state)
    if node.is_delegated:
        settled = m.settle(value, frame, state, node.span)
        return settled if settled.alternatives else PLAIN
    frame.returns.append((value, state.fork()))
    return PLAIN


def unary(m: Machine, node: tree.Unary, frame: Frame, scope: Scope, state: State) -> Value:
    if node.operator == "!":
        return decided(m, node, frame, scope, state)
    value = m.evaluate(node.operand, frame, scope, state)
    if node.operator == "void":
        return UNDEFINED_VALUE
    if node.operator == "-":
        shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
        if isinstance(shape, Constant) and isinstance(shape.value, int | float):
            return of(Constant(-shape.value))
    return of(Unknown(origins_of(value), is_primitive=True))


def update(m: Machine, node: tree.Update, frame: Frame, scope: Scope, state: State) -> Value:
    value = of(Unknown(origins_of(m.evaluate(node.target, frame, scope, state)), is_primitive=True))
    if isinstance(node.target, tree.Name):
        cell = scope.find(node.target.name)
        if cell is not None:
            state.store[cell] = value
    return value


def binary(m: Machine, node: tree.Binary, frame: Frame, scope: Scope, state: State) -> Value:
    left = node.left
    if node.operator in EQUALITIES and isinstance(left, tree.Unary) and left.operator == "typeof":
        return typeof_equality(m, node, left.operand, frame, scope, state)
    first = m.evaluate(left, frame, scope, state)
    second = m.evaluate(node.right, frame, scope, state)
    if node.operator in EQUALITIES:
        result = operators.equal(first, second, node.span, loosely=len(node.operator) == 2)
        return operators.negated(result) if node.operator.startswith("!") else result
    if node.operator == "in":
        return contains_key(first, second, node.span)
    if node.operator == "instanceof":
        return instance_of(first, second)
    if node.operator in {"<", ">", "<=", ">="}:
        return operators.ordered(node.operator, first, second, node.span)
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


def instance_of(value: Value, kind: Value) -> Value:
    """`value instanceof kind`: an object made by a class of ours is one of that class and of its bases only."""
    wanted = [a.shape for a in kind.alternatives]
    found: list[Value] = []
    for a in value.alternatives:
        found.append(under(one_instance_of(a.shape, wanted), a.under))
    return unite(*found)


def one_instance_of(shape: object, wanted: Sequence[object]) -> Value:
    if isinstance(shape, Constant | Array):
        return FALSE_VALUE
    if isinstance(shape, Object):
        brand = shape.brand
        if brand is None:
            return FALSE_VALUE
        if len(wanted) == 1 and (brand == wanted[0] or native_name(wanted[0]) == brand):
            return of(Constant(True))
        if len(wanted) == 1 and isinstance(wanted[0], Blueprint) and isinstance(brand, str):
            return FALSE_VALUE
        return PLAIN
    return PLAIN


def native_name(shape: object) -> str | None:
    """The brand of a built-in class's objects."""
    if isinstance(shape, Library):
        return "Error" if shape.path[-1].endswith("Error") else shape.path[-1]
    return None


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
    other = state.fork()
    other.facts |= left[1]
    second: Value | None = None

    def run(path: State) -> None:
        nonlocal second
        second = m.evaluate(node.right, frame, scope, path)

    path = attempt(run, other)
    if kept is None:
        if path is None or second is None:
            raise PathEnded
        state.become(path)
        return second
    state.facts |= kept[1]
    merged = join(state, path, choice_at(node, frame))
    if merged is None:
        raise PathEnded
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
    from analyzers.flow.values import assuming

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
    from analyzers.flow.values import choice

    return unite(choice(choice_at(node, frame), *[(value, path.facts - merged.facts) for value, path in results]))


def assignment(m: Machine, node: tree.Assign, frame: Frame, scope: Scope, state: State) -> Value:
    if node.operator == "=":
        value = m.evaluate(node.value, frame, scope, state)
    elif node.operator in {"||=", "&&=", "??="}:
        combined = tree.Logical(node.span, node.operator[:-1], as_expression(node.target), node.value)
        value = logical(m, combined, frame, scope, state)
    else:
        first = m.evaluate(as_expression(node.target), frame, scope, state)
        second = m.evaluate(node.value, frame, scope, state)
        value = operators.arithmetic(node.operator[:-1], first, second)
    assign(m, node.target, value, frame, scope, state)
    return value


def as_expression(target: tree.Pattern) -> tree.Expression:
    """A target, read."""
    if isinstance(target, tree.NamePattern):
        return tree.Name(target.span, target.name)
    if isinstance(target, tree.Member | tree.Index):
        return target
    return tree.Unreadable(target.span)


def sequence(m: Machine, node: tree.Sequence, frame: Frame, scope: Scope, state: State) -> Value:
    value = UNDEFINED_VALUE
    for item in node.items:
        value = m.evaluate(item, frame, scope, state)
    return value


def element(m: Machine, node: tree.Element, frame: Frame, scope: Scope, state: State) -> Value:
    found: list[Value] = []
    for attribute in node.attributes:
        found.append(m.evaluate(attribute.value, frame, scope, state))
    for child in node.children:
        try:
            found.append(m.evaluate(child, frame, scope, state))
        except PathEnded:
            continue
    return of(Object((("props", unknown(frozenset(o for v in found for o in origins_of(v)))),), None, "Element"))


def unreadable(m: Machine, node: tree.Unreadable, frame: Frame, scope: Scope, state: State) -> Value:
    values = [m.evaluate(part, frame, scope, state) for part in node.parts]
    m.unfollowed("syntax that the grammar cannot read", frame, state, node.span)
    return operators.opaque(tuple(values), "unreadable syntax", node.span)


def super_(m: Machine, node: tree.Super, frame: Frame, scope: Scope, state: State) -> Value:
    return frame.this or PLAIN


def read_facts(value: Value, member_name: str, span: tree.Span) -> Value:
    """A yes-or-no property of the caller's identity: its truth is a role."""
    if not operators.BOOLEAN_NAME.match(member_name):
        return value
    return Value(
        tuple(
            Alternative(replace(a.shape, when_true=a.shape.when_true | {Role(member_name, span)}), a.under)
            if isinstance(a.shape, Unknown) and operators.is_identity(a.shape.origins)
            else a
            for a in value.alternatives
        )
    )


def crash_proof(kept: Value, owner: Value, frame: Frame, state: State, span: tree.Span) -> None:
    """Reading a property of a nullish value throws: what goes on knows that it was none."""
    answer = keeping(owner, list(kept.alternatives))
    if answer is not None:
        state.facts |= weakened(answer[1])


EVALUATORS: dict[type, Callable[..., Value]] = {
    tree.Name: name,
    tree.Literal: literal,
    tree.RegularExpression: regular_expression,
    tree.Template: template,
    tree.TaggedTemplate: tagged_template,
    tree.ArrayLiteral: array,
    tree.ObjectLiteral: object_,
    tree.Function: function,
    tree.Class: class_,
    tree.Member: chain,
    tree.Index: chain,
    tree.Call: chain,
    tree.New: new,
    tree.DynamicImport: dynamic_import,
    tree.Await: await_,
    tree.Yield: yield_,
    tree.Unary: unary,
    tree.Update: update,
    tree.Binary: binary,
    tree.Logical: logical,
    tree.Conditional: conditional,
    tree.Assign: assignment,
    tree.Sequence: sequence,
    tree.This: this,
    tree.Super: super_,
    tree.Element: element,
    tree.Unreadable: unreadable,
}

__all__ = ["EVALUATORS", "NO_FACTS", "NULL_VALUE", "possible"]
