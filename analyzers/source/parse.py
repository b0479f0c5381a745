"""From the bytes of one file to its `Module`; tree-sitter is entered here, and no bytes make it raise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

import tree_sitter
import tree_sitter_typescript

# The tables of the lowering are filled by these modules.
from preship.analyzers.source import classes, elements, expressions, namespaces, objects, patterns, statements  # noqa: F401
from preship.analyzers.source.line_ends import readings
from preship.analyzers.source.lowering import Grown, Lowering
from preship.analyzers.source.modules import TopLevel
from preship.analyzers.source.normalise import Stretch, errors, repair
from preship.analyzers.source.prologue import server_directives
from preship.analyzers.source.tree import Comment, Gap, Module, Span

LARGEST_BYTES = 1_000_000
"""Files above this are one gap. Of 28,700 files of 35 real applications, the largest below has 0.6 MB (generated
types); above stand only bundles. The worst file of this size that we could make up takes ten seconds to read."""

_MOST_GAPS = 1_000
"""A file with more is no code; its first thousand say so."""

_TURNS_OF_MENDING = 3
"""One error can hide another; no file seen needed a fourth turn."""

_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16: bytes and characters would not agree, so such a file is one gap."""

_PLAIN_TYPESCRIPT = (".ts", ".mts", ".cts")
_ADDRESSED_TO_US = re.compile(rb"(?://[ \t]*|/\*[*\s]*)preship:")


def parse_module(path: str, content: bytes) -> Module:
    """The tree of one file. What cannot be read is in its `gaps`; nothing is raised, whatever the bytes."""
    if len(content) > LARGEST_BYTES or content.startswith(_OTHER_ENCODINGS):
        return Module(path, (), (), (), (), (), (Gap(_whole(path, content), is_normalised=False),), (), ())
    root, repaired, uncounted = _best(path, content)
    low = Lowering(path, content, uncounted=uncounted)
    top = TopLevel(low, root.children)
    gaps = [Gap(low.span(node), is_normalised=False) for node in islice(errors(root), _MOST_GAPS)]
    gaps += [Gap(span, is_normalised=True) for span in _spans(path, content, sorted(repaired)[:_MOST_GAPS])]
    return Module(
        path,
        top.directives,
        tuple(top.imports),
        tuple(top.side_effects),
        tuple(top.exports),
        tuple(top.statements),
        tuple(sorted(gaps, key=lambda gap: gap.span.start)),
        tuple(_comments(low, root)),
        tuple(server_directives(low, root)),
    )


def _best(path: str, content: bytes) -> tuple[Grown, tuple[Stretch, ...], tuple[int, ...]]:
    """The tree of the reading with the fewest errors, what was rewritten in it, and which line ends are not counted."""
    parsed = ((*_parse(path, read), uncounted) for read, uncounted in readings(content))
    first = next(parsed)
    return first if not first[0].has_error else min((first, *parsed), key=lambda each: _count(errors(each[0])))


def _parse(path: str, content: bytes) -> tuple[Grown, tuple[Stretch, ...]]:
    """The tree, and the stretches that had to be rewritten at equal length so that the grammar could read them."""
    # A parser holds state, so each call has its own; they cost a microsecond.
    parser = tree_sitter.Parser(_language(path.endswith(_PLAIN_TYPESCRIPT)))
    root = parser.parse(content).root_node
    places: list[Stretch] = []
    for _ in range(_TURNS_OF_MENDING):
        content, rewritten = repair(content, root)
        if not rewritten:
            break
        places.extend(rewritten)
        before, root = root, parser.parse(content).root_node
        if not root.has_error or _count(errors(root)) >= _count(errors(before)):
            break
    return root, tuple(places)


def _count(nodes: Iterator[Grown]) -> int:
    return sum(1 for _ in nodes)


@cache
def _language(is_plain_typescript: bool) -> tree_sitter.Language:
    # In the grammar with JSX, `<T>value` is no assertion; so it serves only files that TypeScript reads so as well.
    if is_plain_typescript:
        return tree_sitter.Language(tree_sitter_typescript.language_typescript())
    return tree_sitter.Language(tree_sitter_typescript.language_tsx())


def _comments(low: Lowering, root: Grown) -> Iterator[Comment]:
    for match in _ADDRESSED_TO_US.finditer(low.content):
        node = root.descendant_for_byte_range(match.start(), match.end())
        if node is not None and node.type == "comment" and node.start_byte == match.start():
            inside = low.content[match.end() : node.end_byte].decode("utf-8", "replace")
            yield Comment(low.span(node), inside.removesuffix("*/").strip())


def _whole(path: str, content: bytes) -> Span:
    return Span(path, 1, content.count(b"\n") + 1, 0, len(content))


def _spans(path: str, content: bytes, stretches: list[Stretch]) -> Iterator[Span]:
    """The places of stretches, which must come in ascending order."""
    line, counted = 1, 0
    for start, end in stretches:
        line += content.count(b"\n", counted, start)
        counted = max(counted, start)
        yield Span(path, line, line + content.count(b"\n", start, end), start, end)
