"""The strings that stand alone as statements, and those at the head of a file or function, as the compiler reads them.

Next.js looks for directives when TypeScript's types are gone, and goes on behind a string in parentheses, which ends
the prologue of the specification: https://tc39.es/ecma262/#directive-prologue against `DirectiveVisitor` of
https://github.com/vercel/next.js/blob/canary/crates/next-custom-transforms/src/transforms/server_actions.rs
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from preship.analyzers.source.expressions import string_value
from preship.analyzers.source.lowering import Grown, Lowering
from preship.analyzers.source.spelling import may_spell, spellings
from preship.analyzers.source.tree import Span

SERVER = "use server"
"""The directive that makes functions public endpoints."""

TYPES = frozenset(("interface_declaration", "type_alias_declaration"))
"""Declarations that leave no code behind, yet have a name."""

_NO_CODE = TYPES | {"comment", "hash_bang_line", "ambient_declaration", "function_signature"}
_CASTS = frozenset(("as_expression", "satisfies_expression", "non_null_expression", "instantiation_expression"))


def directives(low: Lowering, nodes: Iterable[Grown], is_erased: Callable[[Grown], bool]) -> tuple[str, ...]:
    """The strings that stand alone at the head of a body, before anything that leaves code; those in parentheses out.

    `is_erased` says which other statements of this body leave none.
    """
    found: list[str] = []
    for node in nodes:
        if not node.is_named or leaves_no_code(node) or is_erased(node):
            continue
        string, parentheses = lone_string(node)
        if string is None or parentheses > 1:
            break
        if not parentheses:
            found.append(string_value(low, string))
    return tuple(found)


def leaves_no_code(statement: Grown) -> bool:
    """Whether nothing is left of a statement, whatever stands around it."""
    if statement.type == "enum_declaration":
        return any(child.type == "const" for child in statement.children)
    if statement.type in ("expression_statement", "internal_module", "module"):
        return is_namespace_of_types(statement)
    return statement.type in _NO_CODE


def is_namespace_of_types(node: Grown) -> bool:
    """Whether a node is a namespace that leaves nothing, as `namespace A { type B = string }`."""
    waiting = [_namespace_in(node)]
    while waiting:
        namespace = waiting.pop()
        body = None if namespace is None else namespace.child_by_field_name("body")
        if body is None:
            return False
        waiting.extend(_namespace_in(child) for child in body.named_children if not _is_of_types(child))
    return True


def _namespace_in(node: Grown) -> Grown | None:
    """The namespace that a node is or declares, if any; one stands as an expression, or under `export`."""
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration")
        return None if declared is None else _namespace_in(declared)
    if node.type == "expression_statement" and node.named_children:
        node = node.named_children[0]
    return node if node.type in ("internal_module", "module") else None


def _is_of_types(statement: Grown) -> bool:
    if statement.type == "export_statement":
        declared = statement.child_by_field_name("declaration")
        return declared is not None and declared.type in TYPES
    return statement.type in TYPES | {"comment", "ambient_declaration", "empty_statement", "import_alias"}


def lone_string(statement: Grown) -> tuple[Grown | None, int]:
    """The string that a statement consists of, if it does, and how many pairs of parentheses stand around it."""
    inner = ended_cast(statement)[0] or (_only(statement) if statement.type in _HOLDERS else None)
    parentheses = int(statement.type == "arguments")
    while inner is not None and inner.type != "string":
        parentheses += inner.type == "parenthesized_expression"
        inner = _unwrapped(inner)
    return inner, 0 if inner is None else parentheses


_HOLDERS = ("expression_statement", "arguments")


def ended_cast(statement: Grown) -> tuple[Grown | None, Grown | None]:
    """A cast that ends a statement for the compiler, and the `(…)` of the next line, by which the grammar calls it.

    The second is there only where nothing but casts of it follows.
    """
    inner = _only(statement) if statement.type == "expression_statement" else None
    ends_here = True
    while inner is not None and inner.named_children:
        function = inner.child_by_field_name("function") if inner.type == "call_expression" else None
        if function is not None and _is_cast(function):
            return function, inner.child_by_field_name("arguments") if ends_here else None
        ends_here = ends_here and inner.type in _CASTS
        inner = inner.named_children[0]
    return None, None


def _is_cast(function: Grown) -> bool:
    is_made_up = function.type == "non_null_expression" and function.children[-1].is_missing  # in front of a template
    return is_made_up or function.type in ("as_expression", "satisfies_expression")


def server_directives(low: Lowering, root: Grown) -> Iterator[Span]:
    """The statements of a file that are nothing but the directive, wherever they stand."""
    if may_spell(SERVER)(low.content):
        for match in spellings(SERVER).finditer(low.content):
            statement = _statement_of(root, match)
            if statement is not None and lone_string(statement)[0] is not None:
                yield low.span(statement)


def _statement_of(root: Grown, string: re.Match[bytes]) -> Grown | None:
    node = root.descendant_for_byte_range(*string.span())
    while node is not None and (node.type in _AROUND or node.type in _CASTS):
        node = node.parent
    return node if node is not None and node.type == "expression_statement" else None


_AROUND = frozenset(("string", "parenthesized_expression", "type_assertion"))


def _unwrapped(node: Grown) -> Grown | None:
    if node.type == "parenthesized_expression":
        return _only(node)
    inside = [child for child in node.named_children if child.type != "comment"]
    if node.type == "type_assertion":
        return inside[-1] if inside else None
    return inside[0] if inside and node.type in _CASTS else None


def _only(node: Grown) -> Grown | None:
    alone = [child for child in node.named_children if child.type != "comment"]
    return alone[0] if len(alone) == 1 else None
