"""The top level of a file: imports, exports, and the statements between them; namespaces, which are files in small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from analyzers.source.expressions import string_value
from analyzers.source.functions import directives, named
from analyzers.source.lowering import EXPRESSIONS, STATEMENTS, Grown, Lowering, reads
from analyzers.source.tree import (
    ArrayPattern,
    Call,
    Declare,
    DeclareClass,
    DeclareFunction,
    Export,
    Expression,
    Function,
    FunctionBody,
    ImportedName,
    Name,
    NamePattern,
    ObjectLiteral,
    ObjectPattern,
    Pattern,
    Property,
    Return,
    Span,
    Statement,
)


class TopLevel:
    """What the top level of a file or namespace says, gathered node by node."""

    def __init__(self, low: Lowering, nodes: Iterable[Grown]) -> None:
        nodes = list(nodes)
        self._low = low
        self.directives = directives(low, nodes)
        self.imports: list[ImportedName] = []
        self.side_effects: list[str] = []
        self.exports: list[Export] = []
        self.statements: list[Statement] = []
        self._read(nodes)

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
                self.statements.extend(self._low.statements((node,)))

    def _read_import(self, node: Grown) -> None:
        if has_token(node, "type", "typeof"):
            return
        source, clause = node.child_by_field_name("source"), _child(node, "import_clause")
        if required := _child(node, "import_require_clause"):
            self.imports.extend(_required(self._low, required))
        elif source is not None and clause is None:
            self.side_effects.append(string_value(self._low, source))
        elif source is not None and clause is not None:
            self.imports.extend(_imported(self._low, clause, string_value(self._low, source)))

    def _read_export(self, node: Grown) -> None:
        if has_token(node, "type"):
            return
        source = node.child_by_field_name("source")
        if source is not None:
            self.exports.extend(_passed_on(self._low, node, string_value(self._low, source)))
        elif clause := _child(node, "export_clause"):
            self.exports.extend(_listed(self._low, clause))
        elif has_token(node, "default", "="):
            self._read_default(node)
        elif declaration := node.child_by_field_name("declaration"):
            self._read_declared(declaration)

    def _read_declared(self, declaration: Grown) -> None:
        for statement in self._low.statements((declaration,)):
            self.statements.append(statement)
            self.exports.extend(Export(span, name, name) for span, name in _declared(statement))

    def _read_default(self, node: Grown) -> None:
        span, declaration = self._low.span(node), node.child_by_field_name("declaration")
        if declaration is not None:
            statements = self._low.statements((declaration,))
            self.statements.extend(statements)
            self.exports.extend(Export(span, "default", name) for each in statements for _, name in _declared(each))
            return
        value = node.child_by_field_name("value") or _expression_in(node)
        if value is not None:
            found = named(self._low, value, None)
            if isinstance(found, Name):
                self.exports.append(Export(span, "default", local=found.name))
            else:
                self.exports.append(Export(span, "default", value=found))


def _expression_in(node: Grown) -> Grown | None:
    return next((child for child in node.named_children if child.type in EXPRESSIONS), None)


def has_token(node: Grown, *tokens: str) -> bool:
    """True where one of these words or signs stands directly in a node, as such and not as a name."""
    return any(child.type in tokens and not child.is_named for child in node.children)


def _child(node: Grown, kind: str) -> Grown | None:
    return next((child for child in node.children if child.type == kind), None)


# --- imports -------------------------------------------------------------------------------------------------------


def _required(low: Lowering, clause: Grown) -> Iterator[ImportedName]:
    source = clause.child_by_field_name("source")
    if source is not None and clause.named_children:
        local = low.name(clause.named_children[0])
        yield ImportedName(low.span(clause), "*", local, string_value(low, source))


def _imported(low: Lowering, clause: Grown, specifier: str) -> Iterator[ImportedName]:
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


def _pair(low: Lowering, specifier: Grown) -> tuple[str, str]:
    """The two names of `a as b`; twice the one of `a`."""
    name, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
    first = "" if name is None else _module_name(low, name)
    return first, first if alias is None else _module_name(low, alias)


def _module_name(low: Lowering, node: Grown) -> str:
    return string_value(low, node) if node.type == "string" else low.name(node)


# --- exports -------------------------------------------------------------------------------------------------------


def _passed_on(low: Lowering, node: Grown, specifier: str) -> Iterator[Export]:
    if clause := _child(node, "export_clause"):
        for each in _specifiers(clause):
            imported, name = _pair(low, each)
            yield Export(low.span(each), name, None, None, specifier, imported)
    elif namespace := _child(node, "namespace_export"):
        name = _module_name(low, namespace.named_children[-1]) if namespace.named_children else ""
        yield Export(low.span(node), name, None, None, specifier, "*")
    else:
        yield Export(low.span(node), "*", None, None, specifier, "*")


def _listed(low: Lowering, clause: Grown) -> Iterator[Export]:
    for each in _specifiers(clause):
        local, name = _pair(low, each)
        yield Export(low.span(each), name, local)


def _specifiers(clause: Grown) -> Iterator[Grown]:
    for child in clause.named_children:
        if child.type == "export_specifier" and not has_token(child, "type", "typeof"):
            yield child


def _declared(statement: Statement) -> Iterator[tuple[Span, str]]:
    if isinstance(statement, Declare):
        for pattern in bound_names(statement.pattern):
            whole = statement if isinstance(statement.pattern, NamePattern) else pattern
            yield whole.span, pattern.name
    elif isinstance(statement, DeclareFunction | DeclareClass):
        yield statement.span, statement.name


def bound_names(pattern: Pattern) -> Iterator[NamePattern]:
    """Every variable that a pattern binds, in source order."""
    if isinstance(pattern, NamePattern):
        yield pattern
    elif isinstance(pattern, ObjectPattern):
        for entry in pattern.properties:
            yield from bound_names(entry.pattern)
    elif isinstance(pattern, ArrayPattern):
        for item in pattern.items:
            if item is not None:
                yield from bound_names(item.pattern)
    if isinstance(pattern, ObjectPattern | ArrayPattern) and pattern.rest is not None:
        yield from bound_names(pattern.rest)


# --- namespaces ----------------------------------------------------------------------------------------------------


@reads(STATEMENTS, "internal_module", "module")
def _namespace(low: Lowering, node: Grown) -> Iterator[Statement]:
    """`namespace A.B { export … }` as what TypeScript makes of it: A, an object with B, the result of a function."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None or name.type == "string":  # `module "x"` only declares types
        return
    span, names = low.span(node), low.name(name).split(".")
    maker = Function(span, names[-1], partial(_namespace_body, low.path, low.content, body, low.depth), is_arrow=True)
    value: Expression = Call(span, maker, ())
    for inner in reversed(names[1:]):
        value = ObjectLiteral(span, (Property(span, inner.strip(), value),))
    yield Declare(span, "const", NamePattern(low.span(name), names[0].strip()), value)


def _namespace_body(path: str, content: bytes, body: Grown, depth: int) -> FunctionBody:
    inside = TopLevel(Lowering(path, content, depth), body.children)
    given = [Property(each.span, each.name, Name(each.span, each.local or "")) for each in inside.exports]
    result = ObjectLiteral(Lowering(path, content).span(body), tuple(given))
    return FunctionBody((), (*inside.statements, Return(result.span, result)), ())


@reads(STATEMENTS, "import_alias")
def _alias(low: Lowering, node: Grown) -> Iterator[Statement]:
    """`import A = B.C` binds a value of a namespace."""
    if len(node.named_children) == 2:
        name, value = node.named_children
        yield Declare(low.span(node), "const", NamePattern(low.span(name), low.name(name)), low.expression(value))
