"""The line ends and spaces of JavaScript that the grammar does not know, in bytes that it reads alike.

A carriage return alone, U+2028 and U+2029 end a line for the compiler, and so a comment or a statement; the grammar
ends statements at line feeds only, and only behind spaces of ASCII. git and GitHub count lines by line feeds only, too,
and so do our places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Reading = tuple[bytes, tuple[int, ...]]
"""Bytes for the parser, and where a line feed stands in them that is not counted as a line end, ascending."""

_SPACE = re.compile(rb"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8b\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf")
"""U+0085 and U+200B are white space for the Next.js compiler, though not for ECMAScript."""

_LINE_END = re.compile(rb"\r(?!\n)|\xe2\x80[\xa8\xa9]")
_SEPARATORS = (b"\xe2\x80\xa8", b"\xe2\x80\xa9")

_STRINGS = rb"|'[^'\\\r\n]*(?:\\(?:\r\n|(?s:.))[^'\\\r\n]*)*'?" rb'|"[^"\\\r\n]*(?:\\(?:\r\n|(?s:.))[^"\\\r\n]*)*"?'
_COMMENTS = rb"|(?:\A\#!|//)[^\r\n\xe2]*(?:\xe2(?!\x80[\xa8\xa9])[^\r\n\xe2]*)*|/\*(?s:.*?)(?:\*/|\Z)"
_OUTSIDE_OF_COMMENTS = re.compile(rb"(?P<end>%b)" % _LINE_END.pattern + _COMMENTS)
_OUTSIDE_OF_STRINGS = re.compile(_OUTSIDE_OF_COMMENTS.pattern + _STRINGS)


def readings(content: bytes) -> Iterator[Reading]:
    """The same code at equal length with line feeds and spaces: one reading, or two where it takes a parser to choose.

    U+2028 and U+2029 end no string, but what looks like a string may be text between the tags of an element.
    """
    content = _SPACE.sub(lambda match: b" " * len(match[0]), content)
    if _LINE_END.search(content) is None:
        yield content, ()
        return
    yield _with_line_feeds(content, _OUTSIDE_OF_STRINGS)
    if any(separator in content for separator in _SEPARATORS):
        yield _with_line_feeds(content, _OUTSIDE_OF_COMMENTS)


def _with_line_feeds(content: bytes, pieces: re.Pattern[bytes]) -> Reading:
    rewritten, uncounted = bytearray(content), []
    for match in pieces.finditer(content):
        if match.lastgroup == "end":
            start, end = match.span()
            rewritten[start:end] = b"\n".ljust(end - start)
            uncounted.append(start)
    return bytes(rewritten), tuple(uncounted)
