"""Which functions of a module the Next.js compiler turns into Server Actions, and what it refuses to compile.

Handlers of requests (`route.ts`) are found beside them: they answer at an address of their own, by what is exported.

The measure is the compiler itself, asked in `tests/analyzers/actions/test_compiler.py`; its source is
https://github.com/vercel/next.js/blob/canary/crates/next-custom-transforms/src/transforms/server_actions.rs
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from preship.analyzers.actions.directives import (
    Refusal,
    file_is_action_module,
    is_cached,
    is_seen_in_methods,
    refused_directives,
    refused_inside,
)
from preship.analyzers.actions.locals import Locals
from preship.analyzers.source.prologue import SERVER
from preship.analyzers.source.tree import (
    Call,
    ClassMember,
    DynamicImport,
    Evaluate,
    Export,
    Expression,
    Function,
    Literal,
    Module,
    Node,
    Property,
    RegularExpression,
    Span,
)
from preship.analyzers.source.walk import children, within

NOT_ASYNC = "Server Actions must be async functions."
NOT_A_FUNCTION = 'Only async functions are allowed to be exported in a "use server" file.'
INSTANCE_METHOD = 'It is not allowed to define inline "use server" annotated class instance methods.'
IN_CLIENT = 'It is not allowed to define inline "use server" annotated Server Actions in Client Components.'
BOTH_SIDES = 'It\'s not possible to have both "use client" and "use server" directives in the same file.'


@dataclass(frozen=True, slots=True)
class ServerAction:
    """A function that anybody can call over the network."""

    path: str
    name: str | None
    """The exported name that the compiler uses (`default` for a default export), or an inline action's own, if any."""

    line: int
    """First line of the function or of what makes it; of the export where neither stands in this file."""

    end_line: int
    form: str
    """`module`: exported from a file with the directive; `inline`: the directive stands in the function; `route`:
    exported from a route under the name of a method of HTTP."""

    span: Span
    """The stretch that `line` and `end_line` are of."""

    export: Export | None = None
    """How a module action is given away."""

    function: Function | None = None
    """Its code, where that is plain to see: not behind a wrapper's call nor in another file."""

    value: Expression | None = None
    """What makes a module action, where that is an expression of this file and no plain function: `wrap(…)`."""

    enclosing: tuple[Function, ...] = ()
    """The functions around an inline action, outermost first; their variables are captured at render."""

    address: str = ""
    """The path at which a handler of requests answers, as its folders are called: `/api/posts/[id]`."""

    @property
    def name_in_code(self) -> str | None:
        """What its own code calls it: the compiler's name, or of a default export the function's, if it has one.

        A handler of requests goes by its method and its address: `GET /api/posts/[id]`.
        """
        if self.address:
            return f"{self.name} {self.address}"
        if self.name != "default" or self.export is None:
            return self.name
        own = self.function.name if self.function is not None else None
        return self.export.local or own or self.name


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the compiler makes of one module."""

    actions: tuple[ServerAction, ...]
    """In source order. Where there are refusals: what would be exposed without them."""

    refusals: tuple[Refusal, ...]
    """Why the compiler refuses the module, in source order; then none of it is deployed."""

    is_action_module: bool
    """Whether the file's own directive makes its exports actions."""

    unread: tuple[Span, ...]
    """Directives in code that could not be read: there may be actions there."""


def discover(module: Module) -> Discovery:
    """Find the Server Actions of a module."""
    locals_ = Locals(module)
    is_action_module = file_is_action_module(module)
    exported = list(_exported(module, locals_)) if is_action_module else []
    taken = {id(action.function) for action in exported if action.function is not None}
    actions = [action for action in exported if not _is_cached_function(action)]
    actions += [each for each in _inline(module) if id(each.function) not in taken]
    looked_at = [function for function, _, holder in _functions(module) if not _is_initialiser(holder)]
    refusals = [*refused_directives(module, looked_at), *_refused(module, is_action_module, actions)]
    if is_action_module:
        refusals += _refused_exports(module, locals_)
    return Discovery(
        tuple(sorted(actions, key=lambda action: (action.span.start, action.name or ""))),
        tuple(sorted(refusals, key=lambda refusal: refusal.span.start)),
        is_action_module,
        tuple(_unread(module)),
    )


