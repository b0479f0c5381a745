"""The directives `use server` and `use cache`: where the compiler honours them, and what it says where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers.source.tree import (
    Class,
    Evaluate,
    Function,
    Literal,
    Module,
    Name,
    Node,
    Span,
    Statement,
    Super,
    This,
)
from analyzers.source.walk import children, within

SERVER = "use server"
CACHE = "use cache"
_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The compiler does not build this module."""

    why: str
    """In the compiler's own words."""

    span: Span


def is_cached(function: Function) -> bool:
    """Whether a directive makes a function's result cached, and so the function no action."""
    return any(text == CACHE or text.startswith(CACHE + ":") for text in function.body.directives)


def file_is_action_module(module: Module) -> bool:
    """Whether the exports of a file are actions by its own directive."""
    if SERVER not in module.directives:
        return False
    stands = next((each.span.start for each in module.statements if _text(each) == SERVER), 0)
    before = {each.local for each in module.imports if each.span.start < stands}
    # TypeScript erases imports that only types use, so that nothing stands before the directive; JavaScript does not.
    return not before or (module.path.endswith(_TYPESCRIPT) and not before & _used_names(module))


def _late(module: Module) -> list[Evaluate]:
    """`use server` at the top level, behind other statements or imports."""
    found = [each for each in module.statements if isinstance(each, Evaluate) and _text(each) == SERVER]
    return found[module.directives.count(SERVER) :] if file_is_action_module(module) else found


def _used_names(module: Module) -> set[str]:
    values = [export.value for export in module.exports if export.value is not None]
    used = {node.name for node in within(*module.statements, *values) if isinstance(node, Name)}
    return used | {export.local for export in module.exports if export.local is not None}


def refused_directives(module: Module) -> Iterator[Refusal]:
    """Directives at the head or out of place, of the file and of every function in it."""
    yield from _refused_prologue(module.statements, module.directives, "file")
    for late in _late(module):
        if not _is_wrapped(late):
            yield Refusal('The "use server" directive must be at the top of the file.', late.span)
    for node in within(*module.statements, *(e.value for e in module.exports if e.value is not None)):
        if isinstance(node, Function) and node.body.statements:
            body = node.body
            yield from _refused_prologue(body.statements, body.directives, "function body")
            yield from _out_of_place(body.statements, body.directives)


def _refused_prologue(statements: Sequence[Statement], directives: tuple[str, ...], where: str) -> Iterator[Refusal]:
    head = [statement for statement in statements if _text(statement) in directives][: len(directives)]
    for statement, text in zip(head, directives, strict=False):
        for known in (SERVER, CACHE):
            if is_one_edit_away(text, known):
                yield Refusal(f'Did you mean "{known}"? "{text}" is not a supported directive name.', statement.span)
    if SERVER in directives and any(text == CACHE or text.startswith(CACHE + ":") for text in directives):
        span = head[-1].span
        yield Refusal(f'Conflicting directives "{SERVER}" and "{CACHE}" found in the same {where}.', span)
    for statement in statements[len(head) : len(head) + 1]:
        if _is_wrapped(statement) and _text(statement) == SERVER:
            yield Refusal('The "use server" directive cannot be wrapped in parentheses.', statement.span)


def _out_of_place(statements: Sequence[Statement], directives: tuple[str, ...]) -> Iterator[Refusal]:
    for statement in statements[len(directives) :]:
        if _text(statement) == SERVER and not _is_wrapped(statement):
            yield Refusal('The "use server" directive must be at the top of the function body.', statement.span)


def _text(node: Node) -> str | None:
    """The text of a statement that is nothing but a string."""
    if isinstance(node, Evaluate) and isinstance(node.value, Literal) and isinstance(node.value.value, str):
        return node.value.value
    return None


def _is_wrapped(statement: Statement) -> bool:
    """Whether parentheses stand around the expression: they leave no node, but the places differ."""
    return isinstance(statement, Evaluate) and statement.span.start != statement.value.span.start


def is_one_edit_away(text: str, known: str) -> bool:
    """Whether one character added, left out, changed or swapped with its neighbour makes one text the other."""
    if text == known or abs(len(text) - len(known)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(text, known, strict=False)) if a != b), min(len(text), len(known)))
    rest, other = text[start:], known[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def refused_inside(function: Function) -> Iterator[Refusal]:
    """`this`, `super` and `arguments` of an action itself: it is called as no method, by a runtime of its own."""
    waiting: list[Node] = list(children(function))
    while waiting:
        node = waiting.pop()
        name = _own_word(node)
        if name is not None:
            yield Refusal(f"Server Actions cannot use `{name}`.", node.span)
        elif not (isinstance(node, Class) or (isinstance(node, Function) and not node.is_arrow)):
            waiting.extend(children(node))


def _own_word(node: Node) -> str | None:
    if isinstance(node, This):
        return "this"
    if isinstance(node, Super):
        return "super"
    return "arguments" if isinstance(node, Name) and node.name == "arguments" else None
