"""Rewrites, at equal byte length, the shapes of TypeScript and JSX that the published grammar is known to fail on.

Only the parser sees the rewritten bytes: every text in the tree comes from the original, so a shape that happens to
stand in a string or a comment is none the worse for it. Frequencies are of 28,700 files of 35 real applications, of
which 235 could not be read whole without this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.source.lowering import Grown

Stretch = tuple[int, int]
"""Its first byte, and the byte behind its last."""

_LONGEST_TYPE_BYTES = 2_000
_DEEPEST_TYPE = 12
"""How far back, and how deeply nested, the type arguments of a call may be: bounds on what hostile code costs."""

_TYPED_CALL = re.compile(rb"(?<!=)>\s*(?:\?\.\s*)?[(`]")
_LIKE_TYPES = re.compile(rb"(?!.*(?:&&|\|\||[=!]=))[\w\s$.,|&\[\](){}:;?\"'`<>=/@-]+", re.DOTALL)
_CLOSING = {ord(">"): ord("<"), ord(")"): ord("("), ord("]"): ord("["), ord("}"): ord("{")}
_TAG_ENDS = re.compile(rb"[\w$\])]")
_CALLABLE = frozenset(
    (
        "identifier",
        "member_expression",
        "subscript_expression",
        "call_expression",
        "parenthesized_expression",
        "non_null_expression",
        "import",
        "super",
        "this",
        "function_expression",
    )
)
_LINKS = frozenset(("member_expression", "subscript_expression", "call_expression", "non_null_expression"))
_LONE_AMPERSAND = re.compile(rb"(?<!&)&(?![&=])")

_TYPE_OF_MODULE = re.compile(rb"\btypeof\s+(import\s*\([^()\n]*\))")
"""`importActual<typeof import("./x")>()`: 107 files."""

_TYPE_FROM_MODULE = re.compile(rb"""\b(import\(\s*["'][^"'\n]*["']\s*\))\s*\.\s*[A-Z]""")
"""`import("./x").Row` as a type: 16 files. As code it would be a property of a promise, and those are lower case."""

_TYPES_PASSED_ON = re.compile(rb"""\bexport\s+type\s*\*\s*(?:as\s+\w+\s+)?from\s*["'][^"'\n]*["']\s*;?""")
"""`export type * from "./x"`: 12 files."""

_USING = re.compile(
    rb"(?:^|[;{}(])[ \t]*((?:await[ \t]+)?using)(?=[ \t]+[A-Za-z_$][\w$]*(?:\s*=[^=>]|[ \t]+of\b))", re.MULTILINE
)
"""`using file = open()`, which the grammar reads as an assignment or not at all."""

_CAST_TO_QUALIFIED = re.compile(rb"\b(?:as|satisfies)\s+([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){2,})")
"""`x as A.B.C`, which the grammar reads as `(x as A.B).C`."""

_ASSERTED = re.compile(rb"(?<=[\w$)\]])!(?=\s*(?:\?\.|[.\[(`]))")
"""`user!.name`: behind an operator, which the grammar binds more tightly than what follows the sign."""

_PROPERTY_NAMED_IN = re.compile(rb"(?<=[\s{;,])in(?=\?\s*:)")
_VARIANCE = re.compile(rb"[<,]\s*(in|out|in\s+out)(?=\s+[A-Z]\w*\s*(?:extends\b|[,>=]))")
"""`in?: string` and `<in out T>`, as generated clients of databases have them."""

_ATTRIBUTE = re.compile(rb"""=(?:"[^"\n]*"|'[^'\n]*')""")
"""`href="https://x?a=1&b=2"`: 24 files."""

_TEXT = re.compile(rb">[^<>{}();=]*(?=[<{])")
"""What stands between tags, where it holds several `&` and so leaves no tag of it whole."""


def repair(content: bytes, root: Grown) -> tuple[bytes, tuple[Stretch, ...]]:
    """The same code in words that the grammar reads, each byte still in its place, and what was rewritten.

    `root` is the tree of `content` as it is. Two turns may be needed: one error can hide another.
    """
    rewritten = bytearray(content)
    places = list(_using(content, rewritten))
    places += _casts(content, rewritten)
    places += _typed_calls(content, root, rewritten)
    places += _assertions(content, root, rewritten)
    if root.has_error:
        content = bytes(rewritten)  # what is blank by now needs no mending
        places += _types(content, rewritten)
        places += _ampersands(content, root, rewritten)
        places += _odd_bytes(content, root, rewritten)
    return bytes(rewritten), tuple(places)


