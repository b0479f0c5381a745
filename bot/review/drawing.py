"""A file's patch as a forge shows it, drawn from its texts and from what git says changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from analyzers.analysis import FileChange

CONTEXT_LINES = 3
"""Unchanged lines around each change: what `git diff` and GitHub show."""


@dataclass(frozen=True, slots=True)
class _Line:
    sign: str
    """Blank, `-` or `+`."""

    old_number: int
    """Its line in the old file, or the next one there for an added line."""

    new_number: int
    """Its line in the new file, or the next one there for a removed line."""

    text: str


def draw_patch(change: FileChange, old_text: str, new_text: str) -> str:
    """The hunks of a unified diff. Both texts are whole; an absent file's text is empty."""
    lines = list(_lines(change, _split(old_text), _split(new_text)))
    changed = [number for number, line in enumerate(lines) if line.sign != " "]
    shown = {near for number in changed for near in range(number - CONTEXT_LINES, number + CONTEXT_LINES + 1)}
    runs = groupby(range(len(lines)), key=shown.__contains__)
    return "\n".join(_hunk([lines[number] for number in run]) for is_shown, run in runs if is_shown)


def _split(text: str) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _lines(change: FileChange, old: Sequence[str], new: Sequence[str]) -> Iterator[_Line]:
    """Both files as one: what is removed stands before what is added in its place."""
    removed, added = frozenset(change.removed), frozenset(change.added)
    old_number = new_number = 1
    while old_number <= len(old) or new_number <= len(new):
        if old_number in removed:
            yield _Line("-", old_number, new_number, old[old_number - 1])
            old_number += 1
        elif new_number in added:
            yield _Line("+", old_number, new_number, new[new_number - 1])
            new_number += 1
        else:
            if old_number > len(old) or new_number > len(new):
                raise ValueError(f"{change.path}: the change does not lead from one text to the other")
            yield _Line(" ", old_number, new_number, new[new_number - 1])
            old_number, new_number = old_number + 1, new_number + 1


def _hunk(lines: Sequence[_Line]) -> str:
    old = [line.old_number for line in lines if line.sign != "+"]
    new = [line.new_number for line in lines if line.sign != "-"]
    # An empty side is numbered by the line before it.
    old_start = old[0] if old else lines[0].old_number - 1
    new_start = new[0] if new else lines[0].new_number - 1
    header = f"@@ -{old_start},{len(old)} +{new_start},{len(new)} @@"
    return "\n".join([header, *(line.sign + line.text for line in lines)])
