"""Module variables: a module's own code runs when one of its names is first asked for, declaration by declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from preship.analyzers.flow.budget import OutOfSteps
from preship.analyzers.flow.containers import shared
from preship.analyzers.flow.effects import Trace
from preship.analyzers.flow.elsewhere import is_left_to_be_filled, put_elsewhere
from preship.analyzers.flow.installed import handed_in
from preship.analyzers.flow.kept import LATER, bare, holding, kept, put_by, static_value
from preship.analyzers.flow.language import GLOBAL_OBJECTS
from preship.analyzers.flow.library import PathEnded
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.patterns import names_of
from preship.analyzers.flow.reassigned import (
    Reassignment,
    assigned_around,
    assigned_in,
    configured_by,
    keeps_entries,
    kept_in,
    names_in,
)
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Blueprint,
    Closure,
    Namespace,
    Value,
    of,
    unite,
    unknown,
)
from preship.analyzers.project.bindings import Binding, LocalBinding, NamespaceBinding, OneOf, PackageBinding
from preship.analyzers.project.project import Project
from preship.analyzers.source import tree


@dataclass(slots=True)
class Variables:
    """The top level of one module."""

    scope: Scope
    declarations: dict[str, tree.Statement]
    """What declares each name."""

    mutable: frozenset[str]
    """Names that the module's own statements may assign again."""

    rest: tuple[tree.Statement, ...]
    """Statements that declare nothing."""

    reassigned: Mapping[str, tuple[Reassignment, ...]]
    """What the module puts into its variables later than their declarations do."""

    assigned_around: frozenset[str]
    """The names of variables, of whatever function, that another function assigns."""

    values: dict[str, Value] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)
    """What was gone through to give each value."""

    running: set[str] = field(default_factory=set)
    kept_globally: Mapping[str, tuple[Reassignment, ...]] | None = None
    """What the module puts into properties of the global object, by property; None where nobody has asked yet."""

    filling: set[str] = field(default_factory=set)
    """The properties of the global object that are being asked for."""


