"""Object literals."""

from __future__ import annotations

from preship.analyzers.source.expressions import first_expression, key_of
from preship.analyzers.source.functions import function, method_kind, named
from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering, reads
from preship.analyzers.source.tree import Expression, Name, ObjectLiteral, Property, Spread


@reads(EXPRESSIONS, "object")
def _object(low: Lowering, node: Grown) -> Expression:
    properties = [_property(low, child) for child in node.named_children if child.type != "comment"]
    return ObjectLiteral(low.span(node), tuple(properties))


def _property(low: Lowering, node: Grown) -> Property | Spread:
    span = low.span(node)
    if node.type == "pair":
        key = key_of(low, node.child_by_field_name("key"))
        return Property(span, key, named(low, node.child_by_field_name("value"), key))
    if node.type == "method_definition":
        key = key_of(low, node.child_by_field_name("name"))
        return Property(span, key, function(low, node, key), method_kind(node))
    if node.type == "spread_element":
        return Spread(span, first_expression(low, node))
    if node.type == "shorthand_property_identifier":
        return Property(span, low.name(node), Name(span, low.name(node)))
    return Spread(span, low.unreadable(node))  # whatever it is, it may set any key
