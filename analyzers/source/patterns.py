"""Patterns: what declarations, parameters and assignments bind."""

from __future__ import annotations

from preship.analyzers.source.expressions import key_of
from preship.analyzers.source.lowering import EXPRESSIONS, PATTERNS, Grown, Lowering, reads
from preship.analyzers.source.tree import (
    ArrayPattern,
    Expression,
    Index,
    Member,
    NamePattern,
    ObjectPattern,
    Pattern,
    PatternItem,
    PatternProperty,
)


@reads(PATTERNS, "identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier", "undefined")
def _name(low: Lowering, node: Grown) -> Pattern:
    return NamePattern(low.span(node), low.name(node))


@reads(PATTERNS, "member_expression", "subscript_expression")
def _place(low: Lowering, node: Grown) -> Pattern:
    found = EXPRESSIONS[node.type](low, node)
    return found if isinstance(found, Member | Index) else NamePattern(low.span(node), "")


@reads(
    PATTERNS,
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_assertion",
)
def _transparent(low: Lowering, node: Grown) -> Pattern:
    inside = [child for child in node.named_children if child.type in PATTERNS]
    return low.pattern(inside[0] if inside else None)


@reads(PATTERNS, "object_pattern", "object")
def _object(low: Lowering, node: Grown) -> Pattern:
    properties: list[PatternProperty] = []
    rest = None
    for child in node.named_children:
        if child.type in ("rest_pattern", "spread_element"):
            rest = _inside(low, child)
        elif child.type in _PROPERTIES:
            properties.append(_property(low, child))
    return ObjectPattern(low.span(node), tuple(properties), rest)


_PROPERTIES = frozenset(
    (
        "pair_pattern",
        "pair",
        "object_assignment_pattern",
        "shorthand_property_identifier_pattern",
        "shorthand_property_identifier",
    )
)


def _property(low: Lowering, node: Grown) -> PatternProperty:
    if node.type in ("pair_pattern", "pair"):
        pattern, default = with_default(low, node.child_by_field_name("value"))
        return PatternProperty(low.span(node), key_of(low, node.child_by_field_name("key")), pattern, default)
    pattern, default = with_default(low, node)
    key: str | Expression = pattern.name if isinstance(pattern, NamePattern) else low.text(node)
    return PatternProperty(low.span(node), key, pattern, default)


@reads(PATTERNS, "array_pattern", "array")
def _array(low: Lowering, node: Grown) -> Pattern:
    items: list[PatternItem | None] = []
    rest, awaits_item = None, True
    for child in node.children[1:-1]:
        if child.type == ",":
            if awaits_item:
                items.append(None)
            awaits_item = True
        elif child.type in ("rest_pattern", "spread_element"):
            rest = _inside(low, child)
        elif child.type != "comment":
            items.append(PatternItem(low.span(child), *with_default(low, child)))
            awaits_item = False
    return ArrayPattern(low.span(node), tuple(items), rest)


@reads(PATTERNS, "rest_pattern", "spread_element")
def _inside(low: Lowering, node: Grown) -> Pattern:
    return low.pattern(node.named_children[0] if node.named_children else None)


@reads(PATTERNS, "assignment_pattern", "object_assignment_pattern", "assignment_expression")
def _without_default(low: Lowering, node: Grown) -> Pattern:
    return low.pattern(node.child_by_field_name("left"))


def with_default(low: Lowering, node: Grown | None) -> tuple[Pattern, Expression | None]:
    """A pattern and what it takes where nothing is given."""
    if node is not None and node.type in ("assignment_pattern", "object_assignment_pattern", "assignment_expression"):
        return low.pattern(node), low.expression(node.child_by_field_name("right"))
    return low.pattern(node), None
