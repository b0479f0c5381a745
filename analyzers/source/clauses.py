"""The clauses of `import` and `export` statements, each read into the names it binds or gives away."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.source.expressions import string_value
from preship.analyzers.source.lowering import EXPRESSIONS, Grown, Lowering
from preship.analyzers.source.tree import Assign, Evaluate, Export, ImportedName, Member, Name, Statement


def has_token(node: Grown, *tokens: str) -> bool:
    """True where one of these words or signs stands directly in a node, as such and not as a name."""
    return any(child.type in tokens and not child.is_named for child in node.children)


def child_of(node: Grown, kind: str) -> Grown | None:
    """The first child of one kind."""
    return next((child for child in node.children if child.type == kind), None)


def expression_in(node: Grown) -> Grown | None:
    """The first child that is an expression."""
    return next((child for child in node.named_children if child.type in EXPRESSIONS), None)


def required(low: Lowering, clause: Grown) -> Iterator[ImportedName]:
    """`import fs = require('fs')`."""
    source = clause.child_by_field_name("source")
    if source is not None and clause.named_children:
        local = low.name(clause.named_children[0])
        yield ImportedName(low.span(clause), "*", local, string_value(low, source))


def imported_names(low: Lowering, clause: Grown, specifier: str) -> Iterator[ImportedName]:
    """The values that `import a, { b as c } from` binds."""
    for child in clause.named_children:
        if child.type == "identifier":
            yield ImportedName(low.span(child), "default", low.name(child), specifier)
        elif child.type == "namespace_import" and child.named_children:
            yield ImportedName(low.span(child), "*", low.name(child.named_children[-1]), specifier)
        elif child.type == "named_imports":
            for each in child.named_children:
                if each.type == "import_specifier" and not has_token(each, "type", "typeof"):
                    imported, local = _pair(low, each)
                    yield ImportedName(low.span(each), imported, local, specifier)


def imported_types(low: Lowering, clause: Grown | None, *, all_are_types: bool) -> Iterator[str]:
    """Names that an import binds for types alone."""
    for child in () if clause is None else clause.named_children:
        if child.type == "named_imports":
            for each in child.named_children:
                if each.type == "import_specifier" and (all_are_types or has_token(each, "type", "typeof")):
                    yield _pair(low, each)[1]
        elif all_are_types and child.type in ("identifier", "namespace_import"):
            yield low.name(child).removeprefix("*").strip().removeprefix("as").strip()


def _pair(low: Lowering, specifier: Grown) -> tuple[str, str]:
    """The two names of `a as b`; twice the one of `a`."""
    name, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
    first = "" if name is None else _module_name(low, name)
    return first, first if alias is None else _module_name(low, alias)


def _module_name(low: Lowering, node: Grown) -> str:
    return string_value(low, node) if node.type == "string" else low.name(node)


def passed_on(low: Lowering, node: Grown, specifier: str) -> Iterator[Export]:
    """`export { a as b } from`, `export * as a from`, `export * from`."""
    if clause := child_of(node, "export_clause"):
        for each in _specifiers(clause):
            imported, name = _pair(low, each)
            yield Export(low.span(each), name, None, None, specifier, imported)
    elif namespace := child_of(node, "namespace_export"):
        name = _module_name(low, namespace.named_children[-1]) if namespace.named_children else ""
        yield Export(low.span(node), name, None, None, specifier, "*")
    else:
        yield Export(low.span(node), "*", None, None, specifier, "*")


def assigned_exports(low: Lowering, node: Grown) -> Iterator[Statement]:
    """`export = value` is TypeScript's way to write `module.exports = value`."""
    span = low.span(node)
    target = Member(span, Name(span, "module"), "exports")
    yield Evaluate(span, Assign(span, "=", target, low.optional(expression_in(node)) or low.nothing()))


def listed(low: Lowering, clause: Grown) -> Iterator[Export]:
    """`export { a as b }`."""
    for each in _specifiers(clause):
        local, name = _pair(low, each)
        yield Export(low.span(each), name, local)


def _specifiers(clause: Grown) -> Iterator[Grown]:
    for child in clause.named_children:
        if child.type == "export_specifier" and not has_token(child, "type", "typeof"):
            yield child