def _unread(module: Module) -> Iterator[Span]:
    """The strings that spell the directive and that no walk over the tree meets."""
    places = module.server_directives
    roots = [*module.statements, *(e.value for e in module.exports if e.value is not None)] if places else []
    met = {node.span.start for node in within(*roots) if isinstance(node, Evaluate)}
    yield from (place for place in places if place.start not in met)


def _is_cached_function(action: ServerAction) -> bool:
    return action.function is not None and is_cached(action.function)


# --- exports of an action module -----------------------------------------------------------------------------------


CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""Methods of HTTP that change something. https://nextjs.org/docs/app/api-reference/file-conventions/route"""


METHODS = CHANGING | {"GET"}
"""Those that bring data, as well; the others tell of a resource what these do."""


def handlers_of(
    module: Module, address: str, methods: Collection[str] = METHODS, given: Collection[str] = ()
) -> tuple[ServerAction, ...]:
    """The functions of a route that answer requests of these methods, whatever makes them and wherever they stand.

    `given` are all names that the module gives away, those of `export * from` included.
    """
    locals_ = Locals(module)
    last = {export.name: export for export in module.exports if export.name in methods}
    every = next((export for export in module.exports if export.name == "*"), None)
    if every is not None:
        last |= {name: replace(every, name=name) for name in sorted(set(given) & set(methods) - last.keys())}
    return tuple(_handler(module.path, export, locals_, address) for export in last.values())


def _handler(path: str, export: Export, locals_: Locals, address: str) -> ServerAction:
    binding = locals_.of(export.local) if export.local and export.specifier is None else None
    span = binding.span if binding is not None else export.span
    function, value = (binding.function, binding.value) if binding is not None else (None, None)
    place = (path, export.name, span.line, span.end_line)
    return ServerAction(*place, "route", span, export, function, None if function else value, address=address)


def _exported(module: Module, locals_: Locals) -> Iterator[ServerAction]:
    for export in _one_per_variable(module, locals_):
        action = _of_variable(module, export, locals_) if export.local else _of_value(module, export)
        if action is not None:
            yield action


def _one_per_variable(module: Module, locals_: Locals) -> list[Export]:
    """A variable exported under several names is one action, registered under the last of them.

    A function that is declared as the default export keeps that name beside the others.
    """
    last: dict[object, Export] = {}
    for export in module.exports:
        if export.specifier is None:
            is_own = export.local is None or (export.name == "default" and locals_.declares(export))
            key = id(export) if is_own else export.local
            last.pop(key, None)
            last[key] = export
    return list(last.values())


def _of_variable(module: Module, export: Export, locals_: Locals) -> ServerAction | None:
    binding = locals_.of(export.local or "")
    if binding is None:  # imported, destructured, or bound nowhere: the compiler does not ask
        return _action(module.path, export, export.span)
    if binding.function is not None:
        is_action = binding.function.is_async or binding.is_wrapped
        return _action(module.path, export, binding.span, function=binding.function) if is_action else None
    if locals_.declares(export) and (binding.is_class or _is_literal(binding.value)):
        return None
    return _action(module.path, export, binding.span, value=binding.value)


def _of_value(module: Module, export: Export) -> ServerAction | None:
    """`export default expression`."""
    value = export.value
    if isinstance(value, Function):
        return _action(module.path, export, export.span, function=value) if value.is_async else None
    return _action(module.path, export, export.span, value=value) if _is_call(value) else None


def _is_call(value: Expression | None) -> bool:
    return isinstance(value, DynamicImport) or (isinstance(value, Call) and not _is_optional_chain(value))


def _is_optional_chain(value: object) -> bool:
    while value is not None:
        if getattr(value, "is_optional", False):
            return True
        value = getattr(value, "callee", None) or getattr(value, "object", None)
    return False


