"""Expressions: what they evaluate to and what they do on the way."""

from __future__ import annotations

from collections.abc import Callable

from preship.analyzers.conventions.browsers import SIGN_IN_COMPONENT
from preship.analyzers.conventions.permissions import PANEL_COMPONENT, USABLE_ELEMENT
from preship.analyzers.flow import operators
from preship.analyzers.flow.chains import arguments, chain
from preship.analyzers.flow.collections import element_of, spread_by_right
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.logic import binary, conditional, logical, unary
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.networks import pattern
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.patterns import assign, shape_with
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.texts import LONGEST_TEXT, joined
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    of,
    origins_of,
    text_of,
    unite,
    unknown,
)
from preship.analyzers.source import tree


def name(m: Machine, node: tree.Name, frame: Frame, scope: Scope, state: State) -> Value:
    return m.variable(node.name, frame, scope, state)


def literal(m: Machine, node: tree.Literal, frame: Frame, scope: Scope, state: State) -> Value:
    return of(Constant(node.value))


def regular_expression(m: Machine, node: tree.RegularExpression, frame: Frame, scope: Scope, state: State) -> Value:
    return pattern(node.text)


def template(m: Machine, node: tree.Template, frame: Frame, scope: Scope, state: State) -> Value:
    values = [m.evaluate(v, frame, scope, state) for v in node.values]
    texts = [text for v in values if (text := text_of(v)) is not None]
    if len(texts) == len(values) and sum(map(len, texts)) <= LONGEST_TEXT:
        between_them = zip(texts, node.strings[1:], strict=True)
        return of(Constant("".join((node.strings[0], *(part for pair in between_them for part in pair)))))
    between = [part for pair in zip(values, node.strings[1:], strict=True) for part in pair]
    return joined([node.strings[0], *between], truth=Truth.TRUTHY if any(node.strings) else Truth.MAYBE)


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
    element = unite(*items) if items else ABSENT_VALUE
    return of(Array(tuple(items) if is_known else None, element))


def object_(m: Machine, node: tree.ObjectLiteral, frame: Frame, scope: Scope, state: State) -> Value:
    result = of(Object(()))
    for prop in node.properties:
        if isinstance(prop, tree.Spread):
            result = spread_by_right(result, m.evaluate(prop.value, frame, scope, state))
            continue
        key = of(Constant(prop.key)) if isinstance(prop.key, str) else m.evaluate(prop.key, frame, scope, state)
        value = m.evaluate(prop.value, frame, scope, state)
        if prop.kind == "get":
            value = m.invoke(value, Arguments(), frame, state, prop.span)
        if prop.kind != "set":
            result = with_property(result, key, value)
    return result


def with_property(objects: Value, key: Value, value: Value) -> Value:
    """An object, whatever it may be, with a property set."""
    return Value(tuple(Alternative(shape_with(a.shape, key, value), a.under) for a in objects.alternatives))


def function(m: Machine, node: tree.Function, frame: Frame, scope: Scope, state: State) -> Value:
    value = of(Closure(node, scope, frame.this if node.is_arrow else None))
    m.made(node, value, state)
    return value


def class_(m: Machine, node: tree.Class, frame: Frame, scope: Scope, state: State) -> Value:
    return of(Blueprint(node, scope))


def this(m: Machine, node: tree.This, frame: Frame, scope: Scope, state: State) -> Value:
    return m.variable("this", frame, scope, state)


def new(m: Machine, node: tree.New, frame: Frame, scope: Scope, state: State) -> Value:
    callee = m.evaluate(node.callee, frame, scope, state)
    return m.construct(callee, arguments(m, node.arguments, frame, scope, state), frame, state, node.span)


def dynamic_import(m: Machine, node: tree.DynamicImport, frame: Frame, scope: Scope, state: State) -> Value:
    path = m.evaluate(node.specifier, frame, scope, state)
    specifier = text_of(path)
    if specifier is None:
        frame.emit(EffectKind.LOAD, node.span, state, "a module", "import", key=path)
        return m.unfollowed("an import of a computed path", frame, state, node.span)
    module = m.module_value(frame.module, specifier, "*", frame)
    return module if node.is_required else of(Promise(module))


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


def update(m: Machine, node: tree.Update, frame: Frame, scope: Scope, state: State) -> Value:
    value = of(Unknown(origins_of(m.evaluate(node.target, frame, scope, state)), is_checked=True, is_primitive=True))
    if isinstance(node.target, tree.Name):
        cell = scope.find(node.target.name)
        if cell is not None:
            state.store[cell] = value
    return value


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
    props = unknown(frozenset(o for v in found for o in origins_of(v)))
    shows = of(Constant(shows_something(node.tag) or any(map(is_shown_in, found))))
    return of(Object((("props", props), (SHOWS, shows)), None, "Element"))


SHOWS = "shows"
"""The field of an element that tells whether there is more in it than words."""


def shows_something(tag: tree.Expression | str | None) -> bool:
    """Whether a component or an element of the browser shows or takes something of the application's."""
    if isinstance(tag, str):
        return bool(USABLE_ELEMENT.matches(tag))
    name = tag.name if isinstance(tag, tree.Name | tree.Member) else ""
    return bool(name) and not PANEL_COMPONENT.matches(name) and not SIGN_IN_COMPONENT.matches(name)


def is_shown_in(value: Value) -> bool:
    """Whether a value may be an element that shows something, or a list of such."""
    for a in value.alternatives:
        if isinstance(a.shape, Object) and a.shape.brand == "Element" and dict(a.shape.fields)[SHOWS] == TRUE_VALUE:
            return True
        if isinstance(a.shape, Array) and is_shown_in(a.shape.element):
            return True
    return False


def unreadable(m: Machine, node: tree.Unreadable, frame: Frame, scope: Scope, state: State) -> Value:
    values = [m.evaluate(part, frame, scope, state) for part in node.parts]
    m.unfollowed("syntax that the grammar cannot read", frame, state, node.span)
    return operators.opaque(tuple(values), Unfollowed("unreadable syntax"), node.span)


def super_(m: Machine, node: tree.Super, frame: Frame, scope: Scope, state: State) -> Value:
    return frame.this or PLAIN


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
