"""Expressions: from tree-sitter's nodes to the compact tree. Types, parentheses and casts leave nothing behind."""

from __future__ import annotations

from preship.analyzers.source.literals import number, unescaped
from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering, reads
from preship.analyzers.source.tree import (
    ArrayLiteral,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    DynamicImport,
    Expression,
    Index,
    Literal,
    Logical,
    Member,
    Name,
    New,
    RegularExpression,
    Sequence,
    Spread,
    Super,
    TaggedTemplate,
    Template,
    This,
    Unary,
    Update,
    Yield,
)

_LOGICAL = frozenset(("&&", "||", "??"))


@reads(EXPRESSIONS, "identifier", "undefined", "shorthand_property_identifier", "meta_property")
def _name(low: Lowering, node: Grown) -> Expression:
    # `import.meta` and `new.target` are names that nothing binds.
    return Name(low.span(node), low.name(node)) if node.end_byte > node.start_byte else low.nothing()


@reads(EXPRESSIONS, "private_property_identifier")
def _private(low: Lowering, node: Grown) -> Expression:
    return Literal(low.span(node), low.name(node))  # only as in `#key in object`


@reads(EXPRESSIONS, "this")
def _this(low: Lowering, node: Grown) -> Expression:
    return This(low.span(node))


@reads(EXPRESSIONS, "super")
def _super(low: Lowering, node: Grown) -> Expression:
    return Super(low.span(node))


@reads(EXPRESSIONS, "string")
def _string(low: Lowering, node: Grown) -> Expression:
    return Literal(low.span(node), string_value(low, node))


def string_value(low: Lowering, node: Grown) -> str:
    """The value of a string node."""
    return unescaped(low.text(node)[1:-1])


@reads(EXPRESSIONS, "number")
def _number(low: Lowering, node: Grown) -> Expression:
    return Literal(low.span(node), number(low.text(node)))


@reads(EXPRESSIONS, "true", "false")
def _boolean(low: Lowering, node: Grown) -> Expression:
    return Literal(low.span(node), node.type == "true")


@reads(EXPRESSIONS, "null")
def _null(low: Lowering, node: Grown) -> Expression:
    return Literal(low.span(node), None)


@reads(EXPRESSIONS, "regex")
def _regex(low: Lowering, node: Grown) -> Expression:
    return RegularExpression(low.span(node), low.text(node))


@reads(EXPRESSIONS, "template_string")
def _template(low: Lowering, node: Grown) -> Expression:
    return template(low, node)


def template(low: Lowering, node: Grown) -> Template:
    """The strings and values of a template literal."""
    strings, values, behind = [], [], node.start_byte + 1
    for child in node.named_children:
        if child.type == "template_substitution":
            strings.append(_cooked(low, behind, child.start_byte))
            values.append(first_expression(low, child))
            behind = child.end_byte
    strings.append(_cooked(low, behind, max(behind, node.end_byte - 1)))
    return Template(low.span(node), tuple(strings), tuple(values))


def _cooked(low: Lowering, start: int, end: int) -> str:
    return unescaped(low.content[start:end].decode("utf-8", "replace"))


@reads(
    EXPRESSIONS,
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "instantiation_expression",
)
def first_expression(low: Lowering, node: Grown) -> Expression:
    """The first expression inside a node that adds nothing to it."""
    for child in node.named_children:
        if child.type in EXPRESSIONS:
            return low.expression(child)
    return low.unreadable(node)


@reads(EXPRESSIONS, "type_assertion")
def _type_assertion(low: Lowering, node: Grown) -> Expression:
    return low.expression(node.named_children[-1] if node.named_children else None)


@reads(EXPRESSIONS, "sequence_expression")
def _sequence(low: Lowering, node: Grown) -> Expression:
    items: list[Expression] = []
    for item in low.expressions(node.named_children):
        items.extend(item.items if isinstance(item, Sequence) else (item,))
    return Sequence(low.span(node), tuple(items))


@reads(EXPRESSIONS, "array")
def _array(low: Lowering, node: Grown) -> Expression:
    items: list[Expression | Spread | None] = []
    awaits_item = True
    for child in node.children[1:-1]:
        if child.type == ",":
            if awaits_item:
                items.append(None)
            awaits_item = True
        elif child.type != "comment":
            items.append(argument(low, child))
            awaits_item = False
    return ArrayLiteral(low.span(node), tuple(items))


def argument(low: Lowering, node: Grown) -> Expression | Spread:
    """An expression or `...expression`."""
    if node.type == "spread_element":
        return Spread(low.span(node), first_expression(low, node))
    return low.expression(node)