def _is_literal(value: Expression | None) -> bool:
    return isinstance(value, Literal | RegularExpression)


def _action(
    path: str, export: Export, span: Span, *, function: Function | None = None, value: Expression | None = None
) -> ServerAction:
    return ServerAction(path, export.name, span.line, span.end_line, "module", span, export, function, value)


# --- inline actions ------------------------------------------------------------------------------------------------


def _inline(module: Module) -> Iterator[ServerAction]:
    for function, enclosing, holder in _functions(module):
        if SERVER in function.body.directives and _may_be_inline(function, holder):
            span = function.span
            # What stands in an attribute or a property is called by no name of its own.
            name = None if isinstance(holder, Property) else function.name
            place = (module.path, name, span.line, span.end_line)
            yield ServerAction(*place, "inline", span, function=function, enclosing=enclosing)


def _functions(module: Module) -> Iterator[tuple[Function, tuple[Function, ...], Node | None]]:
    """Every function, with those around it, outermost first, and the node that directly holds it."""
    roots: list[Node] = [*module.statements, *(e.value for e in module.exports if e.value is not None)]
    waiting: list[tuple[Node, tuple[Function, ...], Node | None]] = [(root, (), None) for root in reversed(roots)]
    while waiting:
        node, enclosing, holder = waiting.pop()
        if isinstance(node, Function):
            yield node, enclosing, holder
            enclosing = (*enclosing, node)
        inside = [(child, enclosing, node) for child in children(node)]
        waiting.extend(reversed(inside))


def _may_be_inline(function: Function, holder: Node | None) -> bool:
    return not _is_initialiser(holder) and function.is_async and not _is_refused_method(function, holder)


def _is_initialiser(holder: Node | None) -> bool:
    """Constructors and static blocks: the compiler passes over directives in them."""
    return isinstance(holder, ClassMember) and (holder.kind == "block" or holder.key == "constructor")


def _is_refused_method(function: Function, holder: Node | None) -> bool:
    if (
        not is_seen_in_methods(function.body)
        or not isinstance(holder, ClassMember)
        or holder.kind == "field"
        or holder.is_static
    ):
        return False
    return not (isinstance(holder.key, str) and holder.key.startswith("#"))


# --- refusals ------------------------------------------------------------------------------------------------------


def _refused_exports(module: Module, locals_: Locals) -> Iterator[Refusal]:
    for export in module.exports:
        if export.specifier is not None:
            yield Refusal(NOT_A_FUNCTION, export.span)
        elif export.local is None:
            yield from _refused_value(export)
        else:
            yield from _refused_variable(export, locals_)


def _refused_value(export: Export) -> Iterator[Refusal]:
    if isinstance(export.value, Function):
        if not export.value.is_async:
            yield Refusal(NOT_ASYNC, export.value.span)
    elif not _is_call(export.value):
        yield Refusal(NOT_A_FUNCTION, export.span)


def _refused_variable(export: Export, locals_: Locals) -> Iterator[Refusal]:
    for binding in locals_.all_of(export.local or ""):
        if binding.function is not None and not (binding.function.is_async or binding.is_wrapped):
            yield Refusal(NOT_ASYNC, binding.span)
        elif locals_.declares(export) and (binding.is_class or _is_literal(binding.value)):
            yield Refusal(NOT_A_FUNCTION, export.span)


def _refused(module: Module, is_action_module: bool, actions: list[ServerAction]) -> Iterator[Refusal]:
    is_client = "use client" in module.directives
    if is_client and is_action_module:
        yield Refusal(BOTH_SIDES, module.statements[0].span)
    for action in actions:
        if action.form == "inline" and is_client and not is_action_module:
            yield Refusal(IN_CLIENT, action.span)
        if action.function is not None:
            yield from refused_inside(action.function)
    for function, _, holder in _functions(module):
        if SERVER in function.body.directives and not _is_initialiser(holder):
            if _is_refused_method(function, holder):
                yield Refusal(INSTANCE_METHOD, function.span)
            elif not function.is_async:
                yield Refusal(NOT_ASYNC, function.span)
