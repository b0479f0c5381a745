"""SQL files as statements of tokens: quotes, comments and bodies in dollars are kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

Statement = tuple[str, ...]
"""Tokens: words in lower case and without their double quotes, strings with their quotes, bodies in dollars as text."""

_WORD = re.compile(r"[A-Za-z_\u0080-\uffff][\w$]*|\d[\w.]*")
_DOLLARS = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")


def statements(text: str) -> Iterator[Statement]:
    """The statements of a file. Text that never ends, such as an open quote, belongs to the last one."""
    found: list[str] = []
    for part in tokens(text):
        if part != ";":
            found.append(part)
        elif found:
            yield tuple(found)
            found = []
    if found:
        yield tuple(found)


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text, comments left out. Takes time in proportion to the text, whatever stands in it."""
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif text.startswith("--", at):
            at = _behind(text, "\n", at)
        elif text.startswith("/*", at):
            at = _behind(text, "*/", at + 2)
        elif character == "'":
            end = _behind(text, "'", at + 1)
            yield text[at:end]
            at = end
        elif character == '"':
            end = _behind(text, '"', at + 1)
            yield text[at:end].strip('"')
            at = end
        elif dollars := _DOLLARS.match(text, at):
            end = _behind(text, dollars.group(), dollars.end())
            yield text[at:end]
            at = end
        elif word := _WORD.match(text, at):
            yield word.group().lower()
            at = word.end()
        else:
            yield character
            at += 1


def body_of(token: str) -> str | None:
    """The text inside dollars or quotes: a function's body; None for any other token."""
    dollars = _DOLLARS.match(token)
    if dollars:
        return token[dollars.end() :].removesuffix(dollars.group())
    return token.strip("'").replace("''", "'") if token.startswith("'") else None


def _behind(text: str, end: str, start: int) -> int:
    """The place behind the next `end`, or the end of the text."""
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)
