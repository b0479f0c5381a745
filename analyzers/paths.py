"""Patterns of paths and names: `*` within a folder, `**` across folders, `?` for one character; all else is itself.

Brackets and parentheses are no magic, as they are in shells: Next.js names folders `[id]` and `(group)`.
https://nextjs.org/docs/app/getting-started/project-structure#routing-files
"""

from __future__ import annotations

import re

_PIECES = re.compile(r"\*\*/|\*+|\?|[^*?]+")


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern means a path or name as a whole; one that ends in `/` means all that lies in the folder.

    Takes time in proportion to the product of both lengths, whatever stands in them.
    """
    ends = {0}
    for piece in _PIECES.findall(f"{pattern}**" if pattern.endswith("/") else pattern):
        ends = _ends(piece, text, ends)
    return len(text) in ends


def _ends(piece: str, text: str, starts: set[int]) -> set[int]:
    """Where a piece may end that starts at one of these places."""
    first = min(starts, default=len(text))
    if piece == "**/":
        return starts | {place + 1 for place in range(first, len(text)) if text[place] == "/"}
    if piece.startswith("**"):
        return set(range(first, len(text) + 1)) if starts else set()
    if piece == "*":
        return {end for start in starts for end in range(start, _end_of_name(text, start) + 1)}
    if piece == "?":
        return {start + 1 for start in starts if start < len(text) and text[start] != "/"}
    return {start + len(piece) for start in starts if text.startswith(piece, start)}


def _end_of_name(text: str, start: int) -> int:
    """Where the name of a file or folder ends that a place lies in."""
    found = text.find("/", start)
    return len(text) if found < 0 else found
