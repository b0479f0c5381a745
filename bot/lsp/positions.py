"""Lines as the analysis counts them, as places of an editor: the lines and the units of which the editor counts.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, Range
from pygls.workspace import PositionCodec

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
"""Where an editor ends a line; the analysis ends one behind each `\\n` alone."""


class Lines:
    """The lines of one text."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self._text, self._codec = text, codec
        self._starts = [0, *(end.end() for end in _LINE_ENDS.finditer(text))]
        self._rows = text.split("\n")
        self._offsets = [0]
        for row in self._rows:
            self._offsets.append(self._offsets[-1] + len(row) + 1)

    def code(self, line: int, end_line: int) -> Range:
        """What stands on lines, counted from 1, without the blanks around it."""
        first, last = self._row(line), self._row(end_line)
        indent = len(self._rows[first]) - len(self._rows[first].lstrip())
        return self._between(
            self._offsets[first] + indent,
            max(self._offsets[first] + indent, self._offsets[last] + len(self._rows[last].rstrip())),
        )

    def whole(self, line: int, end_line: int) -> Range:
        """All of some lines, without the last line end."""
        first, last = self._row(line), self._row(end_line)
        return self._between(self._offsets[first], self._offsets[last] + len(self._rows[last]))

    def _row(self, line: int) -> int:
        return min(max(line, 1), len(self._rows)) - 1

    def _between(self, start: int, end: int) -> Range:
        return Range(self._position(start), self._position(end))

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._codec.client_num_units(self._text[self._starts[line] : offset]))
