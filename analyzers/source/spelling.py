"""Whether a file may hold a string, however it is escaped: asked of its bytes, before anything is parsed.

`'use\\u0020server'` is a directive for the Next.js compiler as much as `'use server'`; so are octal escapes, escapes
that mean nothing, and lines continued inside the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

Test = Callable[[bytes], bool]
"""Asked of the bytes of a whole file."""

_CONTINUED_LINES = rb"(?:\\(?:\r\n|\n|\r|\xe2\x80[\xa8\xa9]))*"
"""https://tc39.es/ecma262/#prod-LineContinuation: it spells nothing."""


_SPACE = (
    rb"[\s;]+|\xef\xbb\xbf|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8b\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
    rb"|//[^\r\n\xe2]*(?:\xe2(?!\x80[\xa8\xa9])[^\r\n\xe2]*)*|/\*(?s:.*?)\*/"
)
_ANY_STRING = rb"""'[^'\\\r\n]*(?:\\(?s:.)[^'\\\r\n]*)*'|"[^"\\\r\n]*(?:\\(?s:.)[^"\\\r\n]*)*\""""


def may_spell(*texts: str) -> Test:
    """A test for files in which one of these texts of ASCII letters and spaces may stand; it never misses one."""
    return partial(_may_hold, tuple((text.encode(), spellings(text)) for text in texts))


@cache
def spellings(text: str) -> re.Pattern[bytes]:
    """Every way to spell a text between quotes."""
    inside = _CONTINUED_LINES.join(_spellings_of(character) for character in text)
    return re.compile(rb"['\"]" + _CONTINUED_LINES + inside + _CONTINUED_LINES + rb"['\"]")


@cache
def at_the_head(directive: str) -> Test:
    """A test for files at whose head a directive stands, behind white space, comments and other directives."""
    spelled = spellings(directive)
    # What may stand before it is a pattern of its own with nothing behind, so that no part of it is ever tried shorter.
    before = re.compile(rb"(?:#![^\r\n]*)?(?:%b|(?!%b)(?:%b))*" % (_SPACE, spelled.pattern, _ANY_STRING))
    return partial(_leads_to, before, spelled)


def _leads_to(before: re.Pattern[bytes], spelled: re.Pattern[bytes], content: bytes) -> bool:
    passed = before.match(content)
    return spelled.match(content, passed.end() if passed else 0) is not None


def may_begin_code(text: str) -> Test:
    """A test for files of any kind in which a text begins a line or a block, outside of the examples of Markdown."""
    pattern = re.compile(rb"(?:^|[{;])[^\S\n]*(?:%b)" % spellings(text).pattern, re.MULTILINE)
    may_hold = may_spell(text)
    return lambda content: may_hold(content) and pattern.search(_EXAMPLES.sub(b"", content)) is not None


_EXAMPLES = re.compile(rb"^[ \t>]*(```+|~~~+)(?s:.*?)(?:^[ \t>]*\1|\Z)|`[^`\n]*`", re.MULTILINE)


def _spellings_of(character: str) -> bytes:
    code = ord(character)
    forms = ("\\\\?" + re.escape(character), rf"\\x{code:02x}", rf"\\u{code:04x}", rf"\\u\{{0*{code:x}\}}")
    return f"(?:{'|'.join(forms)}|\\\\0?{code:o})".encode()


def _may_hold(texts: tuple[tuple[bytes, re.Pattern[bytes]], ...], content: bytes) -> bool:
    # One file in three has a backslash; only those cost more than a search for the plain words.
    has_escapes = b"\\" in content
    return any(plain in content or (has_escapes and escaped.search(content) is not None) for plain, escaped in texts)