class Modules:
    """The variables of all modules of a project."""

    def __init__(self, machine: Machine, project: Project) -> None:
        self._machine = machine
        self._project = project
        self._variables: dict[str, Variables | None] = {}
        self._exports: dict[tuple[str, str], Value] = {}
        self._statics: dict[tuple[Blueprint, tree.ClassMember], tuple[Value, Trace]] = {}
        """What static fields hold, and what was gone through to give it."""

    def scope(self, path: str) -> Scope | None:
        """The scope of a module's top level."""
        variables = self._of(path)
        return variables.scope if variables else None

    def variable(self, path: str, name: str, frame: Frame) -> Value | None:
        """What a name of a module's top level holds; None where it declares none."""
        variables = self._of(path)
        if variables is None:
            return None
        if name in variables.declarations:
            return self._declared(path, variables, name, frame)
        binding = self._project.local(path, name)
        if binding is None:
            return None
        module = self._project.module(path)
        specifier = next((i.specifier for i in module.imports if i.local == name), "") if module else ""
        return self._bound(binding, specifier, name, frame)

    def imported(self, importer: str, specifier: str, name: str, frame: Frame) -> Value:
        """What importing a name gives."""
        binding = self._project.imported(importer, specifier, name)
        if binding is None:
            return unknown({Unfollowed(f"{name} is not exported by {specifier}")})
        return self._bound(binding, specifier, name, frame)

    def kept_globally(self, name: str, frame: Frame) -> Value:
        """What a module keeps in a property of the global object: a client that outlives a reload, above all.

        Another module may have put something else there: where the one that asks puts nothing, it is anything.
        """
        variables = self._of(frame.module)
        puts = self._global_puts(frame.module, variables).get(name, ()) if variables is not None else ()
        if variables is None or not puts:
            return unknown({Unfollowed(f"the global name {name}")})
        if name in variables.filling:
            return UNDEFINED_VALUE
        variables.filling.add(name)
        try:
            # What waits for the property itself puts nothing else there.
            known = [made for made in puts if not names_in(made.put.value) & variables.running]
            return unite(
                UNDEFINED_VALUE, *(bare(put_by(self._machine, made, variables.scope, frame).value) for made in known)
            )
        finally:
            variables.filling.discard(name)

    def _global_puts(self, path: str, variables: Variables) -> Mapping[str, tuple[Reassignment, ...]]:
        if variables.kept_globally is None:
            module = self._project.module(path)
            names = GLOBAL_OBJECTS.difference(variables.declarations) | other_names(variables.declarations)
            variables.kept_globally = kept_in(module.statements, names) if module is not None else {}
        return variables.kept_globally

    def outliving(self, path: str, name: str, value: Value) -> Value:
        """What a variable of a call that is over holds, for the functions that were made there."""
        variables = self._of(path)
        if variables is None or name not in variables.assigned_around:
            return value
        return unite(value, LATER)

    def static_field(self, reader: Blueprint, owner: Blueprint, field: tree.ClassMember, frame: Frame) -> Value:
        """What a static field of a class holds, asked for by this class or by one that extends it."""
        key = (reader, field)
        if key not in self._statics:
            trace = Trace()
            self._statics[key] = (unknown({Unfollowed("a circle of static fields")}), trace)
            inner = Frame(owner.scope.module, trace, (), frame.depth + 1)
            try:
                value = initial_value(self._machine, reader, owner, field, inner)
                self._statics[key] = (static_value(self._machine, value, str(field.key), reader, inner), trace)
            except OutOfSteps:
                del self._statics[key]
                raise
            trace.visited.add(field.span)
        value, trace = self._statics[key]
        frame.trace.pass_through(trace)
        return value

    def put_into(self, path: str, name: str) -> Iterator[tuple[Scope, Reassignment]]:
        """What any module puts into properties of what a module declares under a name."""
        variables = self._of(path)
        if variables is not None:
            yield from ((variables.scope, put) for put in variables.reassigned.get(name, ()))
            yield from self._put_elsewhere(path, name)

    def exported(self, path: str, name: str, frame: Frame) -> Value:
        """What a module exports under a name."""
        binding = self._project.export(path, name)
        if binding is None:
            return ABSENT_VALUE
        return self._bound(binding, path, name, frame)

    def _bound(self, binding: Binding, specifier: str, name: str, frame: Frame) -> Value:
        if isinstance(binding, LocalBinding):
            return self._local(binding, frame)
        if isinstance(binding, NamespaceBinding):
            return of(Namespace(binding.path))
        if isinstance(binding, PackageBinding):
            return self._machine.knowledge.imported(root_of(binding), binding.imported)
        if isinstance(binding, OneOf):
            for each in binding.packages:
                if self._machine.knowledge.knows(root_of(each), each.imported):
                    return self._machine.knowledge.imported(root_of(each), each.imported)
        return self._machine.knowledge.unresolved(specifier, name)

    def _local(self, binding: LocalBinding, frame: Frame) -> Value:
        variables = self._of(binding.path)
        if variables is None:
            return PLAIN
        export = binding.export
        if binding.local is not None and binding.local in variables.declarations:
            found = self._declared(binding.path, variables, binding.local, frame)
            if export is None or export.name == binding.local:
                return found
            return self._machine.knowledge.function(binding.path, export.name, found)
        if export is None or export.value is None:
            return unknown({Unfollowed(f"{binding.local} of {binding.path}")})
        if "default" not in variables.declarations:
            value = export.value
            variables.declarations["default"] = tree.Declare(
                export.span, "const", tree.NamePattern(export.span, "default"), value
            )
        return self._declared(binding.path, variables, "default", frame)

    def _declared(self, path: str, variables: Variables, name: str, frame: Frame) -> Value:
        if name not in variables.values:
            if name in variables.running:
                return unknown({Unfollowed("a circle of module variables")})
            self._run(path, variables, name, frame)
        if name in variables.traces:
            frame.trace.pass_through(variables.traces[name])
        return self._machine.knowledge.function(path, name, variables.values[name])

    def _run(self, path: str, variables: Variables, name: str, frame: Frame) -> None:
        """Run the declaration of a name, and what assigns it again."""
        declaration = variables.declarations[name]
        names = declared_names(declaration)
        variables.running.update(names)
        trace = Trace()
        inner = Frame(path, trace, (), frame.depth + 1)
        state = self._machine.begun()
        scope = variables.scope
        try:
            self._execute(declaration, variables, inner, state, name)
        finally:
            variables.running.difference_update(names)
        self._machine.remember(state)
        for each in names:
            cell = scope.cells.get(each)
            variables.values[each] = shared(state.store.get(cell, PLAIN)) if cell is not None else PLAIN
            if cell is not None and not cell.is_shared:
                del scope.cells[each]
        try:
            for each in names:
                self._reassign(variables, each, inner)
        except OutOfSteps:
            # What is known of them in part must not be taken for all.
            for each in names:
                del variables.values[each]
            raise
        trace.visited.add(declaration.span)
        variables.traces.update(dict.fromkeys(names, trace))

    def _reassign(self, variables: Variables, name: str, frame: Frame) -> None:
        """Let a variable hold what some function has put into it, in this request or in one before.

        What one property holds may come from another one, wherever in the module it is set: hence twice.
        """
        for _ in range(2):
            for made in variables.reassigned.get(name, ()):
                self._hold(variables, name, made, variables.scope, frame)
        if is_left_to_be_filled(variables.values[name]):
            for scope, made in self._put_elsewhere(frame.module, name):
                self._hold(variables, name, made, scope, frame)
        variables.values[name] = kept(self._machine, variables.values[name], frame)

    def _hold(self, variables: Variables, name: str, made: Reassignment, scope: Scope, frame: Frame) -> None:
        for where, each in tuple(self._handed_in(made, scope)) or ((scope, made),):
            found = put_by(self._machine, each, where, frame)
            variables.values[name] = holding(variables.values[name], made.put.path, found)

    def _handed_in(self, made: Reassignment, scope: Scope) -> Iterator[tuple[Scope, Reassignment]]:
        """What calls give that a function puts somewhere as it is."""
        for user, each in handed_in(self._project, scope.module, made):
            variables = self._of(user)
            if variables is not None:
                yield variables.scope, each

    def _put_elsewhere(self, path: str, name: str) -> Iterator[tuple[Scope, Reassignment]]:
        for importer, made in put_elsewhere(self._project, path, name):
            variables = self._of(importer)
            if variables is not None:
                yield variables.scope, made

    def _execute(
        self, declaration: tree.Statement, variables: Variables, frame: Frame, state: State, name: str
    ) -> None:
        scope = variables.scope
        if isinstance(declaration, tree.DeclareFunction):
            state.store[scope.declare(name)] = of(Closure(declaration.function, scope))
            return
        if isinstance(declaration, tree.DeclareClass):
            state.store[scope.declare(name)] = of(Blueprint(declaration.value, scope))
            return
        try:
            self._machine.execute((declaration,), frame, scope, state)
            is_mutable = name in variables.mutable
            after = variables.rest if is_mutable else [each for each in variables.rest if is_call_of(each, name)]
            self._machine.execute(after, frame, scope, state)
        except PathEnded:
            return

    def _of(self, path: str) -> Variables | None:
        if path not in self._variables:
            module = self._project.module(path)
            self._variables[path] = variables_of(module) if module is not None else None
        return self._variables[path]


