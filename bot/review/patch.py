"""Where a comment may stand: GitHub accepts review comments only on lines inside a diff hunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as ParsedHunk
from unidiff.patch import PatchSet


@dataclass(frozen=True, slots=True)
class Stretch:
    """Changed lines of a hunk without an unchanged one between them."""

    added: tuple[int, ...]
    """Lines of the new file, ascending. Empty for a pure deletion."""

    removed: tuple[int, ...]
    """Lines of the old file, ascending. Empty for a pure addition."""

    seam: int
    """The line of the new file behind which the stretch begins; 0 before the first."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One `@@` block of a unified diff."""

    right: tuple[int, ...]
    """Lines of the new file that it shows, changed or not, ascending and without a gap."""

    stretches: tuple[Stretch, ...]
    """What it changes, from top to bottom."""


def hunks(patch: str | None) -> tuple[Hunk, ...]:
    """The hunks of a file's patch as GitHub sends it; none where it is missing, cut off or no patch at all."""
    if not patch:
        return ()
    # GitHub sends hunks without the two lines that name the file; any name will do.
    text = f"--- a/file\n+++ b/file\n{patch}\n"
    try:
        files = PatchSet.from_string(text)
    except (UnidiffParseError, ValueError):
        return ()
    return tuple(_hunk(parsed) for file in files[:1] for parsed in file)


def _hunk(parsed: ParsedHunk) -> Hunk:
    right = (line.target_line_no for line in parsed if not line.is_removed)
    return Hunk(tuple(number for number in right if number), tuple(_stretches(parsed)))


def _stretches(parsed: ParsedHunk) -> Iterator[Stretch]:
    """Group the changed lines; an unchanged line ends a group."""
    # An empty side is numbered by the line before it: `@@ -3,2 +2,0 @@`.
    seam = parsed.target_start - 1 if parsed.target_length else parsed.target_start
    added: list[int] = []
    removed: list[int] = []
    for line in parsed:
        if line.is_added and line.target_line_no:
            added.append(line.target_line_no)
        elif line.is_removed and line.source_line_no:
            removed.append(line.source_line_no)
        elif line.is_context and line.target_line_no:
            if added or removed:
                yield Stretch(tuple(added), tuple(removed), seam)
            added, removed, seam = [], [], line.target_line_no
    if added or removed:
        yield Stretch(tuple(added), tuple(removed), seam)
