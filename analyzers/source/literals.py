"""What literals spell: strings without their escapes, numbers as numbers."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPE = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\(?:u\{(?P<braced>[0-9a-fA-F]+)\}|u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2})"
    r"|(?P<octal>[0-3]?[0-7]{1,2})|(?P<newline>\r\n|[\n\r\u2028\u2029])|(?P<other>[\s\S]))"
)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_MOST_DIGITS = 4_000
"""Python refuses longer decimal integers (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits)."""


def unescaped(text: str) -> str:
    """The value of a string's inside. Lone surrogates, which no text may hold, become the replacement character."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def number(text: str) -> int | float:
    """The value of a number literal as JavaScript spells it; not a number if it spells none."""
    digits = text.replace("_", "").removesuffix("n").lower()
    try:
        if digits[:2] in ("0x", "0o", "0b"):
            return int(digits, 0)
        if digits.isdigit() and len(digits) <= _MOST_DIGITS:
            return _whole(digits)
        return float(digits)
    except ValueError:
        return float("nan")


def _whole(digits: str) -> int:
    # `017` is octal, `019` is not: https://tc39.es/ecma262/#prod-LegacyOctalIntegerLiteral
    is_octal = len(digits) > 1 and digits[0] == "0" and not set(digits) & {"8", "9"}
    return int(digits, 8 if is_octal else 10)


def _character(match: re.Match[str]) -> str:
    kind, text = str(match.lastgroup), match[str(match.lastgroup)]
    if kind == "pair":
        return chr(0x10000 + ((int(text[2:6], 16) & 0x3FF) << 10) + (int(text[8:], 16) & 0x3FF))
    if kind == "newline":
        return ""
    if kind == "other":
        return _NAMED.get(text, text)
    return _code_point(int(text, 8 if kind == "octal" else 16))


def _code_point(code: int) -> str:
    return REPLACEMENT if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)