def errors(root: Grown) -> Iterator[Grown]:
    """The outermost nodes that the grammar could not read or had to invent."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting.extend(node.children)


def _using(content: bytes, rewritten: bytearray) -> Iterator[Stretch]:
    for match in _USING.finditer(content) if b"using" in content else ():
        start, end = match.span(1)
        rewritten[start:end] = b"const".ljust(end - start)
        yield start, end


def _casts(content: bytes, rewritten: bytearray) -> Iterator[Stretch]:
    for match in _CAST_TO_QUALIFIED.finditer(content):
        start, end = match.span(1)
        rewritten[start:end] = content[start:end].replace(b".", b"_")
        yield start, end


def _typed_calls(content: bytes, root: Grown, rewritten: bytearray) -> Iterator[Stretch]:
    """Type arguments that tear their call apart.

    The grammar reads `await get<T>(x)` as `(await get)<T>(x)`, and `a && get<T>(x)` or `sql<T>\\`…\\`` as comparisons.
    """
    for match in _TYPED_CALL.finditer(content):
        start, end = _opening(content, match.start()), match.start() + 1
        if start is not None and _is_torn(root, start) and _LIKE_TYPES.fullmatch(content, start, end):
            _blank(rewritten, start, end)
            yield start, end


def _assertions(content: bytes, root: Grown, rewritten: bytearray) -> Iterator[Stretch]:
    """`!user!.isAdmin`, `new app!.Client()`: of what stands in front, the grammar reads `(!user)!.isAdmin`."""
    for match in _ASSERTED.finditer(content):
        sign = root.descendant_for_byte_range(match.start(), match.end())
        holder = sign.parent if sign is not None and sign.type == "!" else None
        if holder is not None and holder.type == "non_null_expression" and _is_cut_short(holder.children[0]):
            _blank(rewritten, *match.span())
            yield match.span()


def _is_cut_short(asserted: Grown) -> bool:
    """Whether what is asserted begins with an operator, or with a `new` that was torn from its arguments."""
    while asserted.type in _LINKS:
        asserted = asserted.children[0]
    is_torn = asserted.type == "new_expression" and asserted.child_by_field_name("arguments") is None
    return is_torn or asserted.type in ("unary_expression", "update_expression")


def _opening(content: bytes, closing: int) -> int | None:
    """Where the `<` stands that the `>` at `closing` closes, if an expression ends in front of it."""
    expected: list[int] = []
    for place in range(closing, max(-1, closing - _LONGEST_TYPE_BYTES), -1):
        byte = content[place]
        if byte in _CLOSING and not (byte == ord(">") and content[place - 1 : place] == b"="):
            expected.append(_CLOSING[byte])
        elif expected and byte == expected[-1]:
            expected.pop()
        if len(expected) > _DEEPEST_TYPE:
            return None
        if not expected:
            return place if place and _TAG_ENDS.match(content, place - 1) else None
    return None


def _is_torn(root: Grown, opening: int) -> bool:
    """Whether the `<` at this place is read as an operator, or as one behind something that cannot be called."""
    sign = root.descendant_for_byte_range(opening, opening + 1)
    holder = None if sign is None or sign.type != "<" else sign.parent
    if holder is None or holder.type in ("binary_expression", "ERROR"):
        return holder is not None
    call = holder.parent if holder.type == "type_arguments" else None
    if call is None or call.type != "call_expression":
        return call is not None and call.type in ("instantiation_expression", "ERROR")
    function = call.child_by_field_name("function")
    return function is not None and function.type not in _CALLABLE


def _types(content: bytes, rewritten: bytearray) -> Iterator[Stretch]:
    for pattern in (_TYPE_OF_MODULE, _TYPE_FROM_MODULE):
        for match in pattern.finditer(content):
            start, end = match.span(1)
            rewritten[start:end] = b"_" * (end - start)
            yield start, end
    for match in _PROPERTY_NAMED_IN.finditer(content):
        rewritten[match.start() : match.end()] = b"__"
        yield match.span()
    for pattern, group in ((_TYPES_PASSED_ON, 0), (_VARIANCE, 1)):
        for match in pattern.finditer(content):
            _blank(rewritten, *match.span(group))
            yield match.span(group)


def _ampersands(content: bytes, root: Grown, rewritten: bytearray) -> Iterator[Stretch]:
    """`&` in the text and the attributes of elements, where it begins no entity: 70 files."""
    stretches = [match.span() for match in _ATTRIBUTE.finditer(content)]
    for node in errors(root):
        if content.startswith(b"&", node.start_byte):
            stretches.append(node.byte_range)
        stretches += [match.span() for match in _TEXT.finditer(content, *node.byte_range)]
    for start, end in stretches:
        for match in _LONE_AMPERSAND.finditer(content, start, end):
            rewritten[match.start()] = ord("_")
            yield match.span()


def _odd_bytes(content: bytes, root: Grown, rewritten: bytearray) -> Iterator[Stretch]:
    """A NUL in a template, and an escape in a raw one that would be wrong in any other."""
    for node in errors(root):
        if content.startswith((b"\0", b"\\"), node.start_byte):
            rewritten[node.start_byte] = ord("_")
            yield node.start_byte, node.start_byte + 1


def _blank(rewritten: bytearray, start: int, end: int) -> None:
    """Put spaces in place of everything but line ends, so that rows stay as they are."""
    for place in range(start, end):
        if rewritten[place] not in b"\r\n":
            rewritten[place] = ord(" ")
