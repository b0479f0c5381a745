"""The directives `use server` and `use cache`: where the compiler honours them, and what it says where it does not.

`DirectiveVisitor` in
https://github.com/vercel/next.js/blob/canary/crates/next-custom-transforms/src/transforms/server_actions.rs
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from preship.analyzers.source.prologue import SERVER as SERVER  # what discovery looks for has its name here as well
from preship.analyzers.source.tree import (
    Class,
    Declare,
    Evaluate,
    Function,
    FunctionBody,
    Literal,
    Module,
    Name,
    NamePattern,
    Node,
    ObjectLiteral,
    Span,
    Statement,
    Super,
    This,
)
from preship.analyzers.source.walk import children, within

CACHE = "use cache"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The compiler does not build this module."""

    why: str
    """In the compiler's own words."""

    span: Span


def is_cached(function: Function) -> bool:
    """Whether a directive makes a function's result cached, and so the function no action."""
    return any(map(_is_cache, function.body.directives))


def file_is_action_module(module: Module) -> bool:
    """Whether the exports of a file are actions by its own directive."""
    return SERVER in module.directives


def is_seen_in_methods(body: FunctionBody) -> bool:
    """Whether the directive is seen where methods are looked at, which is not done behind a string in parentheses."""
    before = takewhile(lambda each: _text(each) != SERVER, body.statements)
    return SERVER in body.directives and not any(_text(each) is not None and _is_wrapped(each) for each in before)


def refused_directives(module: Module, functions: Iterable[Function]) -> Iterator[Refusal]:
    """Directives at the head or out of place, of the file and of those functions in it that are looked at."""
    yield from _refused_behind_imports(module)
    yield from _refused_strings(module.statements, module.directives, "file")
    for function in functions:
        yield from _refused_strings(function.body.statements, function.body.directives, "function body")


def _refused_behind_imports(module: Module) -> Iterator[Refusal]:
    """TypeScript erases imports that only types use, so that nothing stands before the directive; others it keeps."""
    stands = next((each.span for each in module.statements if _text(each) == SERVER), None)
    if stands is not None and SERVER in module.directives:
        before = {each.local for each in module.imports if each.span.start < stands.start}
        before |= _aliases(takewhile(lambda each: each.span.start < stands.start, module.statements))
        if before and before & _used_names(module):
            yield Refusal(_misplaced(SERVER, "file"), stands)


def _aliases(statements: Iterator[Statement]) -> set[str]:
    """What `import A = B.C` binds; a `const enum` is written in where it is used."""
    declared = (each for each in statements if isinstance(each, Declare) and not isinstance(each.value, ObjectLiteral))
    return {each.pattern.name for each in declared if isinstance(each.pattern, NamePattern)}


def _used_names(module: Module) -> set[str]:
    values = [export.value for export in module.exports if export.value is not None]
    used = {node.name for node in within(*module.statements, *values) if isinstance(node, Name)}
    used |= {"React"} if module.path.endswith(".tsx") else set()  # elements may become calls of it
    return used | {export.local for export in module.exports if export.local is not None}


def _refused_strings(statements: Sequence[Statement], directives: tuple[str, ...], where: str) -> Iterator[Refusal]:
    """What is wrong with the strings that stand alone in a body, in source order."""
    at_the_head, standing = len(directives), None
    for statement, text in ((each, _text(each)) for each in statements):
        if text is None:
            continue
        if _is_wrapped(statement):
            why = _wrong_wrapped(text)
        else:
            why = _wrong(text, standing, where, is_allowed=at_the_head > 0)
            at_the_head -= 1
            standing = SERVER if text == SERVER else CACHE if _is_cache(text) else standing
        if why is not None:
            yield Refusal(why, statement.span)


def _wrong(text: str, standing: str | None, where: str, *, is_allowed: bool) -> str | None:
    """What is wrong with a string, `standing` being the directive before it."""
    if text == SERVER or (text.startswith(CACHE) and not is_similar(text, SERVER)):
        if standing is not None and (standing == SERVER) != (text == SERVER):
            return f'Conflicting directives "{SERVER}" and "{CACHE}" found in the same {where}.'
        if not is_allowed:
            return _misplaced(text, where)
        return None if text == SERVER or _is_cache(text) else _misspelt(text, _cache_meant(text))
    if is_similar(text, SERVER) or text == "use action":
        return _misspelt(text, SERVER)
    return _misspelt(text, CACHE) if is_similar(text, CACHE) else None


def _wrong_wrapped(text: str) -> str | None:
    is_meant = any(text == known or is_similar(text, known) for known in (SERVER, CACHE))
    return "cannot be wrapped in parentheses." if is_meant else None


def _misplaced(text: str, where: str) -> str:
    return f'The "{text}" directive must be at the top of the {where}.'


def _misspelt(text: str, meant: str) -> str:
    return f'Did you mean "{meant}"? "{text}" is not a supported directive name.'


def _is_cache(text: str) -> bool:
    return text == CACHE or (text.startswith(CACHE + ": ") and text != CACHE + ": ")


def _cache_meant(text: str) -> str:
    rest = text.removeprefix(CACHE)
    kind = rest.partition(":")[2].strip() if ":" in rest else rest.strip()
    return f"{CACHE}: {kind or '<cache-kind>'}" if kind or ":" in rest else CACHE


def _text(node: Node) -> str | None:
    """The text of a statement that is nothing but a string, in one pair of parentheses at most."""
    if isinstance(node, Evaluate) and isinstance(node.value, Literal) and isinstance(node.value.value, str):
        return node.value.value if node.parentheses <= 1 else None
    return None


def _is_wrapped(statement: Statement) -> bool:
    return isinstance(statement, Evaluate) and statement.parentheses == 1


def is_similar(text: str, known: str) -> bool:
    """Whether the compiler takes one text for a misspelling of another: up to two characters differ, or one is odd."""
    longer, shorter = sorted((text, known), key=len, reverse=True)
    if len(longer) == len(shorter):
        return 0 < sum(a != b for a, b in zip(longer, shorter, strict=True)) <= 2
    start = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return len(longer) == len(shorter) + 1 and longer[start + 1 :] == shorter[start:]


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
