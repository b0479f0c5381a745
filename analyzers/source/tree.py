"""The compact syntax tree: what JavaScript and TypeScript code says, without how it is spelled.

Types, parentheses, `as`, `satisfies` and `!` leave no node: they mean nothing at run time. Nodes compare by
identity, so that they can serve as keys; each carries the `Span` it came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Where a piece of source stands."""

    path: str
    """File, from the root of the repository, with forward slashes."""

    line: int
    """First line; counts from 1."""

    end_line: int
    """Last line, inclusive; counts from 1."""

    start: int
    """Offset of the first byte in the file."""

    end: int
    """Offset behind the last byte in the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Any piece of the tree."""

    span: Span


# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Name(Node):
    """A reference to a variable, `undefined` included."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    """A string, number, boolean or `null` (None)."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class RegularExpression(Node):
    """A regular expression literal, slashes and flags included."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Template(Node):
    """A template literal; `strings` has one element more than `values`."""

    strings: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TaggedTemplate(Node):
    """A template literal handed to a function: `sql\\`…\\``."""

    tag: Expression
    template: Template


@dataclass(frozen=True, slots=True, eq=False)
class Spread(Node):
    """`...value` in a call, an array or an object."""

    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class ArrayLiteral(Node):
    """`[a, ...b]`; holes are None."""

    items: tuple[Expression | Spread | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Property(Node):
    """One `key: value` of an object, or an attribute of an element."""

    key: str | Expression
    """The name, or the expression of a computed key."""

    value: Expression
    kind: str = "value"
    """`value`, `method`, `get` or `set`."""


@dataclass(frozen=True, slots=True, eq=False)
class ObjectLiteral(Node):
    """`{ a, b: 1, ...c }`, in source order."""

    properties: tuple[Property | Spread, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Node):
    """One parameter of a function."""

    pattern: Pattern
    default: Expression | None = None
    type_text: str | None = None
    """The annotation as written, without its colon: for words in a report, never for proof."""

    is_rest: bool = False
    is_field: bool = False
    """True for a constructor's `private db: Db`, which also assigns `this.db`."""

    is_optional: bool = False
    """True for `db?: Db`."""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionBody:
    """What stands inside a function, lowered on first use."""

    parameters: tuple[Parameter, ...]
    statements: tuple[Statement, ...]
    """For `x => expression`: one `Return`."""

    directives: tuple[str, ...]
    """The directive prologue, without quotes: `use server`."""


class Function(Node):
    """A function, arrow, method, getter or setter, whose inside is lowered when first asked for."""

    __slots__ = ("_body", "_lower", "is_arrow", "is_async", "is_generator", "kept", "name")

    def __init__(
        self,
        span: Span,
        name: str | None,
        lower: Callable[[], FunctionBody],
        *,
        is_async: bool = False,
        is_arrow: bool = False,
        is_generator: bool = False,
    ) -> None:
        object.__setattr__(self, "span", span)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "is_async", is_async)
        object.__setattr__(self, "is_arrow", is_arrow)
        object.__setattr__(self, "is_generator", is_generator)
        object.__setattr__(self, "_lower", lower)
        object.__setattr__(self, "_body", None)
        object.__setattr__(self, "kept", {})

    name: str | None
    """Its own name, or the one of the variable or property that it initialises, or None."""

    is_async: bool
    is_arrow: bool
    is_generator: bool
    kept: dict[object, object]
    """The answers of questions about it that are asked often; see `once`."""

    _lower: Callable[[], FunctionBody]
    _body: FunctionBody | None

    @property
    def body(self) -> FunctionBody:
        """Parameters, statements and directives."""
        body = self._body
        if body is None:
            body = self._lower()
            object.__setattr__(self, "_body", body)
            object.__setattr__(self, "_lower", None)
        return body


