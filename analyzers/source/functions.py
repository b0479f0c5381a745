"""Functions: what stands outside them at once, what stands inside only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering, reads
from preship.analyzers.source.patterns import with_default
from preship.analyzers.source.prologue import directives
from preship.analyzers.source.tree import (
    DeclareFunction,
    Expression,
    Function,
    FunctionBody,
    NamePattern,
    Parameter,
    Return,
    Statement,
)

_FUNCTIONS = frozenset(("arrow_function", "function_expression", "generator_function"))
_TRANSPARENT = frozenset(("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"))


@reads(EXPRESSIONS, *_FUNCTIONS)
def _anonymous(low: Lowering, node: Grown) -> Expression:
    return function(low, node)


def function(low: Lowering, node: Grown, given_name: object = None) -> Function:
    """The function that a node of any such kind spells; a computed key gives no name."""
    own = node.child_by_field_name("name") if node.type != "method_definition" else None
    name = low.name(own) if own is not None else given_name
    heads = [child.type for child in node.children[:6]]  # `static override async *name` is the longest head
    return Function(
        low.span(node),
        name if isinstance(name, str) else None,
        partial(_body, low, node, low.depth),
        is_async="async" in heads,
        is_arrow=node.type == "arrow_function",
        is_generator="*" in heads or node.type.startswith("generator"),
    )


def named(low: Lowering, node: Grown | None, name: object) -> Expression:
    """An expression that initialises a variable or key: a function without its own name takes that one."""
    inner = node
    while inner is not None and inner.type in _TRANSPARENT:
        inner = next((child for child in inner.named_children if child.type != "comment"), None)
    if inner is not None and inner.type in _FUNCTIONS:
        return function(low, inner, name)
    return low.expression(node)


def method_kind(node: Grown) -> str:
    """`get`, `set` or `method`."""
    heads = [child.type for child in node.children]
    return "get" if "get" in heads else "set" if "set" in heads else "method"


def _body(low: Lowering, node: Grown, depth: int) -> FunctionBody:
    low = low.at(depth)
    parameters = tuple(_parameters(low, node))
    body = node if node.type == "class_static_block" else None
    body = node.child_by_field_name("body") or body
    if body is None or body.type == "statement_block":
        inside = () if body is None else body.children
        return FunctionBody(parameters, _hoisted(low.statements(inside)), directives(low, inside, lambda _: False))
    result = low.expression(body)
    return FunctionBody(parameters, (Return(result.span, result),), ())


def _hoisted(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements; functions that are declared behind the `return` come before it, from where they can be seen."""
    end = next((i for i, each in enumerate(statements) if isinstance(each, Return)), len(statements))
    declared = tuple(each for each in statements[end:] if isinstance(each, DeclareFunction))
    return (*statements[:end], *declared, *(s for s in statements[end:] if not isinstance(s, DeclareFunction)))


def _parameters(low: Lowering, node: Grown) -> Iterable[Parameter]:
    if single := node.child_by_field_name("parameter"):  # `x => x`
        yield Parameter(low.span(single), low.pattern(single))
    if listed := node.child_by_field_name("parameters"):
        for child in listed.named_children:
            if child.type not in ("comment", "decorator"):
                yield from _parameter(low, child)


def _parameter(low: Lowering, node: Grown) -> Iterable[Parameter]:
    target = node.child_by_field_name("pattern") or node
    if target.type == "this":  # `this: Type` is no parameter
        return
    pattern, default = with_default(low, target)
    if default is None:
        default = low.optional(node.child_by_field_name("value"))
    yield Parameter(
        low.span(node),
        pattern,
        default,
        _type_text(low, node.child_by_field_name("type")),
        is_rest=target.type == "rest_pattern",
        is_field=isinstance(pattern, NamePattern) and _declares_field(node),
        is_optional=node.type == "optional_parameter",
    )


def _declares_field(node: Grown) -> bool:
    return any(child.type in ("accessibility_modifier", "readonly", "override_modifier") for child in node.children)


def _type_text(low: Lowering, node: Grown | None) -> str | None:
    return None if node is None else low.text(node).removeprefix(":").strip()
