"""Statements: from tree-sitter's nodes to the compact tree. What only types say gives none."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.source.classes import class_of
from preship.analyzers.source.expressions import key_of
from preship.analyzers.source.functions import function, named
from preship.analyzers.source.lowering import EXPRESSIONS, STATEMENTS, Grown, Lowering, reads
from preship.analyzers.source.numbers import constant
from preship.analyzers.source.prologue import ended_cast, lone_string
from preship.analyzers.source.tree import (
    Break,
    Case,
    Continue,
    Declare,
    DeclareClass,
    DeclareFunction,
    Evaluate,
    If,
    Iterate,
    Labeled,
    Literal,
    Loop,
    NamePattern,
    ObjectLiteral,
    Property,
    Return,
    Spread,
    Statement,
    Switch,
    Throw,
    Try,
)

_STRING_BEGINS = (b"'", b'"', b"(", b"<")
"""What a statement that is nothing but a string begins with, casts and parentheses included."""


@reads(STATEMENTS, "expression_statement")
def _expression(low: Lowering, node: Grown) -> Iterable[Statement]:
    may_be_string = low.content[node.start_byte : node.start_byte + 1] in _STRING_BEGINS
    string, parentheses = lone_string(node) if may_be_string else (None, 0)
    cast, following = ended_cast(node) if string is not None else (None, None)
    if cast is not None and string is not None:
        yield Evaluate(low.span(cast), low.expression(string), parentheses)
        string, parentheses = (None, 0) if following is None else lone_string(following)
        if string is not None and following is not None:
            yield Evaluate(low.span(following), low.expression(string), parentheses)
            return
    for child in node.named_children:
        if child.type in STATEMENTS and child.type != "ERROR":  # `namespace A {}` stands as an expression
            yield from low.statements((child,))
        elif child.type in EXPRESSIONS:
            yield Evaluate(low.span(node), low.expression(child), parentheses)


@reads(STATEMENTS, "lexical_declaration", "variable_declaration", "using_declaration")
def _declarations(low: Lowering, node: Grown) -> Iterable[Statement]:
    kind = declaration_kind(low, node.children[0] if node.children else None)
    for child in node.named_children:
        if child.type == "variable_declarator":
            pattern = low.pattern(child.child_by_field_name("name"))
            value = child.child_by_field_name("value")
            name = pattern.name if isinstance(pattern, NamePattern) else None
            yield Declare(low.span(child), kind, pattern, None if value is None else named(low, value, name))
        elif child.type == "ERROR":
            yield low.unreadable(child)


def declaration_kind(low: Lowering, keyword: Grown | None) -> str:
    """`const`, `let`, `var` or `using`; the parser knows the last only as the first, under its own letters."""
    kind = "const" if keyword is None else low.text(keyword)
    return kind if kind in ("const", "let", "var") else "using"


@reads(STATEMENTS, "function_declaration", "generator_function_declaration")
def _function(low: Lowering, node: Grown) -> Iterable[Statement]:
    found = function(low, node)
    yield DeclareFunction(found.span, found.name or "", found)


@reads(STATEMENTS, "class_declaration", "abstract_class_declaration")
def _class(low: Lowering, node: Grown) -> Iterable[Statement]:
    found = class_of(low, node)
    yield DeclareClass(found.span, found.name or "", found)


@reads(STATEMENTS, "enum_declaration")
def _enum(low: Lowering, node: Grown) -> Iterable[Statement]:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and body is not None:
        members = ObjectLiteral(low.span(body), tuple(_enum_members(low, body, low.name(name))))
        yield Declare(low.span(node), "const", NamePattern(low.span(name), low.name(name)), members)


def _enum_members(low: Lowering, body: Grown, owner: str) -> Iterable[Property | Spread]:
    """Members without a value count on from the one before: https://www.typescriptlang.org/docs/handbook/enums.html"""
    following = 0
    numbers: dict[str, int] = {}
    for child in body.named_children:
        if child.type == "comment":
            continue
        given = child.child_by_field_name("value") if child.type == "enum_assignment" else None
        key = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        name = key_of(low, key)
        value = Literal(low.span(child), following) if given is None else low.expression(given)
        number = constant(value, numbers, owner)
        if number is not None:
            following = number + 1
            value = Literal(value.span, number)
            if isinstance(name, str):
                numbers[name] = number
        yield Property(low.span(child), name, value)


