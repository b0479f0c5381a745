"""What a review has to say of the configuration that stands at its base, and of what the change makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzers.analysis import FileChange, Files
from bot.configuration.mistakes import Mistake
from bot.configuration.reading import OTHER_PATHS, Configured, configured
from bot.review.notes import ConfigurationNotes, Wrong
from bot.review.policy import CONFIGURATION


def notes_of(base: Configured, head: Files, changes: Iterable[FileChange]) -> ConfigurationNotes:
    """The notes of a review; the file at head is only read where the change edits it."""
    names = {CONFIGURATION, *OTHER_PATHS}
    if not any(names & {change.path, change.old_path} for change in changes):
        return ConfigurationNotes(_wrong(base.mistakes))
    return ConfigurationNotes(_wrong(base.mistakes), True, _wrong(configured(head).mistakes))


def _wrong(mistakes: Sequence[Mistake]) -> tuple[Wrong, ...]:
    return tuple(Wrong(each.line, each.column, each.says) for each in mistakes)