def _arguments(low: Lowering, node: Grown | None) -> tuple[Expression | Spread, ...]:
    if node is None:
        return ()
    return tuple([argument(low, child) for child in node.named_children if child.type != "comment"])


@reads(EXPRESSIONS, "call_expression")
def _call(low: Lowering, node: Grown) -> Expression:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is not None and arguments is not None and arguments.type == "template_string":
        return TaggedTemplate(low.span(node), low.expression(function), template(low, arguments))
    if function is not None and (function.type == "import" or _is_require(low, function)):
        specifier, *others = _arguments(low, arguments) or (low.nothing(),)
        if isinstance(specifier, Spread):
            specifier, others = low.nothing(), [specifier, *others]
        return DynamicImport(low.span(node), specifier, function.type != "import", tuple(others))
    return Call(low.span(node), low.expression(function), _arguments(low, arguments), _is_optional(node))


def _is_require(low: Lowering, function: Grown) -> bool:
    return function.type == "identifier" and low.content[function.start_byte : function.end_byte] == b"require"


def _is_optional(node: Grown) -> bool:
    return any(child.type in ("?.", "optional_chain") for child in node.children)


@reads(EXPRESSIONS, "new_expression")
def _new(low: Lowering, node: Grown) -> Expression:
    callee = low.expression(node.child_by_field_name("constructor"))
    return New(low.span(node), callee, _arguments(low, node.child_by_field_name("arguments")))


@reads(EXPRESSIONS, "member_expression", "nested_identifier")
def member(low: Lowering, node: Grown) -> Expression:
    """`object.name`, in code and as the tag of an element."""
    held, key = node.child_by_field_name("object"), node.child_by_field_name("property")
    if key is None:
        return low.unreadable(node)
    return Member(low.span(node), low.expression(held), low.name(key), _is_optional(node))


@reads(EXPRESSIONS, "subscript_expression")
def index(low: Lowering, node: Grown) -> Expression:
    """`object[key]`."""
    held, key = node.child_by_field_name("object"), node.child_by_field_name("index")
    return Index(low.span(node), low.expression(held), low.expression(key), _is_optional(node))


@reads(EXPRESSIONS, "await_expression")
def _await(low: Lowering, node: Grown) -> Expression:
    return Await(low.span(node), first_expression(low, node))


@reads(EXPRESSIONS, "yield_expression")
def _yield(low: Lowering, node: Grown) -> Expression:
    values = [child for child in node.named_children if child.type in EXPRESSIONS]
    is_delegated = any(child.type == "*" for child in node.children)
    return Yield(low.span(node), low.optional(values[0] if values else None), is_delegated)


@reads(EXPRESSIONS, "unary_expression")
def _unary(low: Lowering, node: Grown) -> Expression:
    return Unary(low.span(node), _operator(node), low.expression(node.child_by_field_name("argument")))


@reads(EXPRESSIONS, "update_expression")
def _update(low: Lowering, node: Grown) -> Expression:
    return Update(low.span(node), _operator(node), low.expression(node.child_by_field_name("argument")))


@reads(EXPRESSIONS, "binary_expression")
def _binary(low: Lowering, node: Grown) -> Expression:
    operator = _operator(node)
    left = low.expression(node.child_by_field_name("left"))
    right = low.expression(node.child_by_field_name("right"))
    return (Logical if operator in _LOGICAL else Binary)(low.span(node), operator, left, right)


def _operator(node: Grown) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


@reads(EXPRESSIONS, "ternary_expression")
def _conditional(low: Lowering, node: Grown) -> Expression:
    test, then, otherwise = (node.child_by_field_name(name) for name in ("condition", "consequence", "alternative"))
    return Conditional(low.span(node), low.expression(test), low.expression(then), low.expression(otherwise))


@reads(EXPRESSIONS, "assignment_expression")
def _assign(low: Lowering, node: Grown) -> Expression:
    return _assignment(low, node, "=")


@reads(EXPRESSIONS, "augmented_assignment_expression")
def _augmented(low: Lowering, node: Grown) -> Expression:
    return _assignment(low, node, _operator(node))


def _assignment(low: Lowering, node: Grown, operator: str) -> Expression:
    target = low.pattern(node.child_by_field_name("left"))
    return Assign(low.span(node), operator, target, low.expression(node.child_by_field_name("right")))


def key_of(low: Lowering, node: Grown | None) -> str | Expression:
    """The name that a key spells, or the expression of a computed one."""
    if node is None:
        return low.nothing()
    if node.type == "string":
        return string_value(low, node)
    if node.type == "computed_property_name":
        return first_expression(low, node)
    if node.type == "number":
        return str(number(low.text(node)))
    return low.name(node)
