"""Which modules a file imports, found in its bytes without parsing: quick, and never less than the truth.

Imports of types alone are left out where they are surely such: they are gone when the code runs.
"""

from __future__ import annotations

import re

_GAP = rb"(?:\s|/\*(?:[^*]|\*(?!/))*+\*/|//[^\n]*+\n)*+"

_STRING = rb"""(?:'((?:[^'\\\n]|\\.)*+)'|"((?:[^"\\\n]|\\.)*+)"|`((?:[^`\\$]|\\.)*+)`)"""

# A clause with a slash may hide the start of another import in a comment, so it is no clause of types for us;
# for the same reason it has to open its line.
_TYPES = (
    rb"""^[ \t]*+(?:import|export)[ \t]+type\s+(?:\{[^{}'"`/]*+\}|\*\s*as\s+[\w$]+|[\w$]+)"""
    rb"""\s*from\s*(?:'[^'\n]*+'|"[^"\n]*+")"""
)

_IMPORT = re.compile(
    rb"(?P<types>%b)|(?:\bfrom|\b(?:import|require)%b\(?)%b%b" % (_TYPES, _GAP, _GAP, _STRING),
    re.MULTILINE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[^u]|u))", re.DOTALL)


def imported_specifiers(content: bytes) -> tuple[str, ...]:
    """Every literal specifier of `import`, `export … from`, `import()` and `require()`, in order, each once."""
    found = (match.group(2) or match.group(3) or match.group(4) for match in _IMPORT.finditer(content))
    return tuple(dict.fromkeys(_unescaped(raw) for raw in found if raw))


def _unescaped(raw: bytes) -> str:
    text = raw.decode(errors="replace")
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    braced, four, two, plain = escape.groups()
    if plain is not None:
        return "" if plain in ("\n", "\r\n") else plain
    code = int(braced or four or two, 16)
    return chr(code) if code < 0x110000 else "\ufffd"
