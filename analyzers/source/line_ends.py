"""The line ends and spaces of JavaScript that the grammar does not know, in bytes that it reads alike.

A carriage return alone, U+2028 and U+2029 end a line for the compiler, and so a comment or a statement; the grammar
ends statements at line feeds only. git and GitHub count lines by line feeds only, too, and so do our places.
"""

from __future__ import annotations

import re

_FOREIGN = re.compile(rb"\r(?!\n)|\xe2\x80[\xa8\xa9]|\xc2\x85")

_PIECES = re.compile(
    rb"(?P<end>\r(?!\n)|\xe2\x80[\xa8\xa9])"
    rb"|(?P<space>\xc2\x85)"  # white space for the Next.js compiler, though not for ECMAScript
    rb"|(?:\A(?:\xef\xbb\xbf)?\#!|//)(?:(?!\xe2\x80[\xa8\xa9])[^\r\n])*+"
    rb"|/\*(?s:.*?)(?:\*/|\Z)"
    rb"|'(?:[^'\\\r\n]|\\(?s:.))*+'?"
    rb'|"(?:[^"\\\r\n]|\\(?s:.))*+"?'
)


def plain(content: bytes) -> tuple[bytes, tuple[int, ...]]:
    """The same code at equal length with line feeds, and where one stands that is not counted as a line end.

    In strings and comments everything stays: there these characters end nothing that the grammar would not end.
    """
    if _FOREIGN.search(content) is None:
        return content, ()
    rewritten, uncounted = bytearray(content), []
    for match in _PIECES.finditer(content):
        start, end = match.span()
        if match.lastgroup == "end":
            rewritten[start:end] = b"\n".ljust(end - start)
            uncounted.append(start)
        elif match.lastgroup == "space":
            rewritten[start:end] = b"  "
    return bytes(rewritten), tuple(uncounted)