@dataclass(frozen=True, slots=True, eq=False)
class Member(Node):
    """`object.name` or `object?.name`; private names keep their `#`."""

    object: Expression
    name: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Index(Node):
    """`object[key]` or `object?.[key]`."""

    object: Expression
    key: Expression
    is_optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """`callee(arguments)` or `callee?.(arguments)`."""

    callee: Expression
    arguments: tuple[Expression | Spread, ...]
    is_optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class New(Node):
    """`new callee(arguments)`."""

    callee: Expression
    arguments: tuple[Expression | Spread, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DynamicImport(Node):
    """`import(specifier)`; also `require(specifier)`."""

    specifier: Expression
    is_required: bool = False
    """True for `require`, which gives the module and no promise of it."""

    others: tuple[Expression | Spread, ...] = ()
    """Further arguments."""


@dataclass(frozen=True, slots=True, eq=False)
class Await(Node):
    """`await value`."""

    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Yield(Node):
    """`yield value` or `yield* value`."""

    value: Expression | None
    is_delegated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Unary(Node):
    """`!`, `-`, `+`, `~`, `typeof`, `void`, `delete`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Update(Node):
    """`++` or `--`, before or behind."""

    operator: str
    target: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Node):
    """An operator that evaluates both sides: `===`, `+`, `in`, `instanceof`, …"""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Logical(Node):
    """`&&`, `||` or `??`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Node):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Assign(Node):
    """`target = value`, `target += value`, `target ??= value`, …"""

    operator: str
    target: Pattern
    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Sequence(Node):
    """`a, b, c`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class This(Node):
    """`this`."""


@dataclass(frozen=True, slots=True, eq=False)
class Super(Node):
    """`super`."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassMember(Node):
    """A field, method or accessor of a class."""

    key: str | Expression
    value: Expression | None
    kind: str
    """`field`, `method`, `get`, `set` or `block` (a static block, whose value is a Function)."""

    is_static: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Class(Node):
    """A class declaration or expression; its constructor is the method `constructor`."""

    name: str | None
    base: Expression | None
    members: tuple[ClassMember, ...]
    decorators: tuple[Expression, ...] = ()
    """Those of the class, of its members and of their parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class Element(Node):
    """A JSX element or fragment."""

    tag: Expression | str | None
    """A component, the name of an HTML element, or None for a fragment."""

    attributes: tuple[Property | Spread, ...]
    children: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Unreadable(Node):
    """Source that the grammar could not read. The analysis says so instead of guessing."""

    parts: tuple[Expression, ...] = ()
    """What could be read inside, in source order."""


Expression = (
    Name
    | Literal
    | RegularExpression
    | Template
    | TaggedTemplate
    | ArrayLiteral
    | ObjectLiteral
    | Function
    | Class
    | Member
    | Index
    | Call
    | New
    | DynamicImport
    | Await
    | Yield
    | Unary
    | Update
    | Binary
    | Logical
    | Conditional
    | Assign
    | Sequence
    | This
    | Super
    | Element
    | Unreadable
)


# --- patterns ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class NamePattern(Node):
    """Binds or assigns one variable."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class PatternProperty(Node):
    """`key: pattern = default` of an object pattern."""

    key: str | Expression
    pattern: Pattern
    default: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ObjectPattern(Node):
    """`{ a, b: c = 1, ...rest }`."""

    properties: tuple[PatternProperty, ...]
    rest: Pattern | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PatternItem(Node):
    """One place of an array pattern."""

    pattern: Pattern
    default: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ArrayPattern(Node):
    """`[a, , b = 1, ...rest]`; holes are None."""

    items: tuple[PatternItem | None, ...]
    rest: Pattern | None = None


Pattern = NamePattern | ObjectPattern | ArrayPattern | Member | Index
"""`Member` and `Index` only as targets of assignments."""


# --- statements ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Declare(Node):
    """One declarator of `const`, `let`, `var` or `using`; also an `enum`, as a constant object."""

    kind: str
    pattern: Pattern
    value: Expression | None


@dataclass(frozen=True, slots=True, eq=False)
class DeclareFunction(Node):
    """A function declaration: hoisted."""

    name: str
    function: Function


