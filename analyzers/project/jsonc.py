"""JSON as tsconfig.json is written: with comments and trailing commas. Anything else wrong yields nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

# Two passes, so that nothing stands behind a string or comment: no hostile file makes the search try shorter ones.
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
_STRING_OR_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING_OR_LAST_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)


def json_object(content: bytes) -> Mapping[str, object]:
    """The object that a file holds; empty where it holds none or cannot be read."""
    text = content.decode("utf-8-sig", errors="replace")
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        value = _tolerant(text)
    return as_object(value)


def as_object(value: object) -> Mapping[str, object]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_strings(value: object) -> tuple[str, ...]:
    """The strings of a JSON array, or a lone string; everything else is left out."""
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))


def _tolerant(text: str) -> object:
    for pattern in (_STRING_OR_COMMENT, _STRING_OR_LAST_COMMA):
        text = pattern.sub(lambda token: token[0] if token[0].startswith('"') else " ", text)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
