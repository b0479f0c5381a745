"""JSX: elements, their attributes and what stands between their tags."""

from __future__ import annotations

import html
from collections.abc import Iterable

from preship.analyzers.source.functions import named
from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering, reads
from preship.analyzers.source.tree import Element, Expression, Literal, Property, Spread


@reads(EXPRESSIONS, "jsx_element", "jsx_self_closing_element", "jsx_fragment")
def _element(low: Lowering, node: Grown) -> Expression:
    opening = node.child_by_field_name("open_tag") or node
    attributes = tuple(_attributes(low, opening))
    between = () if opening is node and node.type != "jsx_fragment" else node.named_children
    return Element(low.span(node), _tag(low, opening), attributes, tuple(_children(low, between)))


def _tag(low: Lowering, opening: Grown) -> Expression | str | None:
    name = opening.child_by_field_name("name")
    if name is None:
        return None
    text = low.name(name)
    if name.type == "jsx_namespace_name" or (name.type == "identifier" and not text[:1].isupper()):
        return text
    return low.expression(name)


def _attributes(low: Lowering, opening: Grown) -> Iterable[Property | Spread]:
    for child in opening.named_children:
        if child.type == "jsx_attribute":
            yield _attribute(low, child)
        elif child.type == "jsx_expression":  # `{...spread}`
            for value in _inside(low, child, None):
                yield Spread(low.span(child), value)
        elif child.type == "ERROR":
            yield Spread(low.span(child), low.unreadable(child))


def _attribute(low: Lowering, node: Grown) -> Property:
    named_children = [child for child in node.named_children if child.type != "comment"]
    name = low.text(named_children[0])
    span = low.span(node)
    if len(named_children) == 1:
        return Property(span, name, Literal(span, value=True))
    value = named_children[1]
    if value.type == "string":
        return Property(span, name, Literal(low.span(value), html.unescape(low.text(value)[1:-1])))
    if value.type == "jsx_expression":
        return Property(span, name, next(iter(_inside(low, value, name)), low.nothing()))
    return Property(span, name, low.expression(value))


def _inside(low: Lowering, node: Grown, name: str | None) -> list[Expression]:
    """What stands in the braces, a spread's dots left out; nothing for `{}` and for a comment."""
    found: list[Expression] = []
    for child in node.named_children:
        if child.type == "spread_element":
            found.extend(_inside(low, child, name))
        elif child.type in EXPRESSIONS:
            found.append(named(low, child, name))
    return found


def _children(low: Lowering, nodes: Iterable[Grown]) -> Iterable[Expression]:
    for node in nodes:
        if node.type in ("jsx_text", "html_character_reference"):
            if text := " ".join(html.unescape(low.text(node)).split()):
                yield Literal(low.span(node), text)
        elif node.type == "jsx_expression":
            yield from _inside(low, node, None)
        elif node.type in EXPRESSIONS:
            yield low.expression(node)
