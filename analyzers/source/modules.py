"""The top level of a file or namespace: imports, exports, and the statements between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preship.analyzers.source.clauses import (
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
from preship.analyzers.source.expressions import string_value
from preship.analyzers.source.functions import named
from preship.analyzers.source.lowering import Grown, Lowering
from preship.analyzers.source.prologue import TYPES, directives, is_namespace_of_types
from preship.analyzers.source.tree import (
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
from preship.analyzers.source.walk import bound_names

TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
"""Files of which the compiler leaves out what only types use."""


class TopLevel:
    """What the top level of a file or namespace says, gathered node by node."""

    def __init__(self, low: Lowering, nodes: Iterable[Grown]) -> None:
        nodes = list(nodes)
        self._low = low
        self.imports: list[ImportedName] = []
        self.side_effects: list[str] = []
        self.exports: list[Export] = []
        self.statements: list[Statement] = []
        self._types: set[str] = set()
        self._read(nodes)
        self._only_types = self._types - self._values()
        self.exports = [each for each in self.exports if each.local not in self._only_types]
        self.directives = directives(low, nodes, self._is_erased)

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

    def _values(self) -> set[str]:
        """Every name at this level that a value has."""
        values = {name for statement in self.statements for _, name in _names_of(statement)}
        values.update(each.local for each in self.imports)
        return values

    def _is_erased(self, node: Grown) -> bool:
        """Whether nothing may be left of a statement of the top level; of imports those decide who know their uses."""
        if node.type == "export_statement":
            return self._exports_no_value(node)
        is_typescript = self._low.path.endswith(TYPESCRIPT)
        return node.type == "empty_statement" or (is_typescript and _may_be_left_out(node))

    def _exports_no_value(self, node: Grown) -> bool:
        declaration, clause = node.child_by_field_name("declaration"), child_of(node, "export_clause")
        if declaration is not None:
            return declaration.type in TYPES | {"ambient_declaration"} or is_namespace_of_types(declaration)
        if clause is not None:  # a type is exported like a value: `export { A }` gives nothing away where A is one
            is_own = node.child_by_field_name("source") is None
            given = [each for each in listed(self._low, clause) if not (is_own and each.local in self._only_types)]
            return not given or has_token(node, "type")
        return has_token(node, "type", "namespace")

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


def _may_be_left_out(node: Grown) -> bool:
    """Whether nothing may be left of an import in TypeScript: where only types use what it binds."""
    if node.type == "import_alias":
        return True
    if node.type != "import_statement":
        return False
    named = [each for each in _imports_of(node) if each.type == "named_imports"]
    binds = any(each.named_children for each in named) or len(named) < len(_imports_of(node))
    return binds or has_token(node, "type") or child_of(node, "import_require_clause") is not None


def _imports_of(node: Grown) -> list[Grown]:
    clause = child_of(node, "import_clause")
    return [] if clause is None else [each for each in clause.named_children if each.type != "comment"]


def _names_of(statement: Statement) -> Iterator[tuple[Span, str]]:
    if isinstance(statement, Declare):
        for pattern in bound_names(statement.pattern):
            whole = statement if isinstance(statement.pattern, NamePattern) else pattern
            yield whole.span, pattern.name
    elif isinstance(statement, DeclareFunction | DeclareClass):
        yield statement.span, statement.name
