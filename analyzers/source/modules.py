"""The top level of a file or namespace: imports, exports, and the statements between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.source.clauses import (
    assigned_exports,
    child_of,
    expression_in,
    has_token,
    imported_names,
    imported_types,
    listed,
    passed_on,
    required,
)
from analyzers.source.expressions import string_value
from analyzers.source.functions import directives, named
from analyzers.source.lowering import Grown, Lowering
from analyzers.source.tree import (
    Declare,
    DeclareClass,
    DeclareFunction,
    Export,
    ImportedName,
    Name,
    NamePattern,
    Span,
    Statement,
)
from analyzers.source.walk import bound_names

TYPES = frozenset(("interface_declaration", "type_alias_declaration"))
"""Declarations that leave no code behind, yet have a name."""


class TopLevel:
    """What the top level of a file or namespace says, gathered node by node."""

    def __init__(self, low: Lowering, nodes: Iterable[Grown]) -> None:
        nodes = list(nodes)
        self._low = low
        self.directives = directives(low, [node for node in nodes if not _may_be_erased(node)])
        self.imports: list[ImportedName] = []
        self.side_effects: list[str] = []
        self.exports: list[Export] = []
        self.statements: list[Statement] = []
        self._types: set[str] = set()
        self._read(nodes)
        self._forget_exported_types()

    def _read(self, nodes: Iterable[Grown]) -> None:
        for node in nodes:
            if node.type == "import_statement":
                self._read_import(node)
            elif node.type == "export_statement":
                self._read_export(node)
            elif node.type == "ERROR":  # exports behind one odd token are still exports
                self.statements.append(self._low.unreadable(node))
                self._read(node.named_children)
            else:
                self._note_type(node)
                self.statements.extend(self._low.statements((node,)))

    def _note_type(self, node: Grown) -> None:
        name = node.child_by_field_name("name") if node.type in TYPES else None
        if name is not None:
            self._types.add(self._low.name(name))

    def _forget_exported_types(self) -> None:
        """`export { A }` gives nothing away where A is only a type."""
        values = {name for statement in self.statements for _, name in _names_of(statement)}
        values.update(each.local for each in self.imports)
        only_types = self._types - values
        self.exports = [each for each in self.exports if each.local not in only_types]

    def _read_import(self, node: Grown) -> None:
        source, clause = node.child_by_field_name("source"), child_of(node, "import_clause")
        if has_token(node, "type", "typeof"):
            self._types.update(imported_types(self._low, clause, all_are_types=True))
            return
        if of_require := child_of(node, "import_require_clause"):
            self.imports.extend(required(self._low, of_require))
        elif source is not None and clause is None:
            self.side_effects.append(string_value(self._low, source))
        elif source is not None and clause is not None:
            self.imports.extend(imported_names(self._low, clause, string_value(self._low, source)))
            self._types.update(imported_types(self._low, clause, all_are_types=False))

    def _read_export(self, node: Grown) -> None:
        if has_token(node, "type"):
            return
        source = node.child_by_field_name("source")
        if source is not None:
            self.exports.extend(passed_on(self._low, node, string_value(self._low, source)))
        elif clause := child_of(node, "export_clause"):
            self.exports.extend(listed(self._low, clause))
        elif has_token(node, "="):
            self.statements.extend(assigned_exports(self._low, node))
        elif has_token(node, "default"):
            self._read_default(node)
        elif declaration := node.child_by_field_name("declaration"):
            self._read_declared(declaration)

    def _read_declared(self, declaration: Grown) -> None:
        for statement in self._low.statements((declaration,)):
            self.statements.append(statement)
            self.exports.extend(Export(span, name, name) for span, name in _names_of(statement))

    def _read_default(self, node: Grown) -> None:
        span, declaration = self._low.span(node), node.child_by_field_name("declaration")
        if declaration is not None:
            statements = self._low.statements((declaration,))
            self.statements.extend(statements)
            self.exports.extend(Export(span, "default", name) for each in statements for _, name in _names_of(each))
            return
        value = node.child_by_field_name("value") or expression_in(node)
        if value is not None:
            found = named(self._low, value, None)
            if isinstance(found, Name):
                self.exports.append(Export(span, "default", local=found.name))
            else:
                self.exports.append(Export(span, "default", value=found))


def _may_be_erased(node: Grown) -> bool:
    """Whether TypeScript may leave nothing of a statement: of types always, of imports where only types use them."""
    if node.type == "import_statement":
        return any(child.type in ("type", "import_clause", "import_require_clause") for child in node.children)
    if node.type == "export_statement":
        declaration = node.child_by_field_name("declaration")
        return has_token(node, "type") or (declaration is not None and declaration.type in TYPES)
    return node.type in TYPES or node.type in ("ambient_declaration", "empty_statement")


def _names_of(statement: Statement) -> Iterator[tuple[Span, str]]:
    if isinstance(statement, Declare):
        for pattern in bound_names(statement.pattern):
            whole = statement if isinstance(statement.pattern, NamePattern) else pattern
            yield whole.span, pattern.name
    elif isinstance(statement, DeclareFunction | DeclareClass):
        yield statement.span, statement.name
