"""Characters that show nothing themselves and change what others show: spelled out wherever a person reads.

Terminals obey control characters; bidirectional ones turn text around (https://trojansource.codes); others are simply
not there to the eye, and two names that differ by one look the same.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks by their category, and yet invisible; some of them may stand in a JavaScript name."""

_BEYOND_ASCII = re.compile(r"[^ -~]")
"""What may be hidden at all: of a long page that is little."""

_SPACES = re.compile(r"[ \t\r\n]+")


def spelled(text: str, kept: str = "\n\t") -> str:
    """The text with each such character as `\\u202e`, but for those that are `kept`."""
    return _BEYOND_ASCII.sub(lambda found: _shown(found[0], kept), text)


def on_one_line(text: str) -> str:
    """The text on one line, with such characters spelled out."""
    return spelled(_SPACES.sub(" ", text).strip(), "")


def _shown(character: str, kept: str) -> str:
    return _named(character) if character not in kept and _is_hidden(character) else character


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp") or character in _BLANKS


def _named(character: str) -> str:
    return f"\\u{ord(character):04x}"
