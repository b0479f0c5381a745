"""Which modules a file imports, found in its bytes without parsing: quick, and never less than the truth.

Imports of types alone are left out where they are surely such: they are gone when the code runs.
"""

from __future__ import annotations

import re

# A clause with a slash may hide the start of another import in a comment, so it is no clause of types for us;
# for the same reason it has to open its line.
_TYPES = (
    rb"""^[ \t]*(?:import|export)[ \t]+type\s+(?:\{[^{}'"`/]*\}|\*\s*as\s+[\w$]+|[\w$]+)"""
    rb"""\s*from\s*(?:'[^'\n]*'|"[^"\n]*")"""
)

_KEYWORD = re.compile(rb"(?P<types>%b)|\b(?:from|import|require)(?=[\s/('\"`])" % _TYPES, re.MULTILINE)

_STRING = re.compile(
    rb"""'((?:[^'\\\n]|\\.){1,2000})'|"((?:[^"\\\n]|\\.){1,2000})"|`((?:[^`\\$]|\\.){1,2000})`""", re.DOTALL
)

_BLANK = re.compile(rb"\s*")

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[^u]|u))", re.DOTALL)


def imported_specifiers(content: bytes) -> tuple[str, ...]:
    """Every literal specifier of `import`, `export … from`, `import()` and `require()`, in order, each once."""
    scan = _Scan(content)
    found = (scan.specifier_after(keyword) for keyword in _KEYWORD.finditer(content) if not keyword["types"])
    return tuple(dict.fromkeys(_unescaped(raw) for raw in found if raw))


class _Scan:
    """Looks ahead from a keyword. Whatever it passes is looked at again, for a comment may be one only in a string."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._ends = {b"*/": -1, b"\n": -1}
        """Where the ending found last stands; it serves all starts before it, so that no text is searched twice."""

        self._gaps: dict[int, int] = {}
        """Where blanks and comments that start at a place end."""

    def specifier_after(self, keyword: re.Match[bytes]) -> bytes | None:
        """The string behind a keyword, a parenthesis and comments; None where something else stands there."""
        place = self._behind_gap(keyword.end())
        if self._content.startswith(b"(", place) and not keyword[0].endswith(b"from"):
            place = self._behind_gap(place + 1)
        string = _STRING.match(self._content, place)
        return (string[1] or string[2] or string[3]) if string else None

    def _behind_gap(self, place: int) -> int:
        """The place behind blanks and comments. Rows of comments are walked once, wherever a walk begins."""
        starts = []
        while place not in self._gaps:
            starts.append(place)
            blank = _BLANK.match(self._content, place)
            behind = blank.end() if blank else place
            if self._content.startswith(b"/*", behind):
                place = self._end(b"*/", behind + 2)
            elif self._content.startswith(b"//", behind):
                place = self._end(b"\n", behind + 2)
            else:
                self._gaps[place] = behind
        self._gaps |= dict.fromkeys(starts, self._gaps[place])
        return self._gaps[place]

    def _end(self, ending: bytes, place: int) -> int:
        """The place behind the next `ending`; the end of the text where there is none."""
        if self._ends[ending] < place:
            found = self._content.find(ending, place)
            self._ends[ending] = found if found >= 0 else len(self._content)
        return self._ends[ending] + len(ending)


def _unescaped(raw: bytes) -> str:
    text = raw.decode(errors="replace")
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    braced, four, two, plain = escape.groups()
    if plain is not None:
        return "" if plain in ("\n", "\r\n") else plain
    code = int(braced or four or two, 16)
    return chr(code) if code < 0x110000 else "\ufffd"
