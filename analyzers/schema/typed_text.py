"""Text in which declarations stand that the tree of a module leaves out: where brackets close, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(
    r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|//[^\n]*|/\*.*?\*/|[()\[\]{}]""", re.DOTALL
)
_DEEPER, _HIGHER = frozenset("([{"), frozenset(")]}")


def closing(text: str, opened: int) -> int:
    """Where the bracket closes that opens at `opened`; the end of the text where none does."""
    depth = 0
    for mark in _MARK.finditer(text, opened):
        depth += (mark[0] in _DEEPER) - (mark[0] in _HIGHER)
        if depth == 0:
            return mark.start()
    return len(text)


def line_of(text: str, at: int) -> int:
    """The line of an offset; counts from 1."""
    return text.count("\n", 0, at) + 1


def opened(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """What matches a pattern that ends with an open bracket, and where that closes; none within another one."""
    at = 0
    while (found := pattern.search(text, at)) is not None:
        end = closing(text, found.end() - 1)
        yield found, end
        at = end + 1


def top_level(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What matches a pattern between two offsets, and in no bracket that opens there."""
    at = start
    found = pattern.search(text, at, end)
    while found is not None:
        inner = next((m for m in _MARK.finditer(text, at, found.start()) if m[0] in _DEEPER), None)
        if inner is None:
            yield found
            at = found.end()
        else:
            at = closing(text, inner.start()) + 1
        if found.start() < at:
            found = pattern.search(text, at, end)
