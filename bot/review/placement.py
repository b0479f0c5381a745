"""Where each finding is told: on its line, else as near as GitHub allows, else on the file, else nowhere inline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.analysis import Finding, JudgedAction, JudgedFile, Step, Touch
from preship.bot.review.patch import Hunk, Stretch, hunks
from preship.bot.review.pull_request import Comparison, InlineComment, PatchedFile, Side

LONGEST_COMMENT_LINES = 12
"""A comment marks at most so many lines: marking a whole function points at nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands."""

    path: str
    """As the comparison names the file: the new name."""

    line: int | None
    """The last line that is marked; None for the file as a whole."""

    side: Side = Side.RIGHT
    start_line: int | None = None
    """The first line, where several are marked."""


@dataclass(frozen=True, slots=True)
class Diff:
    """A comparison, ready to be asked where comments may stand."""

    files: Mapping[str, PatchedFile]
    """By new path, and by old path where no new file has that name."""

    hunks: Mapping[str, tuple[Hunk, ...]]
    """By new path."""

    def hunks_of(self, path: str) -> tuple[Hunk, ...]:
        """The hunks of a file, under its new or old name."""
        file = self.files.get(path)
        return self.hunks[file.path] if file else ()

    def stretches_of(self, path: str) -> Iterator[Stretch]:
        """All changes of a file, from top to bottom."""
        return (stretch for hunk in self.hunks_of(path) for stretch in hunk.stretches)


def diff_of(comparison: Comparison) -> Diff:
    """Read the patches of a comparison."""
    old = {file.old_path: file for file in comparison.files if file.old_path}
    new = {file.path: file for file in comparison.files}
    return Diff(old | new, {file.path: hunks(file.patch) for file in comparison.files})


def bears(diff: Diff, comment: InlineComment) -> bool:
    """Whether one hunk of the diff shows all lines that a comment marks, on its side."""
    marked = {comment.start_line or comment.line, comment.line}
    return comment.path in diff.hunks and any(marked <= shown(hunk, comment.side) for hunk in diff.hunks[comment.path])


def shown(hunk: Hunk, side: Side) -> set[int]:
    """The lines of a hunk that bear comments on a side."""
    if side is Side.RIGHT:
        return set(hunk.right)
    return {line for stretch in hunk.stretches for line in stretch.removed}


def place_of(action: JudgedAction | JudgedFile, finding: Finding, diff: Diff) -> Place | None:
    """Where a finding of an action is told; None where the change shows no file that it could stand on."""
    if action.touch is Touch.REACHED:
        return _place_of_cause(action.touched_by, diff)
    return (
        _on_the_deletion(action, finding, diff)
        or _on_the_edit(finding, diff)
        or _on_the_line(finding, diff)
        or _nearest_in_action(action, finding, diff)
        or _place_of_cause(action.touched_by, diff)
        or _on_the_file(action.path, diff)
        or _on_the_file(finding.path, diff)
    )


def place_of_line(path: str, line: int, diff: Diff) -> Place | None:
    """A line of the new file, if the diff shows it."""
    is_shown = any(line in hunk.right for hunk in diff.hunks_of(path))
    return Place(diff.files[path].path, line) if is_shown else None


def _place_of_cause(steps: Sequence[Step], diff: Diff) -> Place | None:
    """The first of the changed places that the diff shows; a file without a patch comes only after those with."""
    for step in steps:
        found = _nearest(step.path, step.line, list(diff.stretches_of(step.path)), diff)
        if found:
            return found
    return next((place for step in steps if (place := _on_the_file(step.path, diff))), None)


def _on_the_deletion(action: JudgedAction | JudgedFile, finding: Finding, diff: Diff) -> Place | None:
    """The deleted lines, where the change does nothing to the action but delete."""
    stretches = _stretches_in(action, diff)
    if not stretches or any(stretch.added for stretch in stretches):
        return None
    return _nearest(action.path, _anchor(action, finding), stretches, diff)


def _on_the_edit(finding: Finding, diff: Diff) -> Place | None:
    """The lines that an edit would replace, where one hunk shows them all: only there can it be accepted."""
    edit = finding.suggestion
    if edit is None or edit.end_line - edit.line >= LONGEST_COMMENT_LINES:
        return None
    lines = range(edit.line, edit.end_line + 1)
    is_shown = any(set(lines) <= set(hunk.right) for hunk in diff.hunks_of(finding.path))
    return _marked(diff.files[finding.path].path, lines, Side.RIGHT) if is_shown else None


def _on_the_line(finding: Finding, diff: Diff) -> Place | None:
    """The finding's own lines, as far as one hunk shows them."""
    for hunk in diff.hunks_of(finding.path):
        if finding.line in hunk.right:
            last = finding.end_line if finding.end_line in hunk.right else finding.line
            return _marked(diff.files[finding.path].path, range(finding.line, last + 1), Side.RIGHT)
    return None


def _nearest_in_action(action: JudgedAction | JudgedFile, finding: Finding, diff: Diff) -> Place | None:
    return _nearest(action.path, _anchor(action, finding), _stretches_in(action, diff), diff)


def _anchor(action: JudgedAction | JudgedFile, finding: Finding) -> int:
    """The line of the action's file that the finding is nearest to."""
    return finding.line if finding.path == action.path else action.line


def _stretches_in(action: JudgedAction | JudgedFile, diff: Diff) -> list[Stretch]:
    """The changes inside the action, each cut down to the lines that it adds there."""
    found = []
    for stretch in diff.stretches_of(action.path):
        added = tuple(line for line in stretch.added if action.line <= line <= action.end_line)
        is_inside = action.line <= stretch.seam < action.end_line
        if added or (is_inside and not stretch.added):
            found.append(Stretch(added, stretch.removed, stretch.seam))
    return found


def _nearest(path: str, line: int, stretches: Sequence[Stretch], diff: Diff) -> Place | None:
    """The change that is nearest to a line: an added line, or all lines that a pure deletion took away."""
    if not stretches:
        return None
    nearest = min(stretches, key=lambda stretch: _distance(stretch, line))
    path = diff.files[path].path
    if nearest.added:
        return Place(path, min(nearest.added, key=lambda added: abs(added - line)))
    return _marked(path, nearest.removed, Side.LEFT)


def _distance(stretch: Stretch, line: int) -> int:
    # What was deleted stood between the seam and the line behind it: both are as near as can be.
    lines = stretch.added or (stretch.seam, stretch.seam + 1)
    return min(abs(candidate - line) for candidate in lines)


def _marked(path: str, lines: Sequence[int], side: Side) -> Place:
    """A comment on these lines of one hunk, or on the first of them if they are too many to point at."""
    if len(lines) == 1 or len(lines) > LONGEST_COMMENT_LINES:
        return Place(path, lines[0], side)
    return Place(path, lines[-1], side, lines[0])


def _on_the_file(path: str, diff: Diff) -> Place | None:
    file = diff.files.get(path)
    return Place(file.path, None) if file else None
