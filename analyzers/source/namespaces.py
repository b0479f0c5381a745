"""Namespaces of TypeScript, which are modules in small."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from preship.analyzers.source.lowering import STATEMENTS, Grown, Lowering, reads
from preship.analyzers.source.modules import TopLevel
from preship.analyzers.source.prologue import is_namespace_of_types
from preship.analyzers.source.tree import (
    Call,
    Declare,
    Expression,
    Function,
    FunctionBody,
    Name,
    NamePattern,
    ObjectLiteral,
    Property,
    Return,
    Statement,
)


@reads(STATEMENTS, "internal_module", "module")
def _namespace(low: Lowering, node: Grown) -> Iterator[Statement]:
    """`namespace A.B { export … }` as what TypeScript makes of it: A, an object with B, the result of a function."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None or name.type == "string" or is_namespace_of_types(node):
        return
    span, names = low.span(node), low.name(name).split(".")
    maker = Function(span, names[-1], partial(_namespace_body, low, body, low.depth), is_arrow=True)
    value: Expression = Call(span, maker, ())
    for inner in reversed(names[1:]):
        value = ObjectLiteral(span, (Property(span, inner.strip(), value),))
    yield Declare(span, "const", NamePattern(low.span(name), names[0].strip()), value)


def _namespace_body(low: Lowering, body: Grown, depth: int) -> FunctionBody:
    inside = TopLevel(low.at(depth), body.children)
    given = [Property(each.span, each.name, Name(each.span, each.local or "")) for each in inside.exports]
    result = ObjectLiteral(low.span(body), tuple(given))
    return FunctionBody((), (*inside.statements, Return(result.span, result)), ())


@reads(STATEMENTS, "import_alias")
def _alias(low: Lowering, node: Grown) -> Iterator[Statement]:
    """`import A = B.C` binds a value of a namespace."""
    if len(node.named_children) == 2:
        name, value = node.named_children
        yield Declare(low.span(node), "const", NamePattern(low.span(name), low.name(name)), low.expression(value))
