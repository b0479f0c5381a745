"""Characters that show nothing themselves and change what others show: spelled out wherever a person reads.

Terminals obey control characters; bidirectional ones turn text around (https://trojansource.codes); others are simply
not there to the eye, and two names that differ by one look the same.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks by their category, and yet invisible; some of them may stand in a JavaScript name."""

_SPACES = re.compile(r"[ \t\r\n]+")


def spelled(text: str, kept: str = "\n\t") -> str:
    """The text with each such character as `\\u202e`, but for those that are `kept`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_named(c) if c not in kept and _is_hidden(c) else c for c in text)


def on_one_line(text: str) -> str:
    """The text on one line, with such characters spelled out."""
    return spelled(_SPACES.sub(" ", text).strip(), "")


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp") or character in _BLANKS


def _named(character: str) -> str:
    return f"\\u{ord(character):04x}"
