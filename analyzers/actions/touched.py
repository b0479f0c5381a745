"""Which actions a change touches: those whose own lines it edits, and those that execute what it edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.project.files import FileChange
from preship.analyzers.source.tree import Span


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """The lines of one tree that a change touches, by file."""

    lines: Mapping[str, frozenset[int]]
    """Lines that the change adds (in the new tree) or removes (in the old one)."""

    seams: Mapping[str, frozenset[int]]
    """Lines of the new tree behind which lines were removed."""

    def inside(self, span: Span) -> int | None:
        """A changed line of a stretch of code, or None: one that was added, else the one behind which lines stood."""
        found = [n for n in self.lines.get(span.path, ()) if span.line <= n <= span.end_line]
        # Removed lines stood inside only if code of the stretch stands on both sides of the seam.
        found = found or [n for n in self.seams.get(span.path, ()) if span.line <= n < span.end_line]
        return min(found) if found else None

    def first_inside(self, spans: Iterable[Span]) -> Span | None:
        """The first place where the change meets one of these stretches, cut to the changed line."""
        found = [
            Span(span.path, line, line, span.start, span.end)
            for span in spans
            if (line := self.inside(span)) is not None
        ]
        return min(found) if found else None


def changed_at_head(changes: Sequence[FileChange]) -> ChangedLines:
    """What a change touches in the new tree."""
    present = [c for c in changes if not c.is_deleted]
    return ChangedLines({c.path: frozenset(c.added) for c in present}, {c.path: frozenset(c.seams) for c in present})


def changed_at_base(changes: Sequence[FileChange]) -> ChangedLines:
    """What a change touches in the old tree."""
    old = [(c.old_path or c.path, c) for c in changes if c.old_path is not None or c.is_deleted]
    return ChangedLines({path: frozenset(c.removed) for path, c in old}, {})


def renamed(changes: Sequence[FileChange]) -> Mapping[str, str]:
    """Where a file of the new tree stood in the old one, if it stood elsewhere."""
    return {c.path: c.old_path for c in changes if c.old_path is not None and c.old_path != c.path and not c.is_deleted}
