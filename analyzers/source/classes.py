"""Classes."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.source.expressions import first_expression, key_of
from preship.analyzers.source.functions import function, method_kind, named
from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering, reads
from preship.analyzers.source.tree import Class, ClassMember, Expression


@reads(EXPRESSIONS, "class")
def _anonymous(low: Lowering, node: Grown) -> Expression:
    return class_of(low, node)


def class_of(low: Lowering, node: Grown) -> Class:
    """The class that a declaration or expression spells; members without code (signatures) are left out."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    members = () if body is None else tuple(_members(low, body))
    return Class(
        low.span(node),
        None if name is None else low.name(name),
        _base(low, node),
        members,
        tuple(_decorators(low, node)),
    )


def _decorators(low: Lowering, node: Grown) -> Iterable[Expression]:
    around = node.parent
    if around is not None and around.type == "export_statement":  # `@decorator export class A {}`
        yield from (first_expression(low, child) for child in around.named_children if child.type == "decorator")
    waiting = list(reversed(node.named_children))
    while waiting:
        child = waiting.pop()
        if child.type == "decorator":
            yield first_expression(low, child)
        elif child.type in _DECORATED:
            waiting.extend(reversed(child.named_children))


_DECORATED = frozenset(
    (
        "class_body",
        "public_field_definition",
        "method_definition",
        "method_signature",
        "abstract_method_signature",
        "formal_parameters",
        "required_parameter",
        "optional_parameter",
    )
)


def _base(low: Lowering, node: Grown) -> Expression | None:
    for heritage in node.children:
        if heritage.type == "class_heritage":
            clauses = [child for child in heritage.named_children if child.type == "extends_clause"]
            values = [clause.child_by_field_name("value") for clause in clauses]
            return low.expression(values[0]) if values else None
    return None


def _members(low: Lowering, body: Grown) -> Iterable[ClassMember]:
    for child in body.named_children:
        is_static = any(head.type == "static" for head in child.children)
        if child.type == "method_definition":
            key = key_of(low, child.child_by_field_name("name"))
            yield ClassMember(low.span(child), key, function(low, child, key), method_kind(child), is_static)
        elif child.type == "public_field_definition":
            yield _field(low, child, is_static)
        elif child.type == "class_static_block":
            yield ClassMember(low.span(child), "", function(low, child), "block", is_static=True)
        elif child.type == "ERROR":
            yield ClassMember(low.span(child), low.unreadable(child), first_expression(low, child), "field", is_static)


def _field(low: Lowering, node: Grown, is_static: bool) -> ClassMember:
    key, value = key_of(low, node.child_by_field_name("name")), node.child_by_field_name("value")
    return ClassMember(low.span(node), key, None if value is None else named(low, value, key), "field", is_static)