def variables_of(module: tree.Module) -> Variables:
    """The names that a module's top level declares."""
    declarations: dict[str, tree.Statement] = {}
    mutable: set[str] = set()
    rest: list[tree.Statement] = []
    for statement in module.statements:
        names = declared_names(statement)
        for name in names:
            declarations[name] = statement
        if isinstance(statement, tree.Declare) and statement.kind in {"let", "var"}:
            mutable.update(names)
        if not names:
            rest.append(statement)
    scope = Scope(None, module.path)
    variables = variables_among(declarations)
    keepers = [name for name in variables if keeps_entries(value_of(declarations[name]))]
    reassigned = assigned_in(module.statements, frozenset(declarations), mutable, keepers)
    for name in variables.intersection(reassigned):
        scope.declare(name, is_shared=True)
    return Variables(
        scope, declarations, frozenset(mutable), tuple(rest), reassigned, assigned_around(module.statements)
    )


def is_call_of(statement: tree.Statement, name: str) -> bool:
    """Whether a statement does something to what a name holds: `client.use(middleware)`."""
    if not isinstance(statement, tree.Evaluate) or isinstance(statement.value, tree.Assign):
        return False
    return configured_by(statement) == name


def other_names(declarations: Mapping[str, tree.Statement]) -> frozenset[str]:
    """The names that a module gives the global object: `const globalForDatabase = globalThis as { … }`."""
    return frozenset(
        name
        for name, statement in declarations.items()
        if isinstance(statement, tree.Declare)
        and isinstance(statement.value, tree.Name)
        and statement.value.name in GLOBAL_OBJECTS
    )


def value_of(declaration: tree.Statement) -> tree.Expression | None:
    """What a variable is made with."""
    return declaration.value if isinstance(declaration, tree.Declare) else None


def variables_among(declarations: Mapping[str, tree.Statement]) -> frozenset[str]:
    """The names that are neither functions nor classes."""
    return frozenset(name for name, statement in declarations.items() if isinstance(statement, tree.Declare))


def initial_value(m: Machine, reader: Blueprint, owner: Blueprint, field: tree.ClassMember, frame: Frame) -> Value:
    """What a static field is declared with."""
    if field.value is None:
        return ABSENT_VALUE
    scope, state = Scope(owner.scope, owner.scope.module), m.begun()
    frame.this = state.store[scope.declare("this")] = of(reader)
    try:
        return m.evaluate(field.value, frame, scope, state)
    except PathEnded:
        return PLAIN
    finally:
        m.remember(state)


def root_of(binding: PackageBinding) -> str:
    """What a package's path is called: `next/headers`."""
    package = binding.package
    return f"{package.name}/{package.subpath}" if package.subpath else package.name


def declared_names(statement: tree.Statement) -> list[str]:
    """The names that a top-level statement declares."""
    if isinstance(statement, tree.Declare):
        return names_of(statement.pattern)
    if isinstance(statement, tree.DeclareFunction | tree.DeclareClass):
        return [statement.name]
    return []