@reads(STATEMENTS, "return_statement")
def _return(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Return(low.span(node), low.optional(_value(node)))


@reads(STATEMENTS, "throw_statement")
def _throw(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Throw(low.span(node), low.expression(_value(node)))


def _value(node: Grown) -> Grown | None:
    return next((child for child in node.named_children if child.type in EXPRESSIONS), None)


@reads(STATEMENTS, "statement_block")
def _block(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield low.block(node)


@reads(STATEMENTS, "if_statement")
def _if(low: Lowering, node: Grown) -> Iterable[Statement]:
    test = low.expression(node.child_by_field_name("condition"))
    then = low.statement(node.child_by_field_name("consequence"))
    otherwise = node.child_by_field_name("alternative")
    yield If(low.span(node), test, then, None if otherwise is None else _only(low, otherwise))


def _only(low: Lowering, clause: Grown) -> Statement:
    return low.statement(next((child for child in clause.named_children if child.type in STATEMENTS), None))


@reads(STATEMENTS, "try_statement")
def _try(low: Lowering, node: Grown) -> Iterable[Statement]:
    caught, last = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    bound = None if caught is None else caught.child_by_field_name("parameter")
    yield Try(
        low.span(node),
        low.block(node.child_by_field_name("body")),
        None if bound is None else low.pattern(bound),
        None if caught is None else low.block(caught.child_by_field_name("body")),
        None if last is None else low.block(last.child_by_field_name("body")),
    )


@reads(STATEMENTS, "switch_statement")
def _switch(low: Lowering, node: Grown) -> Iterable[Statement]:
    subject = low.expression(node.child_by_field_name("value"))
    body = node.child_by_field_name("body")
    yield Switch(low.span(node), subject, () if body is None else tuple(_cases(low, body)))


def _cases(low: Lowering, body: Grown) -> Iterable[Case]:
    for child in body.named_children:
        if child.type in ("switch_case", "switch_default"):
            test = low.optional(child.child_by_field_name("value"))
            yield Case(low.span(child), test, low.statements(child.children_by_field_name("body")))


@reads(STATEMENTS, "for_statement")
def _for(low: Lowering, node: Grown) -> Iterable[Statement]:
    initial = node.child_by_field_name("initializer")
    condition = node.child_by_field_name("condition")
    if condition is not None and condition.type not in EXPRESSIONS:  # `expression_statement` or an empty one
        condition = _value(condition)
    yield Loop(
        low.span(node),
        () if initial is None else _initial(low, initial),
        low.optional(condition),
        low.optional(node.child_by_field_name("increment")),
        low.statement(node.child_by_field_name("body")),
    )


def _initial(low: Lowering, node: Grown) -> tuple[Statement, ...]:
    return (Evaluate(low.span(node), low.expression(node)),) if node.type in EXPRESSIONS else low.statements((node,))


@reads(STATEMENTS, "while_statement", "do_statement")
def _while(low: Lowering, node: Grown) -> Iterable[Statement]:
    test = low.expression(node.child_by_field_name("condition"))
    body = low.statement(node.child_by_field_name("body"))
    yield Loop(low.span(node), (), test, None, body, tests_first=node.type == "while_statement")


@reads(STATEMENTS, "for_in_statement")
def _iterate(low: Lowering, node: Grown) -> Iterable[Statement]:
    operator, kind = node.child_by_field_name("operator"), node.child_by_field_name("kind")
    is_awaited = any(child.type == "await" for child in node.children)
    yield Iterate(
        low.span(node),
        "await" if is_awaited else "of" if operator is None else operator.type,
        None if kind is None else declaration_kind(low, kind),
        low.pattern(node.child_by_field_name("left")),
        low.expression(node.child_by_field_name("right")),
        low.statement(node.child_by_field_name("body")),
    )


@reads(STATEMENTS, "with_statement")
def _with(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Evaluate(low.span(node), low.expression(node.child_by_field_name("object")))
    yield low.statement(node.child_by_field_name("body"))


@reads(STATEMENTS, "break_statement")
def _break(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Break(low.span(node), _label(low, node))


@reads(STATEMENTS, "continue_statement")
def _continue(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Continue(low.span(node), _label(low, node))


@reads(STATEMENTS, "labeled_statement")
def _labeled(low: Lowering, node: Grown) -> Iterable[Statement]:
    yield Labeled(low.span(node), _label(low, node) or "", low.statement(node.child_by_field_name("body")))


def _label(low: Lowering, node: Grown) -> str | None:
    label = node.child_by_field_name("label")
    return None if label is None else low.name(label)
