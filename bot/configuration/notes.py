"""What a review has to say of the configuration that it follows, and of what the change makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preship.analyzers.analysis import FileChange, Files
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.reading import OTHER_PATHS, Configured, configured
from preship.bot.review.notes import ConfigurationNotes, Wrong
from preship.bot.review.policy import CONFIGURATION


def notes_of(followed: Configured, head: Files, changes: Iterable[FileChange]) -> ConfigurationNotes:
    """The notes of a review; the file at head is only read where the change edits it."""
    changed = {path for change in changes for path in (change.path, change.old_path) if path is not None}
    is_changed = not changed.isdisjoint((CONFIGURATION, *OTHER_PATHS))
    return ConfigurationNotes(
        mistakes=_wrong(followed.mistakes),
        is_changed=is_changed,
        coming_mistakes=_wrong(configured(head).mistakes) if is_changed else (),
        believed=(
            *(":".join(row.place) for row in followed.policy.declared.rows if row.place[0] in changed),
            *(path for entry in followed.policy.models for path in entry.packages if path in changed),
        ),
    )


def _wrong(mistakes: Sequence[Mistake]) -> tuple[Wrong, ...]:
    return tuple(Wrong(each.line, each.column, each.says) for each in mistakes)