@dataclass(frozen=True, slots=True, eq=False)
class DeclareClass(Node):
    """A class declaration."""

    name: str
    value: Class


@dataclass(frozen=True, slots=True, eq=False)
class Evaluate(Node):
    """An expression that stands as a statement."""

    value: Expression
    parentheses: int = 0
    """How many pairs stand around a string that is the whole statement: what directives are judged by."""


@dataclass(frozen=True, slots=True, eq=False)
class Return(Node):
    """`return value`."""

    value: Expression | None


@dataclass(frozen=True, slots=True, eq=False)
class Throw(Node):
    """`throw value`."""

    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Block(Node):
    """`{ … }`."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, eq=False)
class If(Node):
    """`if (test) then else otherwise`."""

    test: Expression
    then: Statement
    otherwise: Statement | None


@dataclass(frozen=True, slots=True, eq=False)
class Try(Node):
    """`try { } catch (parameter) { } finally { }`."""

    body: Block
    parameter: Pattern | None
    handler: Block | None
    finalizer: Block | None


@dataclass(frozen=True, slots=True, eq=False)
class Loop(Node):
    """`for`, `while` and `do … while`."""

    initial: tuple[Statement, ...]
    test: Expression | None
    update: Expression | None
    body: Statement
    tests_first: bool = True
    """False for `do … while`."""


@dataclass(frozen=True, slots=True, eq=False)
class Iterate(Node):
    """`for (pattern of iterable)` and `for (pattern in iterable)`."""

    kind: str
    """`of`, `in` or `await` (`for await … of`)."""

    declares: str | None
    """`const`, `let`, `var`, or None where the pattern is assigned."""

    pattern: Pattern
    iterable: Expression
    body: Statement


@dataclass(frozen=True, slots=True, eq=False)
class Case(Node):
    """One `case` of a switch; `default` has no test."""

    test: Expression | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Switch(Node):
    """`switch (subject) { … }`."""

    subject: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Break(Node):
    """`break label`."""

    label: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Continue(Node):
    """`continue label`."""

    label: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Labeled(Node):
    """`label: statement`."""

    label: str
    statement: Statement


Statement = (
    Declare
    | DeclareFunction
    | DeclareClass
    | Evaluate
    | Return
    | Throw
    | Block
    | If
    | Try
    | Loop
    | Iterate
    | Switch
    | Break
    | Continue
    | Labeled
    | Unreadable
)


# --- modules -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class ImportedName(Node):
    """One name that an import statement binds; type-only imports bind none."""

    imported: str
    """Name in the other module; `default`, or `*` for the whole namespace."""

    local: str
    specifier: str


@dataclass(frozen=True, slots=True, eq=False)
class Export(Node):
    """One name that a module gives away; type-only exports are left out."""

    name: str
    """`default` for a default export, `*` for `export * from`."""

    local: str | None = None
    """The variable of this module that it names, if it names one."""

    value: Expression | None = None
    """The expression of an `export default` that names no variable."""

    specifier: str | None = None
    """The other module, for re-exports."""

    imported: str | None = None
    """The name in the other module, for re-exports; `*` for its namespace or all of its names."""


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """A stretch that the grammar could not read."""

    span: Span
    is_normalised: bool
    """True where the shape is known and was repaired, so that nothing is lost."""


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """A comment addressed to us: its text starts with `preship:`."""

    span: Span
    text: str
    """Behind `preship:`, stripped."""


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """One file."""

    path: str
    directives: tuple[str, ...]
    imports: tuple[ImportedName, ...]
    side_effects: tuple[str, ...]
    """Specifiers imported for what they do: `import 'server-only'`."""

    exports: tuple[Export, ...]
    statements: tuple[Statement, ...]
    """Top level in source order, the declarations under `export` included."""

    gaps: tuple[Gap, ...]
    comments: tuple[Comment, ...]
    server_directives: tuple[Span, ...]
    """The statements that are nothing but `use server`, in code that was too deep or odd to be lowered as well."""
